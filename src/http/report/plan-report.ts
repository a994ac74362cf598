import { escapeHtml } from '../../domain/escape-html.js';
import type { KeptSlice } from '../live/finish-view.js';
import type { FinishView, LivePlanView, MetricView, RoleView } from '../live/plan-views.js';
import { colourOf, convergenceChart, doseVolumeChart } from './charts.js';
import { DOSE_GRADIENT, slicePicture } from './slice-picture.js';

/** Where and when a report is made. */
export interface ReportOrigin {
  /** Of the host. */
  readonly version: string;
  /** Milliseconds since 1970. */
  readonly atMs: number;
}

const STYLE = `
:root { color-scheme: light; --ink: #1c2024; --quiet: #5a636b; --rule: #d8dde2; --accent: #1f5d9e; }
* { box-sizing: border-box; }
body { font: 14px/1.45 system-ui, sans-serif; color: var(--ink); background: #fff; max-width: 52rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.4rem; margin: 0; } h2 { font-size: 1.05rem; margin: 1.6rem 0 .4rem; border-bottom: 1px solid var(--rule); }
.quiet, figcaption { color: var(--quiet); } figure { margin: .6rem 0; break-inside: avoid; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; break-inside: avoid; }
th, td { text-align: left; padding: .2rem .7rem .2rem 0; border-bottom: 1px solid var(--rule); font-weight: 400; vertical-align: top; overflow-wrap: anywhere; }
thead th { color: var(--quiet); }
svg { width: 100%; height: auto; } svg text { font-size: 12px; fill: var(--quiet); }
svg .grid { stroke: var(--rule); } svg .stage { stroke: #9aa4ae; stroke-dasharray: 3 3; }
svg .curve { fill: none; stroke: var(--accent); stroke-width: 2; }
svg .dvh { fill: none; stroke-width: 1.8; } svg .unadvised { stroke-dasharray: 6 4; stroke-width: 1.3; } svg .goal { stroke-dasharray: 1 4; stroke-linecap: round; }
.swatch { display: inline-block; width: .8em; height: .8em; margin-right: .5em; border-radius: 2px; }
.slices { display: flex; flex-wrap: wrap; gap: 1rem; align-items: flex-end; } .slices img { display: block; height: 15rem; }
.scale { width: .8rem; height: 15rem; }
dl { display: flex; flex-wrap: wrap; gap: .3rem 1.6rem; margin: .5rem 0; } dd { margin: 0; } dt { color: var(--quiet); font-size: .85rem; }
@media print { body { margin: 0; max-width: none; } }
`;

const figure = (value: number | null | undefined) =>
  value === null || value === undefined ? '–' : String(Number(value.toPrecision(4)));

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const cells = (tag: string, row: readonly string[]) =>
    `<tr>${row.map((cell) => `<${tag}>${cell}</${tag}>`).join('')}</tr>`;
  return `<table><thead>${cells('th', head)}</thead><tbody>${rows.map((row) => cells('td', row)).join('')}</tbody></table>`;
}

function list(entries: readonly (readonly [string, string])[]): string {
  const items = entries.map(([name, value]) => `<div><dt>${name}</dt><dd>${value}</dd></div>`);
  return `<dl>${items.join('')}</dl>`;
}

/** A row a structure: each figure of the plan, and beside it that of the plan without advice. */
function metricsTable(finish: FinishView): string {
  const { metrics, unadvised, goals } = finish;
  if (metrics.length === 0) return '';
  const names = [...new Set(metrics.map(({ name }) => name))];
  const structures = [...new Set(metrics.map(({ structure }) => structure))];
  const find = (list: readonly MetricView[], structure: string, name: string) =>
    list.find((metric) => metric.structure === structure && metric.name === name)?.value;
  const rows = structures.map((structure) => {
    const goal = goals.find((other) => other.structure === structure)?.prescribedDoseGy ?? null;
    const swatch = `<span class="swatch" style="background: ${colourOf(finish, structure)}"></span>`;
    const values = names.map((name) => {
      const without = find(unadvised?.metrics ?? [], structure, name);
      const other = without === undefined ? '' : ` <span class="quiet">(${figure(without)})</span>`;
      return `${figure(find(metrics, structure, name))}${other}`;
    });
    return [`${swatch}${escapeHtml(structure)}`, figure(goal), ...values];
  });
  return table(['structure', 'prescribed, Gy', ...names.map(escapeHtml)], rows);
}

function slicesPart(slices: readonly KeptSlice[]): string {
  if (slices.length === 0) return '';
  const most = Math.max(...slices.map(({ mostGy }) => mostGy));
  const pictures = slices.map((slice) => {
    const { plane, widthMm, heightMm, mostGy } = slice;
    const data = Buffer.from(slicePicture(slice)).toString('base64');
    const ratio = `aspect-ratio: ${widthMm} / ${heightMm}`;
    return (
      `<figure><img style="${ratio}" alt="Dose, ${plane} plane" src="data:image/png;base64,${data}">` +
      `<figcaption>${plane}, at most ${figure(mostGy)} Gy</figcaption></figure>`
    );
  });
  const scale = `<div><div class="scale" style="background: ${DOSE_GRADIENT}"></div></div>`;
  const caption = `Through the isocentre. Each picture goes from 0 (dark) to its own maximum (bright), ${figure(most)} Gy at most.`;
  return `<h2>Dose</h2><div class="slices">${pictures.join('')}${scale}</div><p class="quiet">${caption}</p>`;
}

