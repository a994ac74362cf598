import type {
  AdaptiveVarianceAdvice,
  EarlyStoppingAdvice,
  HistogramSigmaAdvice,
  InitializationAdvice,
  PyramidSigmaAdvice,
  StepDirectionAdvice,
} from './advice.js';
import type { Role } from './role.js';
import type { Geometry, Iteration, LevelEnd, LevelStart } from './session-view.js';

/** Advice now, advice later, or nothing to say. "No advice" is always a valid answer (outcome DEFAULT). */
export type Answer<T> = T | undefined | Promise<T | undefined>;

/** What the optimizer did with an earlier piece of this role's advice. */
export interface Receipt {
  readonly kind: 'receipt';
  /** `accepted`, or a refusal such as `not-descent` or `worse-than-default`. */
  readonly verdict: string;
  readonly level: number;
  /** Undefined for geometry and level advice. */
  readonly iteration: number | undefined;
}

/** What happens in a session, in order. `kind` tells them apart; all else lies beside it. */
export type SessionEvent = Geometry | LevelStart | Iteration | LevelEnd | Receipt;

/** A plugin's own state for one session. The host calls it from one session at a time, never concurrently. */
export interface RoleSession<Question, Value> {
  /** Told of every event, before any question about it. Must return at once and must not await. */
  observe?(event: SessionEvent): void;
  /**
   * Answers one question. May be synchronous, which costs the host no timer, or asynchronous. `signal` aborts when the
   * deadline has passed or the session has ended; what is returned after that is discarded.
   * @throws RetryLater, NotApplicable, InvalidInput, ModelUnavailable; anything else counts as a defect of the plugin.
   */
  advise(question: Question, signal: AbortSignal): Answer<Value>;
  /** Called once, when the session ends. Nothing is called afterwards. */
  dispose?(): void;
}

/** The question of `adaptive-variance`: a level start, or an iteration when the plugin asks for those too. */
export type VarianceQuestion = LevelStart | Iteration;

/** Asked at every level start. */
export type InitializationSession = RoleSession<LevelStart, InitializationAdvice>;
/** Asked once, with the geometry. */
export type HistogramSigmaSession = RoleSession<Geometry, HistogramSigmaAdvice>;
/** Asked once, with the geometry. */
export type PyramidSigmaSession = RoleSession<Geometry, PyramidSigmaAdvice>;
/** Asked at every level start, and at iterations if the definition has `asksEveryN`. */
export type AdaptiveVarianceSession = RoleSession<VarianceQuestion, AdaptiveVarianceAdvice>;
/** Asked after every iteration. */
export type StepDirectionSession = RoleSession<Iteration, StepDirectionAdvice>;
/** Asked after every iteration. */
export type EarlyStoppingSession = RoleSession<Iteration, EarlyStoppingAdvice>;

/** Role -> the session its plugins open. */
export interface SessionByRole {
  readonly initialization: InitializationSession;
  readonly 'histogram-sigma': HistogramSigmaSession;
  readonly 'pyramid-sigma': PyramidSigmaSession;
  readonly 'adaptive-variance': AdaptiveVarianceSession;
  readonly 'step-direction': StepDirectionSession;
  readonly 'early-stopping': EarlyStoppingSession;
}

export type RoleSessionOf<R extends Role> = SessionByRole[R];
/** What a role is asked. */
export type QuestionOf<R extends Role> = Parameters<SessionByRole[R]['advise']>[0];
