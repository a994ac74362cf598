import type { Role, Solver } from '../../plugin-sdk/index.js';
import type { ShadowOutcome } from '../shadow/shadow-outcome.js';

/** What is randomised: never an iteration. Plans of one patient share an arm when the unit is the patient. */
export type UnitKind = 'plan' | 'patient';

/** What an arm serves in place of the configuration. Undefined leaves the configuration's own. */
export interface RoleOverride {
  readonly plugin: string | undefined;
  /** `name@version` or `name@label`. */
  readonly model: string | undefined;
  readonly settings: Readonly<Record<string, unknown>>;
  /** In place of it, for plans of these solvers; absent: the same for all. */
  readonly bySolver?: Readonly<Partial<Record<Solver, RoleOverride>>>;
}

export type RoleOverrides = Readonly<Partial<Record<Role, RoleOverride>>>;

export interface Arm {
  readonly id: string;
  /** At least 1; shares are weights over their sum. */
  readonly weight: number;
  readonly roles: RoleOverrides;
}

/** Computed on the same events as the serving arm, never answers. */
export interface ShadowArm {
  readonly id: string;
  readonly roles: RoleOverrides;
}

/** A number of an outcome, and what a better one is. */
export interface Metric {
  /** Such as `call_equivalents` or `dose:D95:PTV70`; see plan-metrics.ts. */
  readonly name: string;
  readonly direction: 'lower' | 'higher';
  /** `ratio`: logarithms are compared, values are positive. `difference`: values, winsorised to `range`. */
  readonly scale: 'ratio' | 'difference';
  /** Of a difference: values outside count as the nearer end. */
  readonly range: readonly [number, number] | undefined;
}

/** As much worse as an arm may be: a fraction for ratios (0.01 = 1 %), the metric's unit for differences. */
export interface MarginMetric extends Metric {
  readonly margin: number;
}

export interface Guardrail extends MarginMetric {
  /** What happens when an arm is worse than control by more than the margin, beyond doubt. */
  readonly action: 'hold' | 'stop';
}

export interface RampStep {
  /** Percent of the experiment's units, all arms together. */
  readonly percent: number;
  /** The next step comes after this many plans with an outcome and this many hours, whichever is later. */
  readonly minPlans: number;
  readonly holdHours: number;
}

/** One experiment as defined. */
export interface Experiment {
  readonly id: string;
  readonly state: 'running' | 'ended';
  readonly unit: UnitKind;
  readonly salt: string;
  /** Part of a layer's units, per mille: from <= position < to. Experiments of a layer exclude one another. */
  readonly layer: { readonly name: string; readonly from: number; readonly to: number };
  readonly arms: readonly Arm[];
  /** Id of the arm that others are compared with. */
  readonly control: string;
  readonly shadowArms: readonly ShadowArm[];
  readonly primary: Metric;
  readonly secondary: readonly Metric[];
  readonly nonInferiority: readonly MarginMetric[];
  readonly guardrails: readonly Guardrail[];
  /** What makes plans differ before any advice; see `OutcomeRecord.features`. */
  readonly adjust: {
    /** Ascending limits between strata of beamlets at the finest level. */
    readonly beamletStrata: readonly number[];
    readonly features: readonly string[];
  };
  /** Error rate of the whole primary question, all arms and analyses together. */
  readonly alpha: number;
  /** Plans at which the sequences are narrowest; they hold at any number. */
  readonly plannedPlans: number;
  readonly ramp: readonly RampStep[];
  readonly start: { readonly notBefore: string | undefined; readonly minPlans: number };
  readonly stop: { readonly maxPlans: number | undefined; readonly whenDecided: boolean };
  /** What a promotion does: points the label of each model that the arm names at its version. Undefined: nothing. */
  readonly promote: { readonly label: string } | undefined;
}

/** Why a unit is in an arm or in none. */
export type AssignmentReason =
  | 'hashed'
  | 'forced'
  | 'no-unit-key'
  | 'outside-layer'
  | 'outside-ramp'
  | 'store-unavailable';

/** What an experiment says of a unit the first time it sees it. */
export interface AssignmentProposal {
  readonly experiment: string;
  readonly unit: string;
  /** Undefined: excluded. */
  readonly arm: string | undefined;
  readonly reason: AssignmentReason;
  /** Share of each arm at that moment; analyses need it when weights change. */
  readonly shares: Readonly<Record<string, number>>;
  readonly atMs: number;
}

/** The stored word on a unit; it stands for good. */
export interface Assignment extends AssignmentProposal {
  /** Counts an experiment's units over all hosts in the order in which they were stored. Gaps may occur. */
  readonly sequence: number;
}

/** Keeps assignments. All hosts of an experiment share one. */
export interface AssignmentStore {
  /** Stores the proposal unless the unit has an assignment; returns the one that stands. Durable when it resolves. */
  assign(proposal: AssignmentProposal): Promise<Assignment>;
  hasUnits(experiment: string): Promise<boolean>;
  /** In order of sequence. */
  assignments(experiment: string): Promise<readonly Assignment[]>;
}

/** How a session ended, as experiments count it. */
export type OutcomeStatus = 'open' | 'finished' | 'lost';