function resultPart(finish: FinishView): string {
  const { unadvised } = finish;
  const beside = (mine: number, without: number | undefined) =>
    without === undefined ? figure(mine) : `${figure(mine)} (without advice ${figure(without)})`;
  const chart = doseVolumeChart(finish);
  const caption = [
    'Solid: this plan.',
    unadvised === null ? '' : 'Dashed, in brackets below: the same plan without advice.',
    'Dotted: what is wanted of targets.',
  ];
  return [
    '<h2>Result</h2>',
    list([
      ['reference objective', beside(finish.referenceObjective, unadvised?.referenceObjective)],
      ['call-equivalents', beside(finish.callEquivalents, unadvised?.callEquivalents)],
      ['iterations', String(finish.iterations)],
      ['optimizing', `${figure(finish.optimizationMs / 1000)} s`],
      ['waiting for advice', `${figure(finish.adviceWaitMs / 1000)} s`],
    ]),
    chart === ''
      ? '<p class="quiet">The optimizer sent no dose-volume histograms.</p>'
      : `<figure>${chart}<figcaption>${caption.filter(Boolean).join(' ')}</figcaption></figure>`,
    metricsTable(finish),
  ].join('');
}

const words = (counts: RoleView['outcomes']) =>
  counts.map(({ word, count }) => `${escapeHtml(word)} ${count}`).join(', ') || '–';

function rolesPart({ roles, adviceMode }: LivePlanView): string {
  const shadow = adviceMode === 'shadow' ? ' (shadow)' : '';
  const rows = roles.map((role) => [
    role.role,
    role.plugin === '' ? 'off' : escapeHtml(`${role.plugin} ${role.pluginVersion}`),
    String(role.answered),
    String(role.nothingToSay),
    String(role.heldBack),
    String(role.used),
    `${role.notUsed}${role.notUsed > 0 ? shadow : ''}`,
    [words(role.outcomes), words(role.verdicts)].filter((text) => text !== '').join('; '),
  ]);
  const counts = ['answered', 'nothing to say', 'held back', 'used', 'not used'];
  return `<h2>Advice</h2>${table(['role', 'served by', ...counts, 'in detail'], rows)}`;
}

function provenancePart(view: LivePlanView, { version }: ReportOrigin): string {
  const models = view.roles
    .filter(({ model }) => model !== '')
    .map(({ role, model, modelSha256 }) => [role, escapeHtml(model), escapeHtml(modelSha256)]);
  return [
    '<h2>Provenance</h2>',
    list([
      ['host', `dh-advisor ${escapeHtml(version)}`],
      ['client', escapeHtml(view.client)],
      ['session', view.sessionId],
      ['configuration generation', String(view.generation)],
      ['experiment arm', escapeHtml(view.arm) || 'none'],
      ['quality', view.quality],
      ['recording', escapeHtml(view.recordedIn ?? 'none')],
      ['journal, SHA-256', view.journalSha256 || 'none'],
    ]),
    models.length === 0 ? '' : table(['role', 'model', 'SHA-256'], models),
  ].join('');
}

function stagesPart({ stages }: LivePlanView): string {
  const rows = stages.map((stage) => [
    String(stage.stage),
    escapeHtml(stage.name),
    String(stage.iterations),
    `${figure(stage.startObjective)} → ${figure(stage.objective)}`,
    stage.ended ?? 'running',
  ]);
  return `<h2>Stages</h2>${table(['stage', 'level', 'iterations', 'objective', 'ended by'], rows)}`;
}

/** Everything of a plan as one HTML file that loads nothing and can be printed. */
export function planReport(
  view: LivePlanView,
  slices: readonly KeptSlice[],
  origin: ReportOrigin,
): string {
  const title = `Plan ${escapeHtml(view.label || view.sessionId.slice(0, 8))}`;
  const { kind, why } = view.standing;
  const chart = convergenceChart(view);
  return [
    '<!doctype html><html lang="en"><head><meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    `<title>${title}</title><style>${STYLE}</style></head><body><main><h1>${title}</h1>`,
    `<p class="quiet">${kind}${why === '' ? '' : `: ${escapeHtml(why)}`} Opened ${new Date(view.openedAtMs).toISOString()}; `,
    `as of ${new Date(origin.atMs).toISOString()}. Solver ${escapeHtml(view.solver)}. Research software: not for treatment.</p>`,
    '<h2>Convergence</h2>',
    chart === '' ? '<p class="quiet">No iteration yet.</p>' : `<figure>${chart}</figure>`,
    view.finish === null ? '' : resultPart(view.finish),
    slicesPart(slices),
    stagesPart(view),
    rolesPart(view),
    provenancePart(view, origin),
    '</main></body></html>\n',
  ].join('\n');
}
