import { scaleLinear, scaleLog } from 'd3-scale';
import { line } from 'd3-shape';
import { escapeHtml } from '../../domain/escape-html.js';
import type { DoseVolumeView, FinishView, LivePlanView } from '../live/plan-views.js';

const WIDTH = 720;
const HEIGHT = 300;
const LEFT = 56;
const RIGHT = 16;
const TOP = 12;
const BOTTOM = 40;
const TICKS = 6;

type Scale = (value: number) => number;

interface Frame {
  readonly label: string;
  readonly x: Scale;
  readonly y: Scale;
  readonly xTicks: readonly number[];
  readonly yTicks: readonly number[];
  readonly xTitle: string;
  readonly yTitle: string;
}

const place = (value: number) => value.toFixed(1);
const figure = (value: number) => String(Number(value.toPrecision(3)));

function svg(frame: Frame, content: readonly string[]): string {
  const { label, x, y, xTicks, yTicks, xTitle, yTitle } = frame;
  const across = yTicks.map(
    (value) =>
      `<line class="grid" x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${place(y(value))}" y2="${place(y(value))}"/>` +
      `<text x="${LEFT - 6}" y="${place(y(value) + 4)}" text-anchor="end">${figure(value)}</text>`,
  );
  const along = xTicks.map(
    (value) =>
      `<text x="${place(x(value))}" y="${HEIGHT - BOTTOM + 16}" text-anchor="middle">${figure(value)}</text>`,
  );
  return [
    `<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${escapeHtml(label)}">`,
    ...across,
    ...along,
    `<text class="title" x="${(LEFT + WIDTH - RIGHT) / 2}" y="${HEIGHT - 6}" text-anchor="middle">${escapeHtml(xTitle)}</text>`,
    `<text class="title" x="${LEFT - 44}" y="${TOP + 4}" transform="rotate(-90 ${LEFT - 44} ${TOP + 4})" text-anchor="end">${escapeHtml(yTitle)}</text>`,
    ...content,
    '</svg>',
  ].join('');
}

/** The objective over the iterations on an axis of decades, with the starts of stages; empty before the first positive value. */
export function convergenceChart({ curve, stages }: LivePlanView): string {
  const points = curve.iterations.flatMap((iteration, k) => {
    const objective = curve.objectives[k] ?? 0;
    return objective > 0 ? [{ iteration, objective }] : [];
  });
  const last = points.at(-1);
  if (last === undefined) return '';
  const values = points.map(({ objective }) => objective);
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const x = scaleLinear([0, Math.max(last.iteration, 1)], [LEFT, WIDTH - RIGHT]);
  const y = scaleLog([low * 0.9, high * 1.1], [HEIGHT - BOTTOM, TOP]);
  const path = line<(typeof points)[number]>(
    ({ iteration }) => x(iteration),
    ({ objective }) => y(objective),
  );
  const marks = stages.slice(1).map(({ after }) => {
    const at = place(x(after));
    return `<line class="stage" x1="${at}" x2="${at}" y1="${TOP}" y2="${HEIGHT - BOTTOM}"/>`;
  });
  return svg(
    {
      label: `Objective over ${last.iteration} iterations, ${figure(last.objective)} at the end`,
      x,
      y,
      xTicks: x.ticks(TICKS),
      yTicks: y.ticks(TICKS),
      xTitle: 'iterations',
      yTitle: 'objective of the running stage',
    },
    [...marks, `<path class="curve" d="${path(points) ?? ''}"/>`],
  );
}

/** Colours of structures, in the order of the plan; repeated beyond. */
export const STRUCTURE_COLOURS = [
  '#c0392b',
  '#1f6fb2',
  '#2e8b57',
  '#b8730a',
  '#7d4cb0',
  '#0f8a8a',
  '#c2417f',
  '#6b6b2f',
  '#4a5a8a',
  '#8a4a2a',
] as const;

export function colourOf(finish: FinishView, structure: string): string {
  const index = finish.curves.findIndex((curve) => curve.structure === structure);
  return STRUCTURE_COLOURS[Math.max(index, 0) % STRUCTURE_COLOURS.length] ?? '';
}

/** Dose-volume histograms: the plan, dashed the plan without advice, dotted what is wanted of targets. Empty without curves. */
export function doseVolumeChart(finish: FinishView): string {
  const { curves, unadvised, goals } = finish;
  if (curves.length === 0) return '';
  const most = Math.max(...[...curves, ...(unadvised?.curves ?? [])].flatMap((c) => c.dosesGy), 1);
  const x = scaleLinear([0, most], [LEFT, WIDTH - RIGHT]);
  const y = scaleLinear([0, 100], [HEIGHT - BOTTOM, TOP]);
  const pathOf = ({ dosesGy, volumeFractions }: DoseVolumeView) =>
    line<number>(
      (_, k) => x(Math.min(dosesGy[k] ?? 0, most)),
      (_, k) => y(100 * (volumeFractions[k] ?? 0)),
    )(Array.from(dosesGy)) ?? '';
  const drawn = (kind: string, list: readonly DoseVolumeView[]) =>
    list.map(
      (curve) =>
        `<path class="dvh ${kind}" stroke="${colourOf(finish, curve.structure)}" d="${pathOf(curve)}"/>`,
    );
  const targets = goals.filter(({ structureRole }) => structureRole === 'target');
  return svg(
    {
      label: `Dose-volume histograms of ${curves.length} structures`,
      x,
      y,
      xTicks: x.ticks(TICKS),
      yTicks: y.ticks(TICKS),
      xTitle: 'dose, Gy',
      yTitle: 'volume, %',
    },
    [
      ...drawn('goal', targets),
      ...drawn('unadvised', unadvised?.curves ?? []),
      ...drawn('advised', curves),
    ],
  );
}
