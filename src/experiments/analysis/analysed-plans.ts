import type { Assignment, OutcomeRecord } from '../../domain/experiments/experiments.js';

/** A plan that takes part. */
export interface AnalysedPlan {
  readonly outcome: OutcomeRecord;
  /** As they were when its unit was assigned. */
  readonly shares: Assignment['shares'];
}

export interface PlanSelection {
  /** Ended plans up to the first that is open, one a unit, in the order of opening. */
  readonly plans: readonly AnalysedPlan[];
  readonly waiting: number;
  readonly repeated: number;
}

/**
 * The plans that sequences may see. They come in the order of opening, not of ending, which depends on the arm: a quicker arm would be
 * seen first. So a plan that is open holds up those behind it until it ends or is lost. Later plans of a unit have the arm of the
 * first and resemble it; sequences need plans that were drawn one by one. Forced units were not drawn at all.
 */
export function selectPlans(
  assignments: readonly Assignment[],
  outcomes: readonly OutcomeRecord[],
): PlanSelection {
  const drawn = new Map(
    assignments
      .filter(({ reason }) => reason === 'hashed')
      .map((assignment) => [assignment.unit, assignment]),
  );
  const seen = new Set<string>();
  const plans: AnalysedPlan[] = [];
  let [waiting, repeated, isHeldUp] = [0, 0, false];
  for (const outcome of [...outcomes].sort((a, b) => a.sequence - b.sequence)) {
    const assignment = drawn.get(outcome.unit);
    if (assignment?.arm !== outcome.arm || assignment.arm === undefined) continue;
    if (seen.has(outcome.unit)) {
      repeated += 1;
      continue;
    }
    seen.add(outcome.unit);
    if (outcome.status === 'open') isHeldUp = true;
    else if (isHeldUp) waiting += 1;
    else plans.push({ outcome, shares: assignment.shares });
  }
  return { plans, waiting, repeated };
}
