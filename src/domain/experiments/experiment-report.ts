import type { Role } from '../../plugin-sdk/index.js';
import type { Outcome } from '../advice/advice.js';
import type { ShadowLoss } from '../shadow/shadow-outcome.js';
import type { Experiment, Metric, RampPosition } from './experiments.js';

/** One arm in numbers. */
export interface ArmReport {
  readonly id: string;
  readonly isControl: boolean;
  readonly isStopped: boolean;
  /** Units that the hash gave it. Forced ones are counted apart and left out of everything else. */
  readonly units: number;
  readonly forcedUnits: number;
  /** Sessions by how they ended. */
  readonly open: number;
  readonly finished: number;
  readonly lost: number;
}

/** A check of the experiment itself; a small p-value, valid at any analysis, says that something is wrong with it. */
export interface CheckReport {
  readonly pValue: number;
  readonly isFired: boolean;
}

/** An estimate after so many plans; ratio (1 = no effect) or difference (0 = none). Null: unbounded so far. */
export interface EffectPoint {
  readonly plans: number;
  readonly estimate: number;
  readonly low: number | null;
  readonly high: number | null;
}

export type EffectKind = 'primary' | 'secondary' | 'non-inferiority' | 'guardrail' | 'shadow';

/**
 * `better`, `worse`: than control. `within`, `beyond`: a margin. The first one that is not undecided stands, unless harm (`worse`,
 * `beyond`) is found later.
 */
export type Conclusion = 'better' | 'worse' | 'within' | 'beyond' | 'undecided';

export interface EffectReport extends EffectPoint {
  readonly kind: EffectKind;
  readonly metric: Metric;
  /** Compared with control. */
  readonly arm: string;
  readonly margin: number | undefined;
  /** Chance that the interval ever leaves the truth out. */
  readonly alpha: number;
  readonly verdict: Conclusion;
  /** Plans at which the verdict fell. */
  readonly decidedAtPlans: number | undefined;
  /** Logarithm of the e-value against no effect at this analysis. */
  readonly logE: number;
  /** Of secondary metrics: found with the false discovery rate of all together. */
  readonly isDiscovery: boolean;
  /** Plans whose number was missing or of no use, by arm; a difference between arms is a finding. */
  readonly unusable: Readonly<Record<string, number>>;
  /** The sequence over time, thinned, the last analysis included. */
  readonly trace: readonly EffectPoint[];
}

/**
 * What is to be done with an arm. `hold`: the experiment can't be trusted or a guardrail says wait. `stop`: a guardrail, worse than
 * control, or beyond a margin. `promote`: better, and within all margins. `undecided`: all plans are there and nothing was found.
 */
export interface ArmAction {
  readonly kind: 'continue' | 'hold' | 'stop' | 'promote' | 'undecided';
  /** Undefined: all arms. */
  readonly arm: string | undefined;
  /** A sentence with its numbers. */
  readonly reason: string;
}

/** What a shadow arm would have advised in one role, beside one arm that served. Says nothing of what would have become of plans. */
export interface ShadowReport {
  readonly arm: string;
  readonly served: string;
  readonly role: Role;
  /** Finished plans on all of which it was computed. */
  readonly plans: number;
  readonly questions: number;
  readonly agreed: number;
  readonly outcomes: Readonly<Partial<Record<Outcome, number>>>;
  /** Relative differences of values, over all questions where both had one. */
  readonly difference: { readonly count: number; readonly mean: number; readonly max: number };
  readonly late: number;
  /** Median over plans of their medians, and the longest of all. */
  readonly latencyMs: { readonly p50: number; readonly max: number };
  /** Of early stopping: stages that it would have stopped, and the iterations that they still ran with what was served. */
  readonly stops: { readonly stages: number; readonly iterationsAfter: number };
}

/** On how many finished plans of the experiment a shadow arm was computed, and why it was not on the others. */
export interface ShadowCoverage {
  readonly arm: string;
  readonly computed: number;
  readonly missing: number;
  /** Of the missing ones by reason; `unknown` where none was written down. */
  readonly reasons: Readonly<Partial<Record<ShadowLoss | 'unknown', number>>>;
}

/** An experiment as it stands after an analysis. Contains no unit's key. */
export interface ExperimentReport {
  readonly experiment: Experiment;
  readonly ramp: RampPosition;
  readonly atMs: number;
  readonly arms: readonly ArmReport[];
  /** Units in no arm, by reason. */
  readonly excluded: Readonly<Record<string, number>>;
  /** Plans that take part in the effects, in the order of opening. */
  readonly analysedPlans: number;
  /** Ended plans that wait for an earlier one to end, and later plans of a unit, which don't take part. */
  readonly waitingPlans: number;
  readonly repeatedPlans: number;
  /** Plans that ended since the ramp's step began. */
  readonly endedInStep: number;
  readonly checks: { readonly shares: CheckReport; readonly losses: CheckReport };
  readonly effects: readonly EffectReport[];
  readonly shadows: readonly ShadowReport[];
  /** Of every shadow arm, those that were never computed included. */
  readonly shadowCoverage: readonly ShadowCoverage[];
  /** One for each arm but control. */
  readonly armDecisions: readonly ArmAction[];
  readonly decision: ArmAction;
}
