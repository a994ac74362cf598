import type { Outcome } from '../../domain/advice/advice.js';
import type { CloseReason } from '../../domain/session/advisor.js';
import type { Plane } from '../../domain/session/plan-finish.js';
import type { Quality, Role, StopReason } from '../../plugin-sdk/index.js';
import type { CurvePart } from './curve.js';
import type { PlanStanding } from './standing.js';
import type { TimeToEnd } from './time-to-end.js';

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
  /** As the plan's own pace tells; null where it tells nothing. */
  readonly toEnd: TimeToEnd | null;
}

/** A plan in a list. Never holds a key of a plan or a patient. */
export interface PlanSummary {
  readonly sessionId: string;
  /** What the client agreed to show; empty without. */
  readonly label: string;
  readonly client: string;
  readonly solver: string;
  readonly adviceMode: string;
  readonly generation: number;
  readonly state: PlanState;
  readonly standing: PlanStanding;
  readonly quality: Quality;
  /** Milliseconds since 1970, of the host's clock. */
  readonly openedAtMs: number;
  readonly updatedAtMs: number;
  readonly level: number | null;
  readonly stage: number | null;
  /** Of the plan's pyramid; level 0 is the finest. */
  readonly levels: number;
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
  /** In words, such as `finest, sigma 2 Gy`. */
  readonly name: string;
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
  /** The same in words. */
  readonly ended: string | null;
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
  readonly modelSha256: string;
  /** By outcome, and for those without a value by outcome and reason, such as `timeout: late`. */
  readonly outcomes: readonly CountedWord[];
  readonly verdicts: readonly CountedWord[];
}

/** A dose-volume histogram: `volumeFractions[k]` of the structure receives at least `dosesGy[k]`. */
export interface DoseVolumeView {
  readonly structure: string;
  readonly structureRole: string;
  readonly dosesGy: readonly number[];
  readonly volumeFractions: readonly number[];
}

/** What is wanted of a structure, as the plan came with it. */
export interface GoalView extends DoseVolumeView {
  readonly prescribedDoseGy: number | null;
}

/** A dose slice; its picture is `GET /api/plans/SESSION/slices/PLANE`. */
export interface SliceView {
  readonly plane: Plane;
  readonly rows: number;
  readonly columns: number;
  readonly mostGy: number;
  readonly widthMm: number;
  readonly heightMm: number;
}

/** The same plan, made without advice by the same client. */
export interface UnadvisedView {
  readonly referenceObjective: number;
  readonly callEquivalents: number;
  readonly metrics: readonly MetricView[];
  readonly curves: readonly DoseVolumeView[];
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
  readonly curves: readonly DoseVolumeView[];
  readonly goals: readonly GoalView[];
  readonly slices: readonly SliceView[];
  readonly unadvised: UnadvisedView | null;
}

/** A plan with everything the host keeps of it. */
export interface LivePlanView extends Omit<PlanSummary, 'roles'> {
  readonly roles: readonly RoleView[];
  readonly stages: readonly StageView[];
  /** Oldest first; the oldest are dropped beyond a bound. */
  readonly log: readonly PlanLogEntry[];
  readonly droppedEntries: number;
  readonly finish: FinishView | null;
  /** At the end of its journal, as its client was told; empty before, and where there is none. */
  readonly journalSha256: string;
  /** `experiment/arm`, several with commas; empty outside experiments. */
  readonly arm: string;
  /** Folder of its trajectory once it has ended; null when it is not recorded. */
  readonly recordedIn: string | null;
  readonly curve: CurvePart;
}
