// From raw runs to one outcome of an arm on a case, the arms that are worked out from others included.
import type { Arm } from '../arms/arms.js';
import type {
  AdviceCounts,
  Counts,
  RunRecord,
  StructureMetrics,
  Trace,
} from '../runs/run-record.js';

/** One run as the comparison sees it. */
export interface Outcome {
  readonly fRef: number;
  /** dH's own F of shipped dH; null otherwise. */
  readonly ownObjective: number | null;
  readonly voxelWeightedCalls: number;
  /** Of the optimizer's process; the host's is its own. */
  readonly cpuMs: number;
  readonly total: Counts;
  readonly trace: Trace;
  /** Undefined where the plan of that moment was not kept, as with a perfect stop. */
  readonly structures: readonly StructureMetrics[] | undefined;
  readonly advice: AdviceCounts | undefined;
  readonly waitedMs: number;
  /** Of the waiting, what the host spent between question and answer: inference, for the most part. */
  readonly hostMs: number;
}

/** All repeats of an arm on a case; none when they failed. */
export interface ArmCase {
  readonly arm: string;
  readonly case: string;
  readonly outcomes: readonly Outcome[];
}

/** What non-inferiority allows F_ref, and so how early a perfect stop may come. */
export const F_REF_MARGIN = 1.01;

export function outcomeOf({ result }: RunRecord): Outcome {
  return {
    fRef: result.reference_objective,
    ownObjective: result.own_objective,
    voxelWeightedCalls: result.voxel_weighted_calls,
    cpuMs: result.cpu_ms,
    total: result.total,
    trace: result.trace,
    structures: result.structures,
    advice: result.advice.was_asked ? result.advice : undefined,
    waitedMs: result.advice.session?.waited_ms ?? 0,
    hostMs: (result.advice.session?.hosted ?? []).reduce((sum, { host_ms }) => sum + host_ms, 0),
  };
}

/** The index at which F_ref first came to a goal; -1 when it never did. */
export function firstAt(trace: Trace, goal: number): number {
  return trace.reference_objective.findIndex((value) => value !== null && value <= goal);
}

/** Ends the run as soon as its F_ref is within 1 % of where it would have ended. */
export function perfectStop(outcome: Outcome): Outcome {
  const index = firstAt(outcome.trace, F_REF_MARGIN * outcome.fRef);
  if (index < 0) return outcome;
  const { call_equivalents, reference_objective, elapsed_ms } = outcome.trace;
  const part = (elapsed_ms[index] ?? 0) / outcome.total.total_ms;
  return {
    ...outcome,
    fRef: reference_objective[index] ?? outcome.fRef,
    total: {
      ...outcome.total,
      iterations: index + 1,
      call_equivalents: call_equivalents[index] ?? outcome.total.call_equivalents,
      // Known only for the whole run; its share of the time is the best guess.
      objective_ms: outcome.total.objective_ms * part,
      total_ms: elapsed_ms[index] ?? outcome.total.total_ms,
    },
    trace: {
      call_equivalents: call_equivalents.slice(0, index + 1),
      reference_objective: reference_objective.slice(0, index + 1),
      elapsed_ms: elapsed_ms.slice(0, index + 1),
    },
    structures: undefined,
  };
}

export function freeCovariance(outcome: Outcome): Outcome {
  const { total } = outcome;
  return {
    ...outcome,
    total: { ...total, covariance_ms: 0, total_ms: total.total_ms - total.covariance_ms },
  };
}

const DERIVE = { 'perfect-stop': perfectStop, 'free-covariance': freeCovariance } as const;

/** One entry for each arm and case of a pass, derived arms included. */
export function armCases(
  arms: readonly Arm[],
  cases: readonly string[],
  records: readonly RunRecord[],
): readonly ArmCase[] {
  return arms.flatMap(({ name, derived }) => {
    const source = derived?.from ?? name;
    const derive = derived ? DERIVE[derived.how] : (outcome: Outcome) => outcome;
    return cases.map((id) => ({
      arm: name,
      case: id,
      outcomes: records
        .filter((record) => record.arm === source && record.case === id)
        .map((record) => derive(outcomeOf(record))),
    }));
  });
}
