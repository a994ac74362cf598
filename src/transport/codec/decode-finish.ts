import { HostError } from '../../domain/errors/host-error.js';
import type {
  DoseMetric,
  DoseSlice,
  DoseVolumeCurve,
  PlanFinish,
  UnadvisedPlan,
} from '../../domain/session/plan-finish.js';
import { MOST_CURVE_POINTS, MOST_PIXELS_A_SIDE } from '../../domain/session/validate-finish.js';
import type { DoseMetric as WireMetric } from '../../generated/dh/advisor/v1/DoseMetric.js';
import type { DoseSlice as WireSlice } from '../../generated/dh/advisor/v1/DoseSlice.js';
import type { DoseVolumeCurve as WireCurve } from '../../generated/dh/advisor/v1/DoseVolumeCurve.js';
import type { PlanFinish as WireFinish } from '../../generated/dh/advisor/v1/PlanFinish.js';
import type { UnadvisedPlan as WireUnadvised } from '../../generated/dh/advisor/v1/UnadvisedPlan.js';
import { finite } from './finite.js';
import { decodeTensor, type WantedKinds } from './tensor-codec.js';
import { planeWord, stopReasonWord } from './wire-names.js';

function refuse(field: string, problem: string): never {
  throw new HostError('invalid-field', { field, problem });
}

function decodeMetrics(
  metrics: readonly WireMetric[] | undefined,
  path: string,
): readonly DoseMetric[] {
  return (metrics ?? []).map((metric, k) => ({
    structure: metric.structure ?? 0,
    name: metric.name ?? '',
    value: finite(metric.value, `${path}[${k}].value`),
    unit: metric.unit ?? '',
  }));
}

/** Bounded here, before anything is copied. */
function decodeCurves(
  curves: readonly WireCurve[] | undefined,
  path: string,
): readonly DoseVolumeCurve[] {
  return (curves ?? []).map(({ structure = 0, points = [] }, k) => {
    const { length } = points;
    if (length > MOST_CURVE_POINTS) {
      const problem = `has ${length} entries, but at most ${MOST_CURVE_POINTS} are taken`;
      refuse(`${path}[${k}].points`, problem);
    }
    const at = (index: number) => `${path}[${k}].points[${index}]`;
    return {
      structure,
      dosesGy: Float64Array.from(points, ({ doseGy }, j) => finite(doseGy, `${at(j)}.dose_gy`)),
      volumeFractions: Float64Array.from(points, ({ volumeFraction }, j) =>
        finite(volumeFraction, `${at(j)}.volume_fraction`),
      ),
    };
  });
}

/** Planes that this host does not know come from a newer client and are left out. */
function decodeSlices(slices: readonly WireSlice[] | undefined): readonly DoseSlice[] {
  return (slices ?? []).flatMap((wire, k) => {
    const plane = planeWord.get(wire.plane ?? 0);
    if (plane === undefined) return [];
    const at = `finish.slices[${k}]`;
    const shape = wire.doseGy?.shape ?? [];
    const isBounded = shape.every((extent) => extent > 0 && extent <= MOST_PIXELS_A_SIDE);
    if (wire.doseGy === undefined || shape.length !== 2 || !isBounded) {
      const problem = `is (${shape.join(', ')}), but a slice has 1 to ${MOST_PIXELS_A_SIDE} rows and columns`;
      refuse(`${at}.dose_gy.shape`, problem);
    }
    return [
      {
        plane,
        doseGy: decodeTensor(wire.doseGy, `${at}.dose_gy`),
        rowSpacingMm: finite(wire.rowSpacingMm, `${at}.row_spacing_mm`),
        columnSpacingMm: finite(wire.columnSpacingMm, `${at}.column_spacing_mm`),
      },
    ];
  });
}

function decodeUnadvised(wire: WireUnadvised | undefined): UnadvisedPlan | undefined {
  // Absent messages are null to some decoders.
  if (!wire) return undefined;
  const at = 'finish.unadvised';
  return {
    referenceObjective: finite(wire.referenceObjective, `${at}.reference_objective`),
    callEquivalents: finite(wire.callEquivalents, `${at}.call_equivalents`),
    metrics: decodeMetrics(wire.metrics, `${at}.metrics`),
    curves: decodeCurves(wire.curves, `${at}.curves`),
  };
}

/** How a plan ended. @throws HostError `invalid-field` */
export function decodeFinish(wire: WireFinish, wanted: WantedKinds): PlanFinish {
  const { finalWeights } = wire;
  return {
    kind: 'finish',
    stopReason: stopReasonWord.get(wire.stopReason ?? 0) ?? 'unspecified',
    iterations: wire.iterations ?? 0,
    valueCalls: wire.valueCalls ?? 0,
    gradientCalls: wire.gradientCalls ?? 0,
    callEquivalents: finite(wire.callEquivalents, 'finish.call_equivalents'),
    optimizationMs: finite(wire.optimizationMs, 'finish.optimization_ms'),
    adviceWaitMs: finite(wire.adviceWaitMs, 'finish.advice_wait_ms'),
    referenceObjective: finite(wire.referenceObjective, 'finish.reference_objective'),
    metrics: decodeMetrics(wire.metrics, 'finish.metrics'),
    finalWeights:
      finalWeights && wanted.has('weights')
        ? decodeTensor(finalWeights, 'finish.final_weights')
        : undefined,
    curves: decodeCurves(wire.curves, 'finish.curves'),
    slices: decodeSlices(wire.slices),
    unadvised: decodeUnadvised(wire.unadvised),
  };
}
