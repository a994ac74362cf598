import type { Role } from '../../plugin-sdk/index.js';
import type { Outcome } from '../advice/advice.js';

/**
 * What became of a session in the eyes of a shadow arm: its outcome is `stored`, or there is none because the plan was `unfinished`
 * or cancelled, operators `stopped` advice, the arm's plugins were `not-ready`, the queue was full or too many sessions were open
 * (`queue-full`), the thread that serves was `busy` or waited for a processor (`no-processor`), the worker ended (`worker-died`), the arm `failed`, the database did not take
 * it (`store-failed`; tried again, and counted as `stored` when it does), or the host went away (`host-stopped`).
 */
export type ShadowResult =
  | 'stored'
  | 'unfinished'
  | 'stopped'
  | 'not-ready'
  | 'queue-full'
  | 'busy'
  | 'no-processor'
  | 'worker-died'
  | 'failed'
  | 'store-failed'
  | 'host-stopped';

/** Why a session has no shadow outcome. */
export type ShadowLoss = Exclude<ShadowResult, 'stored' | 'store-failed'>;

/** What a thread that serves may be short of, time or processors. */
export type Overload = Extract<ShadowResult, 'busy' | 'no-processor'>;

/** Where a shadow arm would have stopped a stage, and how far the stage went with what was served. */
export interface ShadowStop {
  readonly level: number;
  readonly stage: number;
  /** Of the first stop that it advised; counts from 0. */
  readonly iteration: number;
  /** Iterations of the stage as it was run, and why it ended; undefined when its end was never told. */
  readonly served: { readonly iterations: number; readonly stopReason: string } | undefined;
}

/** What a shadow arm would have said in one role of one plan, beside what was served. */
export interface ShadowRoleOutcome {
  readonly role: Role;
  /** Questions that were put to it. */
  readonly questions: number;
  /** Of them: it and what was served were both without a value, or had the same; see `compareAdvice`. */
  readonly agreed: number;
  /** What became of the shadow arm's answers. */
  readonly outcomes: Readonly<Partial<Record<Outcome, number>>>;
  /** Relative differences where both had a value that has one. */
  readonly difference: { readonly count: number; readonly mean: number; readonly max: number };
  /** Answers that took longer than the role's deadline, in a process that yields to all others. */
  readonly late: number;
  readonly latencyMs: { readonly p50: number; readonly max: number };
  /** Of early stopping, in order, at most one a stage. */
  readonly stops: readonly ShadowStop[];
}

/** What a shadow arm would have advised on one plan that finished, or why it was not computed on all of it. */
export interface ShadowOutcome {
  readonly experiment: string;
  readonly session: string;
  readonly arm: string;
  /** The arm that served the plan. */
  readonly served: string;
  /**
   * Metrics of the plan as its stops would have made it, where that is known: none of an arm without early stopping, or when it would
   * have gone on where the plan was stopped. See stop-effect.ts.
   */
  readonly metrics: Readonly<Record<string, number>>;
  readonly roles: readonly ShadowRoleOutcome[];
  /** Set where it was lost: there are no metrics and no roles then. */
  readonly lost?: ShadowLoss;
  readonly atMs: number;
}
