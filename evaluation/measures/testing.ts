// Outcomes of plans as small as tests can make them.

import type { StructureMetrics } from '../runs/run-record.js';
import type { ArmCase, Outcome } from './outcomes.js';

export interface SmallOutcome {
  /** F_ref after each iteration; null where it is not known. */
  readonly fRefs: readonly (number | null)[];
  /** Call-equivalents after each iteration; 10, 20, ... when left out. */
  readonly calls?: readonly number[];
  readonly fRef?: number;
  readonly structures?: readonly StructureMetrics[];
  readonly totalMs?: number;
  readonly ownObjective?: number;
  readonly voxelWeightedCalls?: number;
  readonly cpuMs?: number;
  readonly covarianceMs?: number;
}

export function smallOutcome(of: SmallOutcome): Outcome {
  const calls = of.calls ?? of.fRefs.map((_, i) => 10 * (i + 1));
  const total_ms = of.totalMs ?? 1000;
  return {
    fRef: of.fRef ?? of.fRefs.at(-1) ?? Number.NaN,
    ownObjective: of.ownObjective ?? null,
    voxelWeightedCalls: of.voxelWeightedCalls ?? calls.at(-1) ?? 0,
    cpuMs: of.cpuMs ?? total_ms,
    total: {
      iterations: of.fRefs.length,
      value_calls: 0,
      gradient_calls: calls.at(-1) ?? 0,
      call_equivalents: calls.at(-1) ?? 0,
      objective_ms: total_ms / 2,
      covariance_ms: of.covarianceMs ?? 0,
      advice_ms: 0,
      total_ms,
    },
    trace: {
      call_equivalents: calls,
      reference_objective: of.fRefs,
      elapsed_ms: of.fRefs.map((_, i) => (total_ms * (i + 1)) / of.fRefs.length),
    },
    structures: of.structures ?? [],
    advice: undefined,
    waitedMs: 0,
    hostMs: 0,
  };
}

export const armCase = (
  arm: string,
  id: string,
  ...outcomes: readonly SmallOutcome[]
): ArmCase => ({ arm, case: id, outcomes: outcomes.map(smallOutcome) });
