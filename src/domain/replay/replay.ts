import type {
  PlanView,
  ReadonlyVector,
  Role,
  TensorKind,
  WantedTensor,
} from '../../plugin-sdk/index.js';
import type { Binding, Outcome } from '../advice/advice.js';
import type { BreakerConfig, EnvelopeConfig, ServedRole } from '../host-config.js';
import type { Advices, CloseReason, PlanEvent, RoleReceipt } from '../session/advisor.js';

/** What a role's answers depend on beside its plugin and models. Its deadline does not repeat, and is left out. */
export type ReplayedRole = Pick<ServedRole, 'plugin' | 'settings' | 'onFailure'>;

/** What answers of a session depended on, as it was when the session opened. */
export interface ReplayBasis {
  /** As bound, so the overrides of an arm are in it. */
  readonly roles: Readonly<Record<Role, ReplayedRole>>;
  readonly envelope: EnvelopeConfig;
  readonly breaker: BreakerConfig;
  /** Iterations that plugins saw of a stage. */
  readonly historyIterations: number;
  /** Tensors that plugins asked for: these are recorded with every bit. */
  readonly wanted: readonly WantedTensor[];
}

/** A piece of advice as the host gave it. */
export interface RecordedAdvice {
  readonly role: Role;
  readonly outcome: Outcome;
  readonly reason: string;
  readonly score: number;
  /** Undefined where there was none. */
  readonly value: AdviceParts | undefined;
}

/** One thing that happened in a session. */
export type RecordedStep =
  | {
      readonly kind: 'event';
      /** Of the host's clock, from the opening on. */
      readonly atMs: number;
      readonly event: Exclude<PlanEvent, { readonly kind: 'volume' }>;
      /** By role; undefined where there was no answer, or none came to the disk. */
      readonly answer: ReadonlyMap<Role, RecordedAdvice> | undefined;
    }
  | RoleReceipt
  | { readonly kind: 'resumed' };

/** A session that can be replayed. Keys of plan and patient are pseudonyms. */
export interface RecordedPlan {
  readonly sessionId: string;
  readonly planId: string;
  readonly client: string;
  readonly adviceMode: 'shadow' | 'advise';
  /** Undefined when it is sealed and the secret of the recordings is not there. */
  readonly seed: number | undefined;
  readonly plan: PlanView;
  readonly bindings: readonly Binding[];
  readonly basis: ReplayBasis;
  /** Tensors kept for training: single precision unless plugins asked for them, too. */
  readonly recorded: readonly WantedTensor[];
  /** Volumes that were sent and are never stored. */
  readonly volumes: readonly TensorKind[];
  readonly steps: readonly RecordedStep[];
  /** Why the recording does not hold the whole session; undefined when it does. */
  readonly missing: string | undefined;
  /** Undefined when the session has no ending. */
  readonly outcome: CloseReason | undefined;
}

/** What the host answered to one event of a replay. */
export interface ReplayedAnswer {
  readonly advices: Advices;
  /** Roles whose recorded outcome was used, because it hung on the machine and not on the recording. */
  readonly forced: ReadonlySet<Role>;
}

/** An advice's value with its vectors apart. */
export interface AdviceParts {
  /** All that is no vector, as JSON. */
  readonly fields: Readonly<Record<string, unknown>>;
  readonly vectors: ReadonlyMap<string, ReadonlyVector>;
}

function isVector(value: unknown): value is ReadonlyVector {
  return (
    typeof value === 'object' && value !== null && !Array.isArray(value) && 'subarray' in value
  );
}

export function advicePartsOf(value: object): AdviceParts {
  const entries = Object.entries(value);
  return {
    fields: Object.fromEntries(entries.filter(([, part]) => part !== undefined && !isVector(part))),
    vectors: new Map(
      entries.filter((entry): entry is [string, ReadonlyVector] => isVector(entry[1])),
    ),
  };
}
