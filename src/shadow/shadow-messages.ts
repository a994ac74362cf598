import type { Outcome } from '../domain/advice/advice.js';
import type { FinishCounts } from '../domain/advice/stop-effect.js';
import type { HostConfig } from '../domain/host-config.js';
import type { ShadowRoleOutcome } from '../domain/shadow/shadow-outcome.js';
import type { AdviceOf, PlanView, Role, SessionEvent, WantedTensor } from '../plugin-sdk/index.js';

/** What the host and the process that computes shadow arms tell one another. All of it can be cloned. */

/** What was answered in one role. */
export interface ServedAdvice<R extends Role = Role> {
  readonly outcome: Outcome;
  readonly value: AdviceOf<R> | undefined;
}

export type ServedAdvices = { readonly [R in Role]?: ServedAdvice<R> };

/** What happens in a session, in order. */
export type ShadowItem =
  | {
      readonly kind: 'event';
      readonly event: SessionEvent;
      /** What was answered to it; undefined when nothing was. */
      readonly advices: ServedAdvices | undefined;
    }
  /** The plan has finished; its outcome is wanted. `finish` is undefined when its stream broke, so that iterations are missing. */
  | { readonly kind: 'end'; readonly finish: FinishCounts | undefined };

export interface ShadowArmRef {
  readonly experiment: string;
  readonly arm: string;
}

/** A shadow arm of a session. */
export interface FollowedArm extends ShadowArmRef {
  /** What it would see of an event if it served. */
  readonly wanted: readonly WantedTensor[];
}

export interface ShadowOpening {
  /** Number of the session between the two processes. */
  readonly key: number;
  readonly preparation: number;
  readonly sessionId: string;
  readonly seed: number;
  readonly plan: PlanView;
  readonly arms: readonly FollowedArm[];
}

export type ToShadows =
  | { readonly kind: 'prepare'; readonly preparation: number; readonly config: HostConfig }
  | { readonly kind: 'commit' | 'discard'; readonly preparation: number }
  | ({ readonly kind: 'open' } & ShadowOpening)
  | {
      readonly kind: 'item';
      readonly key: number;
      readonly item: ShadowItem;
      readonly bytes: number;
    }
  /** Nobody wants its outcome any more. */
  | { readonly kind: 'drop'; readonly key: number }
  /** Advice is stopped, or resumed: no plugin code runs while it is. */
  | { readonly kind: 'stop'; readonly isStopped: boolean }
  /** Releases everything. */
  | { readonly kind: 'close' };

/** A shadow arm that can be computed. */
export interface ReadyShadowArm extends ShadowArmRef {
  readonly roles: readonly { readonly role: Role; readonly wants: readonly WantedTensor[] }[];
}

/** A shadow arm that can't. */
export interface RefusedShadowArm extends ShadowArmRef {
  readonly path: readonly (string | number)[];
  readonly problem: string;
}

export interface ArmOutcome extends ShadowArmRef {
  readonly metrics: Readonly<Record<string, number>>;
  readonly roles: readonly ShadowRoleOutcome[];
}

export type FromShadows =
  | {
      readonly kind: 'prepared';
      readonly preparation: number;
      readonly ready: readonly ReadyShadowArm[];
      readonly refused: readonly RefusedShadowArm[];
    }
  /** So much has left the queue, computed or thrown away. */
  | { readonly kind: 'done'; readonly items: number; readonly bytes: number }
  | { readonly kind: 'outcome'; readonly key: number; readonly arms: readonly ArmOutcome[] }
  /** No outcome will come. */
  | { readonly kind: 'failed'; readonly key: number; readonly problem: string }
  | {
      readonly kind: 'log';
      readonly level: 'debug' | 'info' | 'warn' | 'error';
      readonly message: string;
      readonly fields: Readonly<Record<string, unknown>>;
    };
