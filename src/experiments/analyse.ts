import type { ArmReport, CheckReport, ExperimentReport } from '../domain/experiment-report.js';
import type {
  Assignment,
  Experiment,
  OutcomeRecord,
  RampPosition,
  ShadowOutcome,
} from '../domain/experiments.js';
import { type AnalysedPlan, selectPlans } from './analysed-plans.js';
import { decide } from './decide.js';
import { measureEffects, measureShadows } from './measure-effects.js';
import { PRIOR_ASSIGNED, PRIOR_LOST, RatioCheck } from './statistics/ratio-check.js';

/** A check fires at this p-value, which is valid at any look: a false alarm in at most one of a hundred experiments each. */
export const CHECK_ALPHA = 0.01;

/** What stores know of an experiment. */
export interface ExperimentData {
  readonly experiment: Experiment;
  readonly ramp: RampPosition;
  readonly assignments: readonly Assignment[];
  readonly outcomes: readonly OutcomeRecord[];
  readonly shadows: readonly ShadowOutcome[];
}

function checkShares(assignments: readonly Assignment[]): CheckReport {
  const check = new RatioCheck(PRIOR_ASSIGNED);
  for (const { arm, reason, shares } of [...assignments].sort((a, b) => a.sequence - b.sequence)) {
    if (reason === 'hashed' && arm !== undefined) check.add(arm, shares);
  }
  return { pValue: check.pValue, isFired: check.pValue <= CHECK_ALPHA };
}

function checkLosses(plans: readonly AnalysedPlan[]): CheckReport {
  const check = new RatioCheck(PRIOR_LOST);
  for (const { outcome, shares } of plans) {
    if (outcome.status === 'lost') check.add(outcome.arm, shares);
  }
  return { pValue: check.pValue, isFired: check.pValue <= CHECK_ALPHA };
}

function countArms({
  experiment,
  ramp,
  assignments,
  outcomes,
}: ExperimentData): readonly ArmReport[] {
  return experiment.arms.map(({ id }) => {
    const units = assignments.filter(({ arm }) => arm === id);
    const forced = new Set(units.filter(({ reason }) => reason === 'forced').map((u) => u.unit));
    const own = outcomes.filter(({ arm, unit }) => arm === id && !forced.has(unit));
    const count = (status: OutcomeRecord['status']) =>
      own.filter((outcome) => outcome.status === status).length;
    return {
      ...{ id, isControl: id === experiment.control, isStopped: ramp.stoppedArms.includes(id) },
      ...{ units: units.length - forced.size, forcedUnits: forced.size },
      ...{ open: count('open'), finished: count('finished'), lost: count('lost') },
    };
  });
}

/**
 * Looks at an experiment: every plan so far, from the first on. May be done after every plan; what it finds holds at all looks
 * together. Costs some microseconds for each plan and metric.
 */
export function analyse(data: ExperimentData, atMs: number): ExperimentReport {
  const { experiment, ramp, assignments, outcomes, shadows } = data;
  const { plans, waiting, repeated } = selectPlans(assignments, outcomes);
  const checks = { shares: checkShares(assignments), losses: checkLosses(plans) };
  const effects = measureEffects(experiment, plans);
  const { stoppedArms } = ramp;
  const analysedPlans = plans.length;
  const excluded: Record<string, number> = {};
  for (const { arm, reason } of assignments) {
    if (arm === undefined) excluded[reason] = (excluded[reason] ?? 0) + 1;
  }
  return {
    ...{ experiment, ramp, atMs, arms: countArms(data), excluded, analysedPlans, checks },
    waitingPlans: waiting,
    repeatedPlans: repeated,
    endedInStep: outcomes.filter(({ endedAtMs }) => (endedAtMs ?? -1) >= ramp.sinceMs).length,
    effects: [...effects, ...measureShadows(experiment, plans, shadows)],
    ...decide({ experiment, checks, effects, stoppedArms, analysedPlans }),
  };
}
