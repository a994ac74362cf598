import type { PlanEvent, RoleReceipt } from '../../domain/session/advisor.js';
import type { AdviceReceipt } from '../../generated/dh/advisor/v1/AdviceReceipt.js';
import type { Geometry } from '../../generated/dh/advisor/v1/Geometry.js';
import type { Iteration } from '../../generated/dh/advisor/v1/Iteration.js';
import type { LevelEnd } from '../../generated/dh/advisor/v1/LevelEnd.js';
import type { LevelStart } from '../../generated/dh/advisor/v1/LevelStart.js';
import type { OptimizerEvent } from '../../generated/dh/advisor/v1/OptimizerEvent.js';
import { decodeFinish } from './decode-finish.js';
import { finite } from './finite.js';
import { decodeTensors, type WantedKinds } from './tensor-codec.js';
import { roleWord, stopReasonWord, verdictWord } from './wire-names.js';

function decodeGeometry(wire: Geometry, wanted: WantedKinds): PlanEvent {
  return {
    kind: 'geometry',
    structures: (wire.structures ?? []).map((structure, k) => ({
      structure: structure.structure ?? 0,
      sphericity: finite(structure.sphericity, `geometry.structures[${k}].sphericity`),
      doseGradientGyPerMm: finite(
        structure.doseGradientGyPerMm,
        `geometry.structures[${k}].dose_gradient_gy_per_mm`,
      ),
      targetDistanceMm: finite(
        structure.targetDistanceMm,
        `geometry.structures[${k}].target_distance_mm`,
      ),
    })),
    tensors: decodeTensors(wire.tensors, 'geometry.tensors', wanted),
  };
}

function decodeLevelStart(wire: LevelStart, wanted: WantedKinds): PlanEvent {
  return {
    kind: 'level-start',
    level: wire.level ?? 0,
    stage: wire.stage ?? 0,
    beamletCount: wire.beamletCount ?? 0,
    histogramSigmaGy: finite(wire.histogramSigmaGy, 'level_start.histogram_sigma_gy'),
    varianceLowerGy2: finite(wire.varianceLowerGy2, 'level_start.variance_lower_gy2'),
    varianceUpperGy2: finite(wire.varianceUpperGy2, 'level_start.variance_upper_gy2'),
    objective: finite(wire.objective, 'level_start.objective'),
    tensors: decodeTensors(wire.tensors, 'level_start.tensors', wanted),
  };
}

function decodeIteration(wire: Iteration, wanted: WantedKinds): PlanEvent {
  return {
    kind: 'iteration',
    level: wire.level ?? 0,
    stage: wire.stage ?? 0,
    iteration: wire.iteration ?? 0,
    objective: finite(wire.objective, 'iteration.objective'),
    gradientNorm: finite(wire.gradientNorm, 'iteration.gradient_norm'),
    stepLength: finite(wire.stepLength, 'iteration.step_length'),
    valueCalls: wire.valueCalls ?? 0,
    gradientCalls: wire.gradientCalls ?? 0,
    elapsedMs: finite(wire.elapsedMs, 'iteration.elapsed_ms'),
    tensors: decodeTensors(wire.tensors, 'iteration.tensors', wanted),
  };
}

function decodeLevelEnd(wire: LevelEnd): PlanEvent {
  return {
    kind: 'level-end',
    level: wire.level ?? 0,
    stage: wire.stage ?? 0,
    stopReason: stopReasonWord.get(wire.stopReason ?? 0) ?? 'unspecified',
    iterations: wire.iterations ?? 0,
    valueCalls: wire.valueCalls ?? 0,
    gradientCalls: wire.gradientCalls ?? 0,
    objective: finite(wire.objective, 'level_end.objective'),
    elapsedMs: finite(wire.elapsedMs, 'level_end.elapsed_ms'),
  };
}

/**
 * The event in the project's own words; undefined when the message has none that this host knows. Volume chunks and
 * the start are decoded where they are put together.
 */
export function decodeEvent(wire: OptimizerEvent, wanted: WantedKinds): PlanEvent | undefined {
  if (wire.iteration) return decodeIteration(wire.iteration, wanted);
  if (wire.levelStart) return decodeLevelStart(wire.levelStart, wanted);
  if (wire.levelEnd) return decodeLevelEnd(wire.levelEnd);
  if (wire.geometry) return decodeGeometry(wire.geometry, wanted);
  if (wire.finish) return decodeFinish(wire.finish, wanted);
  return undefined;
}

/** What became of earlier advice; a receipt of a role or verdict from a newer client is left out. */
export function decodeReceipt(wire: AdviceReceipt): RoleReceipt | undefined {
  const role = roleWord.get(wire.role ?? 0);
  const verdict = verdictWord.get(wire.verdict ?? 0);
  if (role === undefined || verdict === undefined) return undefined;
  return { kind: 'receipt', role, verdict, level: wire.level ?? 0, iteration: wire.iteration };
}
