import { markdownTable } from 'markdown-table';
import type { ExperimentReport } from '../../domain/experiments/experiment-report.js';
import { reportNotes, reportTables } from './report-tables.js';

/** What would end a cell. */
const cell = (text: string) => text.replaceAll('|', '\\|');

/** A report as Markdown. */
export function markdownReport(report: ExperimentReport): string {
  const { experiment, decision, ramp, atMs } = report;
  const tables = reportTables(report).flatMap(({ title, head, rows }) => [
    '',
    `## ${title}`,
    '',
    markdownTable([[...head], ...rows.map((row) => row.map(cell))]),
  ]);
  return [
    `# Experiment ${experiment.id}`,
    '',
    `**${decision.kind}**: ${decision.reason}`,
    '',
    `Ramp: ${ramp.state}, ${ramp.reason}. ${new Date(atMs).toISOString()}`,
    ...tables,
    '',
    ...reportNotes(report).map((note) => `- ${note}`),
    '',
  ].join('\n');
}