/** A plan of an experiment while it runs. */
export interface OutcomeOpening {
  readonly experiment: string;
  readonly session: string;
  readonly unit: string;
  readonly arm: string;
  /** Known before any advice, by name; numbers only. */
  readonly features: Readonly<Record<string, number>>;
  readonly atMs: number;
}

export interface OutcomeRecord extends OutcomeOpening {
  /** Order of opening, over all hosts. Gaps may occur. */
  readonly sequence: number;
  readonly status: OutcomeStatus;
  /** By name; empty unless finished. Numbers the optimizer did not send are left out. */
  readonly metrics: Readonly<Record<string, number>>;
  readonly endedAtMs: number | undefined;
}

/** Keeps exactly one outcome for each session of an experiment. */
export interface OutcomeStore {
  /** Before the accepted message: from here on a session that disappears is found. False when it was open before (a resume). */
  open(opening: OutcomeOpening): Promise<boolean>;
  /** Before the summary. The first end of a session stands; false when it had one. */
  finish(
    experiment: string,
    session: string,
    metrics: Readonly<Record<string, number>>,
    atMs: number,
  ): Promise<boolean>;
  /** The same for a session that did not come back; one that another host has taken over goes on. */
  lose(experiment: string, session: string, atMs: number): Promise<boolean>;
  /** A session that was lost goes on, and is of this host from now on. False when it has finished, or never was. */
  reopen(experiment: string, session: string): Promise<boolean>;
  /** Loses sessions opened before the moment and still open: what a killed host leaves. Returns how many. */
  loseOpenedBefore(openedBeforeMs: number, atMs: number): Promise<number>;
  /** In order of opening. */
  outcomes(experiment: string): Promise<readonly OutcomeRecord[]>;
  /** The first of a session and arm stands. */
  shadow(outcome: ShadowOutcome): Promise<boolean>;
  shadows(experiment: string): Promise<readonly ShadowOutcome[]>;
}

/** An experiment as it was when it was last seen, so that ended ones stay readable. */
export interface StoredExperiment {
  readonly experiment: Experiment;
  readonly ramp: RampPosition;
  readonly updatedAtMs: number;
}

/** Where an experiment stands on its ramp. Shared by all hosts. */
export interface RampPosition {
  /** Index of the step; the number of steps = all units. */
  readonly step: number;
  readonly sinceMs: number;
  /** `held`: no wider until an operator releases it. `rolled-back`, `promoted`: no new units. */
  readonly state: 'ramping' | 'full' | 'held' | 'rolled-back' | 'promoted';
  readonly reason: string;
  /** Arms that a guardrail stopped: they get no new units. */
  readonly stoppedArms: readonly string[];
  /** With `promoted`: the better arm. */
  readonly promotedArm?: string | undefined;
  /** With `promoted`: what the analysis said instead, when an operator promoted the arm all the same. */
  readonly overriddenDecision?: string | undefined;
}

/** A label that a promotion moves. */
export interface LabelChange {
  readonly model: string;
  readonly label: string;
  readonly version: string;
}

/** A promotion on its way into one configuration file; hosts that share the file share it. */
export interface Promotion {
  readonly experiment: string;
  readonly configuration: string;
  /** `moving` of a host that was killed is taken over by another. */
  readonly state: 'moving' | 'moved' | 'failed';
  readonly attempts: number;
  /** Of the last attempt; empty unless it failed. */
  readonly problem: string;
  readonly atMs: number;
}

export interface PromotionStore {
  find(experiment: string, configuration: string): Promise<Promotion | undefined>;
  /** Writes `next` if it still stands as `before` (undefined: not at all); false when another host was quicker. */
  replace(before: Promotion | undefined, next: Promotion): Promise<boolean>;
}

export interface ExperimentStore {
  /** Stores the definition; the ramp stays where it is when there is one. */
  put(experiment: Experiment, ramp: RampPosition, atMs: number): Promise<void>;
  /** Moves the ramp if it is still where the caller saw it; false when another host was quicker. */
  replaceRamp(id: string, from: RampPosition, next: RampPosition, atMs: number): Promise<boolean>;
  get(id: string): Promise<StoredExperiment | undefined>;
  list(): Promise<readonly StoredExperiment[]>;
}

/** An experiment that takes new units. */
export interface ActiveExperiment {
  readonly experiment: Experiment;
  readonly ramp: RampPosition;
}

/** What an experiment says of a plan. */
export interface PlanAssignment {
  readonly experiment: Experiment;
  readonly assignment: Assignment | AssignmentProposal;
  /** False when the plan is excluded, its arm was stopped, or the experiment has ended on its ramp: then it has no outcome. */
  readonly isServed: boolean;
  /** Empty unless served. */
  readonly overrides: RoleOverrides;
}

export interface PlanKeys {
  /** Pseudonymous; empty when the client sent none. */
  readonly planKey: string;
  readonly patientKey: string;
}

/** Gives plans their arms, once and for good. The host asks it before it accepts a plan. */
export interface PlanAssigner {
  /**
   * The plan's arm in each experiment, stored when it resolves. Never rejects: an experiment whose store fails leaves the plan
   * as configured, and out of every analysis.
   *
   * @param forced Experiment -> arm, asked for with operator credentials. A unit that has an arm keeps it.
   */
  assign(
    active: readonly ActiveExperiment[],
    keys: PlanKeys,
    forced?: Readonly<Record<string, string>>,
  ): Promise<readonly PlanAssignment[]>;
}
