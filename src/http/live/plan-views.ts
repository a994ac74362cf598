import type { Outcome } from '../../domain/advice/advice.js';
import type { CloseReason } from '../../domain/session/advisor.js';
import type { Role, StopReason } from '../../plugin-sdk/index.js';
import type { CurvePart } from './curve.js';

/** How a plan stands: its stream is there, it waits for a resume, or why it ended. */
export type PlanState = 'open' | 'waiting' | CloseReason;

/** Questions and verdicts of one role of a plan. */
export interface RoleSummary {
  readonly role: Role;
  /** Empty when the role is off. */
  readonly plugin: string;
  /** Questions answered with a value, clamped ones included. */
  readonly answered: number;
  /** Questions to which the plugin had nothing to say. */
  readonly nothingToSay: number;
  /** Questions whose answer the optimizer did not get: late, refused by the envelope, stopped, failed. */
  readonly heldBack: number;
  /** What the optimizer reports: used, or not. */
  readonly used: number;
  readonly notUsed: number;
}

/** Where `early-stopping` expects the running stage to end. */
export interface Prediction {
  readonly value: number;
  /** Standard deviation; null when the plugin gives none. */
  readonly deviation: number | null;
}

/** A plan in a list. Never holds a key of a plan or a patient. */
export interface PlanSummary {
  readonly sessionId: string;
  readonly client: string;
  readonly solver: string;
  readonly adviceMode: string;
  readonly generation: number;
  readonly state: PlanState;
  /** Milliseconds since 1970, of the host's clock. */
  readonly openedAtMs: number;
  readonly updatedAtMs: number;
  readonly level: number | null;
  readonly stage: number | null;
  /** Of the whole plan. */
  readonly iterations: number;
  readonly objective: number | null;
  readonly prediction: Prediction | null;
  /** Iterations of the plan after which each stage began. */
  readonly stageStarts: readonly number[];
  readonly roles: readonly RoleSummary[];
}

/** One stage as it went. */
export interface StageView {
  readonly level: number;
  readonly stage: number;
  readonly histogramSigmaGy: number;
  readonly beamletCount: number;
  /** Iterations of the plan before it. */
  readonly after: number;
  readonly iterations: number;
  /** Objective at the default start, and now. */
  readonly startObjective: number | null;
  readonly objective: number | null;
  /** Null while it runs. */
  readonly stopReason: StopReason | null;
  readonly elapsedMs: number | null;
}

/** Something a role decided that is worth a line: an answer about a level, a stop, an answer without a value. */
export interface PlanLogEntry {
  /** Iterations of the plan before it. */
  readonly after: number;
  readonly level: number | null;
  readonly stage: number | null;
  readonly role: Role;
  readonly outcome: Outcome;
  readonly reason: string;
  /** The advice in words; empty without a value. */
  readonly text: string;
  readonly latencyUs: number;
  /** How often it came in a row. */
  readonly count: number;
}

export interface CountedWord {
  readonly word: string;
  readonly count: number;
}

/** Everything of one role of a plan. */
export interface RoleView extends RoleSummary {
  readonly pluginVersion: string;
  readonly model: string;
  /** By outcome, and for those without a value by outcome and reason, such as `timeout: late`. */
  readonly outcomes: readonly CountedWord[];
  readonly verdicts: readonly CountedWord[];
}

/** A figure read off the dose that the optimizer recomputed at the end. */
export interface MetricView {
  readonly structure: string;
  readonly structureRole: string;
  readonly name: string;
  readonly value: number;
  /** `Gy` or `1`. */
  readonly unit: string;
}

/** What the optimizer said when it finished. */
export interface FinishView {
  readonly stopReason: string;
  readonly iterations: number;
  readonly callEquivalents: number;
  readonly optimizationMs: number;
  readonly adviceWaitMs: number;
  readonly referenceObjective: number;
  readonly metrics: readonly MetricView[];
}

/** A plan with everything the host keeps of it. */
export interface LivePlanView extends Omit<PlanSummary, 'roles'> {
  readonly roles: readonly RoleView[];
  readonly stages: readonly StageView[];
  /** Oldest first; the oldest are dropped beyond a bound. */
  readonly log: readonly PlanLogEntry[];
  readonly droppedEntries: number;
  readonly finish: FinishView | null;
  readonly curve: CurvePart;
}
