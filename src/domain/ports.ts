import type { Inference, ModelIdentity, Role } from '../plugin-sdk/index.js';
import type { Binding, Outcome } from './advice.js';
import type { CloseReason, OutcomeCount, PlanEvent, Reply, RoleReceipt } from './advisor.js';
import type { BreakerState } from './breaker.js';
import type { AdviceStop, ChangeOrigin } from './operations.js';
import type { PlanOpening } from './plan-opening.js';
import type { RecordingConfig } from './recording.js';

/** A plugin as found. */
export interface PluginState {
  readonly id: string;
  readonly version: string;
  readonly role: Role | undefined;
  readonly stability: string;
  readonly state: 'active' | 'available' | 'refused';
  /** Why it was refused; empty otherwise. */
  readonly reason: string;
}

export interface PluginCatalogue {
  plugins(): readonly PluginState[];
}

/** A role as new sessions get it. */
export interface RoleState {
  readonly binding: Binding;
  readonly breaker: BreakerState;
  readonly outcomes: readonly OutcomeCount[];
  /** False when a plugin was wanted but is refused, or the breaker is open. */
  readonly isHealthy: boolean;
}

/** What the host advises with. */
export interface RoleBoard {
  generation(): number;
  roles(): readonly RoleState[];
  /** Called after a role's health may have changed. */
  onChange(listener: () => void): void;
}

/** An open session, for operators. */
export interface SessionState {
  readonly sessionId: string;
  readonly client: string;
  readonly generation: number;
  readonly level: number;
  readonly stage: number;
  readonly iteration: number;
  readonly objective: number;
  readonly ageMs: number;
}

export interface SessionRegistry {
  sessions(): readonly SessionState[];
  readonly isDraining: boolean;
  /** Refuses new plans and tells open ones. Resolves when the last session has ended or the time is up. */
  drain(withinMs: number): Promise<void>;
}

/** Runs models. `undefined` model handles never happen: a missing model is a ModelUnavailable. */
export type InferenceClient = Inference;

/** Where a model runs: on the thread that serves, on worker threads, or on another machine. */
export type Placement = 'inline' | 'worker' | 'remote';

/** A version of a model as the repository has it. */
export interface ModelState {
  readonly id: string;
  readonly version: string;
  readonly labels: readonly string[];
  readonly state: 'available' | 'loading' | 'ready' | 'refused';
  /** Undefined unless ready. */
  readonly placement: Placement | undefined;
  /** What a golden case took at warm-up; undefined unless ready. */
  readonly costMs: number | undefined;
  /** Why it was refused; empty otherwise. */
  readonly reason: string;
}

export interface ModelCatalogue {
  models(): readonly ModelState[];
}

/** Figures of one model version in one placement, with its labels resolved once. */
export interface ModelMeter {
  /** One call of the runtime that answered `questions` at once. */
  ran(runMs: number, questions: number): void;
  /** Questions that wait now. */
  queued(questions: number): void;
  /** Questions that ended without an answer: `failed`, `queue-full` or `aborted`. */
  unanswered(reason: 'failed' | 'queue-full' | 'aborted', questions: number): void;
}

/** Where figures of models go. Labels are bounded: model id, version, placement. */
export interface ModelMetrics {
  model(model: ModelIdentity, placement: Placement): ModelMeter;
}

/** The recording of one session. Methods return at once and never throw: a recording that fails ends, the plan goes on. */
export interface SessionRecording {
  event(event: PlanEvent): void;
  /** What the host answered to the last event. */
  answered(reply: Reply): void;
  receipt(receipt: RoleReceipt): void;
  resumed(): void;
  /** The session is over. */
  close(reason: CloseReason): void;
}

export interface RecordingRequest {
  readonly sessionId: string;
  readonly opening: PlanOpening;
  readonly generation: number;
  readonly bindings: readonly Binding[];
  readonly config: RecordingConfig;
}

/** Records sessions as trajectories. */
export interface TrajectoryRecorder {
  /** Undefined when the session is not recorded: switched off, not allowed by the client, or no room. Never throws. */
  open(request: RecordingRequest): SessionRecording | undefined;
}

/** Where the red switch is written down, so that it outlives a restart. */
export interface StopStore {
  load(): AdviceStop | undefined;
  /** `origin`: who changed it. @throws HostError `stop-not-kept` */
  save(stopped: AdviceStop | undefined, origin: ChangeOrigin): Promise<void>;
}

/**
 * What became of recordings: `opened`, then one of `kept`, `kept-incomplete` and `failed`; `refused` before; after a
 * crash `recovered` or `damaged`.
 */
export type RecordingResult =
  | 'opened'
  | 'refused'
  | 'kept'
  | 'kept-incomplete'
  | 'failed'
  | 'recovered'
  | 'damaged';

/** What became of a configuration that was offered, by an edit or a command; `unchanged` says the same as the one in force. */
export type ReloadResult = 'applied' | 'unchanged' | 'refused';

/** Counts for one bound role, with its labels resolved once. */
export interface RoleMeter {
  answered(outcome: Outcome, reason: string, latencyMs: number): void;
  verdict(verdict: string): void;
}

/** Where figures go. Labels are bounded: never a plan or a session. */
export interface MetricsSink {
  role(binding: Binding): RoleMeter;
  breaker(role: Role, state: BreakerState): void;
  generation(generation: number): void;
  configReload(result: ReloadResult): void;
  /** The red switch. */
  adviceStopped(isStopped: boolean): void;
  streamOpened(): void;
  streamClosed(reason: CloseReason): void;
  /** Open sessions, resumable ones included. */
  sessions(count: number): void;
  received(): void;
  sent(): void;
  spurious(): void;
  recording(result: RecordingResult): void;
  /** What an experiment said of a plan; `arm` is empty when it serves none. */
  enrolled(experiment: string, arm: string, reason: string): void;
  outcome(experiment: string, arm: string, status: 'finished' | 'lost'): void;
  /** The store of experiments failed or was late. */
  experimentStoreFailed(what: 'open' | 'assign' | 'outcome' | 'ramp' | 'look'): void;
}
