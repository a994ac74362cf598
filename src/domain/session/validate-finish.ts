import type { PlanView } from '../../plugin-sdk/index.js';
import { HostError } from '../errors/host-error.js';
import type { DoseMetric, DoseSlice, DoseVolumeCurve, PlanFinish } from './plan-finish.js';

/** Figures of one structure; the host keeps them all. */
const MOST_METRICS_A_STRUCTURE = 64;
const LONGEST_WORD = 64;
/** The contract's bounds, kept in memory as long as the plan is shown. */
export const MOST_CURVE_POINTS = 201;
export const MOST_PIXELS_A_SIDE = 256;

function refuse(field: string, problem: string): never {
  throw new HostError('invalid-field', { field, problem });
}

export function checkStructureIndex(structure: number, field: string, plan: PlanView): void {
  const count = plan.structures.length;
  if (structure < count) return;
  refuse(field, `is ${structure}, but the plan has ${count} structures, counted from 0`);
}

/** Checks how a plan ended against the plan itself. @throws HostError `invalid-field` */
export function validateFinish(finish: PlanFinish, plan: PlanView): void {
  const { metrics, curves, slices, unadvised } = finish;
  validateMetrics(metrics, 'finish.metrics', plan);
  validateCurves(curves, 'finish.curves', plan);
  validateSlices(slices);
  if (unadvised === undefined) return;
  validateMetrics(unadvised.metrics, 'finish.unadvised.metrics', plan);
  validateCurves(unadvised.curves, 'finish.unadvised.curves', plan);
}

function validateMetrics(metrics: readonly DoseMetric[], path: string, plan: PlanView): void {
  const most = MOST_METRICS_A_STRUCTURE * Math.max(plan.structures.length, 1);
  if (metrics.length > most) {
    refuse(path, `has ${metrics.length} entries, but at most ${most} are taken`);
  }
  for (const [k, { structure, name, unit }] of metrics.entries()) {
    const at = `${path}[${k}]`;
    checkStructureIndex(structure, `${at}.structure`, plan);
    for (const [field, word] of Object.entries({ name, unit })) {
      if (word.length <= LONGEST_WORD) continue;
      refuse(
        `${at}.${field}`,
        `has ${word.length} characters, but at most ${LONGEST_WORD} are kept`,
      );
    }
  }
}

function validateCurves(curves: readonly DoseVolumeCurve[], path: string, plan: PlanView): void {
  const seen = new Set<number>();
  for (const [k, { structure, dosesGy, volumeFractions }] of curves.entries()) {
    const at = `${path}[${k}]`;
    checkStructureIndex(structure, `${at}.structure`, plan);
    if (seen.has(structure)) refuse(`${at}.structure`, `is ${structure} a second time`);
    seen.add(structure);
    let previousGy = 0;
    for (const [index, doseGy] of dosesGy.entries()) {
      const point = `${at}.points[${index}]`;
      if (!(doseGy >= previousGy)) {
        refuse(`${point}.dose_gy`, `is ${doseGy}, but doses ascend from 0`);
      }
      previousGy = doseGy;
      const fraction = volumeFractions[index] ?? Number.NaN;
      if (!(fraction >= 0 && fraction <= 1)) {
        refuse(`${point}.volume_fraction`, `is ${fraction}, but must lie in [0, 1]`);
      }
    }
  }
}

function validateSlices(slices: readonly DoseSlice[]): void {
  const seen = new Set<string>();
  for (const [k, { plane, rowSpacingMm, columnSpacingMm }] of slices.entries()) {
    const at = `finish.slices[${k}]`;
    if (seen.has(plane)) refuse(`${at}.plane`, `is ${plane} a second time`);
    seen.add(plane);
    const spacings = { row_spacing_mm: rowSpacingMm, column_spacing_mm: columnSpacingMm };
    for (const [field, spacing] of Object.entries(spacings)) {
      if (!(spacing > 0)) refuse(`${at}.${field}`, `is ${spacing}, but must be above 0`);
    }
  }
}
