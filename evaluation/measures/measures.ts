// What one arm cost and reached on one case, beside the reference and the best plan known.
import { type DoseChange, doseChange, type Outside, outsideOf } from './margins.js';
import { type ArmCase, F_REF_MARGIN, firstAt, type Outcome } from './outcomes.js';
import { median, NEVER } from './statistics.js';

/** Gaps above F*, in per cent. */
export const GAPS_PERCENT = [5, 1, 0.1] as const;
/** Fixed budgets, in call-equivalents. */
export const BUDGETS = [10, 20, 40, 80, 160] as const;

/** Medians over the repeats. Infinity where a goal was not reached or the run failed. */
export interface Measures {
  readonly arm: string;
  readonly case: string;
  readonly isFailed: boolean;
  readonly toReference: number;
  readonly toReferenceMs: number;
  readonly toBest: readonly number[];
  readonly atBudget: readonly number[];
  readonly ownStop: number;
  readonly iterations: number;
  readonly fRef: number;
  readonly fRefRatio: number;
  readonly bestRatio: number;
  readonly change: DoseChange | undefined;
  readonly outside: Outside;
}

/** Call-equivalents until F_ref first came to a goal. The plan at the end counts even where its trace has no F_ref. */
export function costToReach({ trace, fRef, total }: Outcome, goal: number): number {
  const index = firstAt(trace, goal);
  if (index >= 0) return trace.call_equivalents[index] ?? NEVER;
  return fRef <= goal ? total.call_equivalents : NEVER;
}

function msToReach({ trace, fRef, total }: Outcome, goal: number): number {
  const index = firstAt(trace, goal);
  if (index >= 0) return trace.elapsed_ms[index] ?? NEVER;
  return fRef <= goal ? total.total_ms : NEVER;
}

/** F_ref of the plan that stands when the budget is spent; Infinity before the first iteration has ended. */
export function fRefAt({ trace, fRef, total }: Outcome, budget: number): number {
  if (total.call_equivalents <= budget) return fRef;
  const index = trace.call_equivalents.findLastIndex((cost) => cost <= budget);
  return index < 0 ? NEVER : (trace.reference_objective[index] ?? NEVER);
}

/** F* of each case: the lowest F_ref of any run. */
export function bestOf(armCases: readonly ArmCase[]): ReadonlyMap<string, number> {
  const best = new Map<string, number>();
  for (const { case: id, outcomes } of armCases) {
    for (const { fRef } of outcomes) best.set(id, Math.min(best.get(id) ?? NEVER, fRef));
  }
  return best;
}

export function measure(armCase: ArmCase, reference: ArmCase, best: number): Measures {
  const over = (value: (outcome: Outcome) => number) =>
    armCase.outcomes.length === 0 ? NEVER : median(armCase.outcomes.map(value));
  const referenceFRef = median(reference.outcomes.map(({ fRef }) => fRef));
  const fRef = over((outcome) => outcome.fRef);
  const goal = F_REF_MARGIN * referenceFRef;
  const now = armCase.outcomes[0]?.structures;
  const then = reference.outcomes[0]?.structures;
  const change = now && then ? doseChange(now, then) : undefined;
  return {
    arm: armCase.arm,
    case: armCase.case,
    isFailed: armCase.outcomes.length === 0,
    toReference: over((outcome) => costToReach(outcome, goal)),
    toReferenceMs: over((outcome) => msToReach(outcome, goal)),
    toBest: GAPS_PERCENT.map((gap) =>
      over((outcome) => costToReach(outcome, (1 + gap / 100) * best)),
    ),
    atBudget: BUDGETS.map((budget) => over((outcome) => fRefAt(outcome, budget)) / best),
    ownStop: over(({ total }) => total.call_equivalents),
    iterations: over(({ total }) => total.iterations),
    fRef,
    fRefRatio: fRef / referenceFRef,
    bestRatio: fRef / best,
    change,
    outside: outsideOf(fRef / referenceFRef, change),
  };
}

/** The measures of every arm on the cases where the reference succeeded. */
export function measureAll(
  armCases: readonly ArmCase[],
  referenceArm: string,
): readonly Measures[] {
  const best = bestOf(armCases);
  const references = new Map(
    armCases.filter(({ arm }) => arm === referenceArm).map((of) => [of.case, of] as const),
  );
  return armCases.flatMap((armCase) => {
    const reference = references.get(armCase.case);
    if (!reference || reference.outcomes.length === 0) return [];
    return [measure(armCase, reference, best.get(armCase.case) ?? Number.NaN)];
  });
}
