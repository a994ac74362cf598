import { escapeHtml } from '../../domain/escape-html.js';
import type { ExperimentReport } from '../../domain/experiments/experiment-report.js';
import { formatInterval } from './format.js';
import { reportNotes, reportTables } from './report-tables.js';
import { sequenceChart } from './sequence-chart.js';

const STYLE = `
:root { color-scheme: light dark; --ink: #1c1c1c; --paper: #fff; --rule: #d5d5d5; --blue: #2f6db3; --red: #b3392f; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6e6e6; --paper: #181818; --rule: #444; --blue: #7fb2ec; --red: #ee8a80; } }
body { font: 16px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--paper); max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
table { border-collapse: collapse; display: block; overflow-x: auto; }
th, td { text-align: left; padding: .25rem .75rem .25rem 0; border-bottom: 1px solid var(--rule); vertical-align: top; }
.decision { border-left: .4rem solid var(--blue); padding: .5rem 1rem; }
.decision.hold, .decision.stop { border-color: var(--red); }
figure { margin: 1rem 0; }
svg { max-width: 35rem; width: 100%; height: auto; }
svg text { font-size: 11px; fill: var(--ink); }
svg .grid { stroke: var(--rule); stroke-width: .5; }
svg .none { stroke: var(--ink); stroke-dasharray: 5 4; }
svg .margin { stroke: var(--red); stroke-dasharray: 2 3; }
svg .band { fill: var(--blue); opacity: .25; }
svg .estimate { fill: none; stroke: var(--blue); stroke-width: 2; }
`;

/** A report as one HTML page that loads nothing. */
export function htmlReport(report: ExperimentReport): string {
  const { experiment, decision, ramp, atMs, effects } = report;
  const title = `Experiment ${escapeHtml(experiment.id)}`;
  const cells = (tag: 'th' | 'td', row: readonly string[]) =>
    `<tr>${row.map((text) => `<${tag}>${escapeHtml(text)}</${tag}>`).join('')}</tr>`;
  const tables = reportTables(report).map(
    ({ title: heading, head, rows }) =>
      `<h2>${escapeHtml(heading)}</h2><table><thead>${cells('th', head)}</thead><tbody>${rows
        .map((row) => cells('td', row))
        .join('')}</tbody></table>`,
  );
  const charts = effects.flatMap((effect) => {
    const chart = sequenceChart(effect);
    const caption = `${effect.kind}, ${effect.metric.name}, ${effect.arm}: ${formatInterval(effect)}`;
    return chart === ''
      ? []
      : [`<figure>${chart}<figcaption>${escapeHtml(caption)}</figcaption></figure>`];
  });
  return [
    '<!doctype html><html lang="en"><head><meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    `<title>${title}</title><style>${STYLE}</style></head><body><main><h1>${title}</h1>`,
    `<p class="decision ${decision.kind}"><strong>${decision.kind}</strong>: ${escapeHtml(decision.reason)}</p>`,
    `<p>Ramp: ${ramp.state}, ${escapeHtml(ramp.reason)}. ${new Date(atMs).toISOString()}</p>`,
    ...tables,
    charts.length > 0 ? '<h2>Over time</h2>' : '',
    ...charts,
    `<ul>${reportNotes(report)
      .map((note) => `<li>${escapeHtml(note)}</li>`)
      .join('')}</ul>`,
    '<p>Across: plans. Band: interval. Dashed: no effect. Dotted: margin.</p></main></body></html>\n',
  ].join('\n');
}
