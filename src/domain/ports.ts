import type { Inference, ModelIdentity, Role } from '../plugin-sdk/index.js';
import type { Binding, Outcome } from './advice/advice.js';
import type { BreakerState } from './advice/breaker.js';
import type { AdviceStop, ChangeOrigin } from './operations/operations.js';
import type { ReplayBasis } from './replay/replay.js';
import type {
  CloseReason,
  OutcomeCount,
  PlanEvent,
  Reply,
  RoleReceipt,
} from './session/advisor.js';
import type { PlanOpening } from './session/plan-opening.js';
import type { RecordingConfig } from './session/recording.js';
import type { ShadowResult } from './shadow/shadow-outcome.js';

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

/** How the models stand at this moment. */
export interface ModelGauges extends ModelCatalogue {
  /** Worker threads that run a question, and questions that wait for one. */
  workerPool(): { readonly busy: number; readonly queued: number };
}

/** Figures of one model version in one placement, with its labels resolved once. */
export interface ModelMeter {
  /** One call of the runtime that answered `questions` at once. */
  ran(runMs: number, questions: number): void;
  /** Questions that wait now. */
  queued(questions: number): void;
  /** How long a question waited before its run began. */
  waited(waitMs: number): void;
  /** Questions that ended without an answer: `failed`, `queue-full` or `aborted`. */
  unanswered(reason: 'failed' | 'queue-full' | 'aborted', questions: number): void;
}

/** Where figures of models go. Labels are bounded: model id, version, placement. */
export interface ModelMetrics {
  model(model: ModelIdentity, placement: Placement): ModelMeter;
  /** A version became ready: what reading and checking its files took, and trying it out. */
  modelReady(model: ModelIdentity, loadMs: number, warmUpMs: number): void;
  /** Where to look, whenever somebody scrapes, for states and for the worker threads. */
  watchModels(source: ModelGauges): void;
}

/**
 * Follows one session: a recording, the operator's live board, a trace. Methods return at once and never throw, for a
 * plan must not pay for being watched; what they are given belongs to the session and is copied if it is kept.
 */
export interface SessionFollower {
  event(event: PlanEvent): void;
  /** What the host answered to the last event. */
  answered(reply: Reply): void;
  receipt(receipt: RoleReceipt): void;
  /** The stream broke; the session waits for a resume. */
  broken(): void;
  resumed(): void;
  /** The session is over. */
  close(reason: CloseReason): void;
}

/** A session as it opens. */
export interface FollowRequest {
  readonly sessionId: string;
  readonly opening: PlanOpening;
  readonly generation: number;
  readonly bindings: readonly Binding[];
}

/** Follows sessions. */
export interface SessionAudience {
  /** Undefined when this session is not followed. Never throws. */
  follow(request: FollowRequest): SessionFollower | undefined;
}

export interface RecordingRequest extends FollowRequest {
  readonly config: RecordingConfig;
  /** What the session's answers depend on. */
  readonly basis: ReplayBasis;
  readonly seed: number;
}

/** Records sessions as trajectories. Apart from the audience, for the client has a say and is told. */
export interface TrajectoryRecorder {
  /** Undefined when the session is not recorded: switched off, not allowed by the client, or no room. Never throws. */
  open(request: RecordingRequest): SessionFollower | undefined;
}

/** Where the red switch is written down, so that it outlives a restart. */
export interface StopStore {
  load(): AdviceStop | undefined;
  /** `origin`: who changed it. @throws HostError `stop-not-kept`, `stop-not-logged` */
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

/** Latency of a role's answers, read off its histogram. */
export interface LatencyFigures {
  readonly count: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

/** Figures of the running host, for operators. */
export interface HostFigures {
  /** Of all answers that this binding gave since the host started; undefined before the first. */
  latency(binding: Binding): LatencyFigures | undefined;
  /** How late the event loop runs, since somebody last scraped the metrics. */
  loopLagMs(): { readonly p50: number; readonly p99: number };
}

/** Where an experiment stands. */
export interface RampFigures {
  readonly experiment: string;
  readonly percent: number;
  readonly state: string;
}

/** What of experiments failed; `backlog`: storing again what could not be stored. */
export type ExperimentFailure = 'open' | 'assign' | 'outcome' | 'backlog' | 'ramp' | 'look';

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
  experimentStoreFailed(what: ExperimentFailure): void;
  /** Whether the database of experiments could be used when it was last asked. */
  experimentStore(isUsable: boolean): void;
  /** Ends of plans that wait for the database. */
  outcomesWaiting(outcomes: number): void;
  /** What became of a session in the eyes of a shadow arm. */
  shadowed(experiment: string, arm: string, result: ShadowResult): void;
  /** Where experiments stand, all of them: percent of the units let in, and the state of the ramp. */
  ramps(positions: readonly RampFigures[]): void;
}
