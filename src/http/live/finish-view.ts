import type {
  DoseMetric,
  DoseSlice,
  DoseVolumeCurve,
  PlanFinish,
} from '../../domain/session/plan-finish.js';
import type { PlanView, Structure } from '../../plugin-sdk/index.js';
import type { DoseVolumeView, FinishView, GoalView, MetricView, SliceView } from './plan-views.js';

/** A slice as it is kept: a byte a pixel. */
export interface KeptSlice extends SliceView {
  /** Row by row; 255 is `mostGy`. */
  readonly levels: Uint8Array;
}

const HUNDREDTHS = 100;
const PER_TEN_THOUSAND = 10_000;

function round(value: number, parts: number): number {
  return Math.round(value * parts) / parts;
}

function curvesOf(
  curves: readonly DoseVolumeCurve[],
  structures: readonly Structure[],
): readonly DoseVolumeView[] {
  return curves.flatMap(({ structure, dosesGy, volumeFractions }) => {
    const view = structures[structure];
    if (view === undefined) return [];
    return [
      {
        structure: view.name,
        structureRole: view.role,
        dosesGy: Array.from(dosesGy, (doseGy) => round(doseGy, HUNDREDTHS)),
        volumeFractions: Array.from(volumeFractions, (part) => round(part, PER_TEN_THOUSAND)),
      },
    ];
  });
}

function metricsOf(
  metrics: readonly DoseMetric[],
  structures: readonly Structure[],
): readonly MetricView[] {
  return metrics.flatMap(({ structure, name, value, unit }) => {
    const view = structures[structure];
    if (view === undefined) return [];
    return [{ structure: view.name, structureRole: view.role, name, value, unit }];
  });
}

function goalOf({ name, role, prescription, prescribedDoseGy }: Structure): GoalView {
  return {
    structure: name,
    structureRole: role,
    prescribedDoseGy: prescribedDoseGy ?? null,
    dosesGy: prescription.map(({ doseGy }) => doseGy),
    volumeFractions: prescription.map(({ volumeFraction }) => volumeFraction),
  };
}

/** Bytes in place of numbers: a plan that has ended stays in memory for a while. */
export function keepSlice({ plane, doseGy, ...spacing }: DoseSlice): KeptSlice {
  const [rows = 0, columns = 0] = doseGy.shape;
  let mostGy = 0;
  for (const value of doseGy.data) mostGy = Math.max(mostGy, value);
  const scale = mostGy > 0 ? 255 / mostGy : 0;
  return {
    plane,
    rows,
    columns,
    mostGy,
    widthMm: columns * spacing.columnSpacingMm,
    heightMm: rows * spacing.rowSpacingMm,
    levels: Uint8Array.from(doseGy.data, (value) => Math.round(Math.max(value, 0) * scale)),
  };
}

function shownSlice({ levels: _, ...slice }: KeptSlice): SliceView {
  return slice;
}

/** What the optimizer said when it finished, for people. */
export function finishView(
  finish: PlanFinish,
  { structures }: PlanView,
  slices: readonly KeptSlice[],
): FinishView {
  const { stopReason, iterations, callEquivalents, optimizationMs, adviceWaitMs } = finish;
  const { unadvised } = finish;
  return {
    stopReason,
    iterations,
    callEquivalents,
    optimizationMs,
    adviceWaitMs,
    referenceObjective: finish.referenceObjective,
    metrics: metricsOf(finish.metrics, structures),
    curves: curvesOf(finish.curves, structures),
    goals: structures.filter(({ prescription }) => prescription.length > 0).map(goalOf),
    slices: slices.map(shownSlice),
    unadvised:
      unadvised === undefined
        ? null
        : {
            referenceObjective: unadvised.referenceObjective,
            callEquivalents: unadvised.callEquivalents,
            metrics: metricsOf(unadvised.metrics, structures),
            curves: curvesOf(unadvised.curves, structures),
          },
  };
}
