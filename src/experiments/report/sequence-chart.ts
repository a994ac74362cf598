import { scaleLinear } from 'd3-scale';
import { area, line } from 'd3-shape';
import type { EffectPoint, EffectReport } from '../../domain/experiments/experiment-report.js';
import { comparedMargin } from '../statistics/conclusion.js';
import { formatEffect, formatInterval } from './format.js';

const WIDTH = 560;
const HEIGHT = 180;
const LEFT = 64;
const BOTTOM = 24;
const TOP = 8;
const RIGHT = 20;
const TICKS = 5;

export type Bounded = EffectPoint & { readonly low: number; readonly high: number };

const isBounded = (point: EffectPoint): point is Bounded =>
  point.low !== null && point.high !== null;

/** Looks that have an interval. */
export function boundedPoints({ trace }: EffectReport): readonly Bounded[] {
  return trace.filter(isBounded);
}

/** Where "no effect" and the margin lie. */
export function guides({ metric, margin }: EffectReport): readonly { y: number; kind: string }[] {
  const none = metric.scale === 'ratio' ? 1 : 0;
  if (margin === undefined) return [{ y: none, kind: 'none' }];
  const worse = metric.direction === 'lower' ? 1 : -1;
  const shift = worse * comparedMargin(metric, margin);
  if (!Number.isFinite(shift)) return [{ y: none, kind: 'none' }];
  return [
    { y: none, kind: 'none' },
    { y: metric.scale === 'ratio' ? Math.exp(shift) : shift, kind: 'margin' },
  ];
}

/**
 * The sequence of an effect over plans as SVG: the estimate, its interval at each analysis, no effect (dashed) and the margin (dotted).
 * Colours come from the page's style sheet. Empty before the first interval.
 */
export function sequenceChart(effect: EffectReport): string {
  const points = boundedPoints(effect);
  const last = points.at(-1);
  if (last === undefined) return '';
  const lines = guides(effect);
  // The first intervals may be very wide: the picture is of the later half, what is wider is cut.
  const shown = points.slice(Math.floor(points.length / 2));
  const lowest = Math.min(...shown.map(({ low }) => low), ...lines.map(({ y }) => y));
  const highest = Math.max(...shown.map(({ high }) => high), ...lines.map(({ y }) => y));
  const pad = 0.1 * (highest - lowest) || 0.1;
  const x = scaleLinear([0, Math.max(last.plans, 1)], [LEFT, WIDTH - RIGHT]);
  const y = scaleLinear([lowest - pad, highest + pad], [HEIGHT - BOTTOM, TOP]).clamp(true);
  const band = area<Bounded>(
    ({ plans }) => x(plans),
    ({ low }) => y(low),
    ({ high }) => y(high),
  );
  const middle = line<Bounded>(
    ({ plans }) => x(plans),
    ({ estimate }) => y(estimate),
  );
  const place = (value: number) => value.toFixed(1);
  const horizontal = (value: number, kind: string) =>
    `<line class="${kind}" x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${place(y(value))}" y2="${place(y(value))}"/>`;
  const yTicks = y.ticks(TICKS).map((value) => {
    const label = formatEffect(effect.metric, value);
    return `${horizontal(value, 'grid')}<text x="${LEFT - 6}" y="${place(y(value) + 4)}" text-anchor="end">${label}</text>`;
  });
  const xTicks = x.ticks(TICKS).map((value) => {
    return `<text x="${place(x(value))}" y="${HEIGHT - 6}" text-anchor="middle">${value}</text>`;
  });
  const guideLines = lines.map(({ y: value, kind }) => horizontal(value, kind));
  return [
    `<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${effect.arm}: ${formatInterval(effect)}">`,
    ...yTicks,
    ...xTicks,
    `<path class="band" d="${band(points) ?? ''}"/>`,
    ...guideLines,
    `<path class="estimate" d="${middle(points) ?? ''}"/>`,
    '</svg>',
  ].join('');
}
