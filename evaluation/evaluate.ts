import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { EvaluationOptions } from './evaluation-options.js';
import { measureAll } from './measures/measures.js';
import { armCases } from './measures/outcomes.js';
import { drawPlots } from './plots/draw-plots.js';
import { RunMaker } from './runs/make-runs.js';
import { provenance } from './tables/provenance.js';
import { summarize } from './tables/summarize.js';
import { writeTables } from './tables/tables.js';
import { writeWhole } from './write-whole.js';

/** Makes the runs that are missing and writes summary, tables and pictures from all. Returns how many runs failed. */
export async function evaluate(
  options: EvaluationOptions,
  report: (line: string) => void,
): Promise<number> {
  const { out, arms, reference } = options;
  mkdirSync(out, { recursive: true });
  if (options.isFresh) {
    for (const name of ['runs.jsonl', 'results', 'starts', 'hosts']) {
      rmSync(join(out, name), { recursive: true, force: true });
    }
  }
  const runs = await new RunMaker(options, report).make();
  const off = new Set(runs.unavailable.map(({ arm }) => arm));
  const available = arms.filter(
    ({ name, derived }) => !off.has(name) && !off.has(derived?.from ?? ''),
  );
  const ids = options.cases.map(({ id }) => id);
  const of = (pass: string) =>
    armCases(
      available,
      ids,
      runs.records.filter((record) => record.pass === pass),
    );
  const counted = of('counts');
  const measures = measureAll(counted, reference);
  const timed = options.timingRepeats > 0 ? of('timing') : [];
  const summary = summarize({ arms: available, reference, measures, counted, timed });
  const about = provenance(options, runs);
  writeWhole(join(out, 'summary.json'), `${JSON.stringify({ ...summary, ...about }, null, 1)}\n`);
  writeWhole(join(out, 'measures.json'), `${JSON.stringify(measures, null, 1)}\n`);
  writeTables(join(out, 'tables.md'), summary, about, measures);
  await drawPlots(out, summary, measures, counted);
  for (const { arm, case: id, message } of runs.failures)
    report(`failed: ${arm} on ${id}: ${message}`);
  report(
    `${runs.made} run(s) made, ${runs.records.length} compared, ${runs.failures.length} failed`,
  );
  report(`${join(out, 'tables.md')}, ${join(out, 'summary.json')}`);
  return runs.failures.length;
}
