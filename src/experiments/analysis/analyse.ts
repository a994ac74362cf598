import type {
  ArmReport,
  CheckReport,
  ExperimentReport,
} from '../../domain/experiments/experiment-report.js';
import type {
  Assignment,
  Experiment,
  OutcomeRecord,
  RampPosition,
} from '../../domain/experiments/experiments.js';
import type { ShadowOutcome } from '../../domain/shadow/shadow-outcome.js';
import { PRIOR_ASSIGNED, PRIOR_LOST, RatioCheck } from '../statistics/ratio-check.js';
import { type AnalysedPlan, selectPlans } from './analysed-plans.js';
import { decide } from './decide.js';
import { EffectTrackers, measureShadows } from './measure-effects.js';
import { shadowCoverage, sumShadows } from './sum-shadows.js';

/** A check fires at this p-value, which is valid at any analysis: a false alarm in at most one of a hundred experiments each. */
export const CHECK_ALPHA = 0.01;

/** What stores know of an experiment. */
export interface ExperimentData {
  readonly experiment: Experiment;
  readonly ramp: RampPosition;
  readonly assignments: readonly Assignment[];
  readonly outcomes: readonly OutcomeRecord[];
  readonly shadows: readonly ShadowOutcome[];
}

function result({ pValue }: RatioCheck): CheckReport {
  return { pValue, isFired: pValue <= CHECK_ALPHA };
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
    const ofArm = outcomes.filter(({ arm, unit }) => arm === id && !forced.has(unit));
    const count = (status: OutcomeRecord['status']) =>
      ofArm.filter((outcome) => outcome.status === status).length;
    return {
      id,
      isControl: id === experiment.control,
      isStopped: ramp.stoppedArms.includes(id),
      units: units.length - forced.size,
      forcedUnits: forced.size,
      open: count('open'),
      finished: count('finished'),
      lost: count('lost'),
    };
  });
}

/** What one pass over assignments and plans has gathered so far. */
class Pass {
  readonly effects: EffectTrackers;
  readonly shares = new RatioCheck(PRIOR_ASSIGNED);
  readonly losses = new RatioCheck(PRIOR_LOST);
  #plans = 0;
  #lastSession: string | undefined;
  #assignments = 0;
  #lastUnit: string | undefined;

  constructor(experiment: Experiment) {
    this.effects = new EffectTrackers(experiment);
  }

  /** Whether these begin with those that were passed: a host that was slow to commit may have put one in between. */
  continues(assignments: readonly Assignment[], plans: readonly AnalysedPlan[]): boolean {
    return (
      plans[this.#plans - 1]?.outcome.session === this.#lastSession &&
      assignments[this.#assignments - 1]?.unit === this.#lastUnit
    );
  }

  goOn(assignments: readonly Assignment[], plans: readonly AnalysedPlan[]): void {
    for (const { arm, reason, shares } of assignments.slice(this.#assignments)) {
      if (reason === 'hashed' && arm !== undefined) this.shares.add(arm, shares);
    }
    for (const plan of plans.slice(this.#plans)) {
      if (plan.outcome.status === 'lost') this.losses.add(plan.outcome.arm, plan.shares);
      this.effects.add(plan);
    }
    this.#plans = plans.length;
    this.#lastSession = plans.at(-1)?.outcome.session;
    this.#assignments = assignments.length;
    this.#lastUnit = assignments.at(-1)?.unit;
  }
}

/**
 * Analyses one experiment again and again, after every plan if one likes: what it finds holds at all analyses together. An analysis costs
 * what is new since the one before; only the sorting of rows is done again.
 */
export class ExperimentWatch {
  #definition = '';
  #pass: Pass | undefined;

  update(data: ExperimentData, atMs: number): ExperimentReport {
    const { experiment, ramp, outcomes } = data;
    const shadows = data.shadows.filter(({ lost }) => lost === undefined);
    const assignments = [...data.assignments].sort((a, b) => a.sequence - b.sequence);
    const { plans, waiting, repeated } = selectPlans(assignments, outcomes);
    const definition = JSON.stringify(experiment);
    const isAsBefore = definition === this.#definition && this.#pass?.continues(assignments, plans);
    const pass = isAsBefore && this.#pass ? this.#pass : new Pass(experiment);
    this.#definition = definition;
    this.#pass = pass;
    pass.goOn(assignments, plans);

    const checks = { shares: result(pass.shares), losses: result(pass.losses) };
    const effects = pass.effects.report();
    const { stoppedArms } = ramp;
    const analysedPlans = plans.length;
    const excluded: Record<string, number> = {};
    for (const { arm, reason } of assignments) {
      if (arm === undefined) excluded[reason] = (excluded[reason] ?? 0) + 1;
    }
    return {
      experiment,
      ramp,
      atMs,
      arms: countArms(data),
      excluded,
      analysedPlans,
      checks,
      waitingPlans: waiting,
      repeatedPlans: repeated,
      endedInStep: outcomes.filter(({ endedAtMs }) => (endedAtMs ?? -1) >= ramp.sinceMs).length,
      effects: [...effects, ...measureShadows(experiment, plans, shadows)],
      shadows: sumShadows(experiment, shadows),
      shadowCoverage: shadowCoverage(experiment, outcomes, data.shadows),
      ...decide({ experiment, checks, effects, stoppedArms, analysedPlans }),
    };
  }
}

/** One analysis of an experiment, from its first plan on. */
export function analyse(data: ExperimentData, atMs: number): ExperimentReport {
  return new ExperimentWatch().update(data, atMs);
}
