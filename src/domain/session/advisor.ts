import type {
  Quality,
  Receipt,
  Role,
  SessionEvent,
  Volume,
  VolumeKind,
  WantedTensor,
} from '../../plugin-sdk/index.js';
import type { Advice, Outcome, PlanBinding } from '../advice/advice.js';
import type { PlanFinish } from './plan-finish.js';
import type { PlanOpening } from './plan-opening.js';

/** What an optimizer says after its opening. */
export type PlanEvent =
  | Exclude<SessionEvent, { readonly kind: 'receipt' }>
  | { readonly kind: 'volume'; readonly volumeKind: VolumeKind; readonly volume: Volume }
  | PlanFinish;

export interface RoleReceipt extends Receipt {
  readonly role: Role;
}

/** Advice by role; a role that was not asked, or is off, is missing. */
export type Advices = { readonly [R in Role]?: Advice<R> | undefined };

export interface OutcomeCount {
  readonly role: Role;
  readonly outcome: Outcome;
  readonly count: number;
}

export interface VerdictCount {
  readonly role: Role;
  readonly verdict: string;
  readonly count: number;
}

export interface Summary {
  readonly outcomes: readonly OutcomeCount[];
  readonly verdicts: readonly VerdictCount[];
  readonly hostMs: number;
  /** What the plan is worth to experiments is on disk, or there is nothing to keep. */
  readonly isOutcomeKept: boolean;
  readonly provenance: Provenance;
}

/** Where the advice of a plan came from, for its client to keep beside it. */
export interface Provenance {
  /** Name and version. */
  readonly host: string;
  readonly sessionId: string;
  readonly generation: number;
  readonly arm: string;
  readonly bindings: readonly PlanBinding[];
  readonly quality: Quality;
  /** How often the stream broke and went on. */
  readonly resumptions: number;
  /** Messages answered, this one left out. */
  readonly answers: number;
  /** At the end of the plan's journal, hexadecimal; empty where there is none. */
  readonly journalSha256: string;
}

/** The answer to one event. */
export type Reply =
  | { readonly kind: 'geometry'; readonly advices: Advices }
  | {
      readonly kind: 'level';
      readonly level: number;
      readonly stage: number;
      readonly advices: Advices;
    }
  | {
      readonly kind: 'iteration';
      readonly level: number;
      readonly stage: number;
      readonly iteration: number;
      readonly advices: Advices;
    }
  | { readonly kind: 'summary'; readonly summary: Summary };

/** A tensor that a plan's optimizer is asked for. */
export interface PlanWant extends WantedTensor {
  /** The only roles that want it; empty when a recording or a shadow arm wants it as well. */
  readonly roles: readonly Role[];
}

/** The host's answer to an opening. */
export interface Acceptance {
  readonly sessionId: string;
  /** Hexadecimal; good for one resume. */
  readonly resumeToken: string;
  readonly generation: number;
  readonly arm: string;
  readonly bindings: readonly PlanBinding[];
  readonly wanted: readonly PlanWant[];
  readonly isRecording: boolean;
  readonly resumeTtlMs: number;
  /** The plan began elsewhere, or before this host was started. */
  readonly isTakenOver: boolean;
}

export interface Notice {
  readonly kind: 'draining' | 'role-off' | 'ignored';
  readonly text: string;
  readonly role?: Role | undefined;
}

/** Why a stream ended, as a label of the metrics. */
export type CloseReason =
  | 'finished'
  | 'broken'
  | 'refused'
  | 'idle'
  | 'too-old'
  | 'drained'
  | 'lost';

/** What a session may say without being asked. */
export interface SessionListener {
  notice(notice: Notice): void;
  /** The host ends the session; the transport closes the stream with this error, or cleanly without one. */
  end(error: unknown): void;
}

/** A plan that is advised. Methods are called in order, one at a time. */
export interface AdvisedPlan {
  /**
   * Takes one event. Answers at once when every plugin does, and undefined where the contract has no answer.
   * @throws HostError when the event breaks the contract.
   */
  handle(event: PlanEvent): Reply | undefined | Promise<Reply | undefined>;
  receipt(receipt: RoleReceipt): void;
}

/** A plan on a stream. */
export interface AdvisorSession {
  readonly acceptance: Acceptance;
  readonly plan: AdvisedPlan;
  /** The stream is gone. Unless the plan had finished, the session waits for a resume. */
  streamClosed(reason: CloseReason): void;
}

/** Opens sessions. */
export interface Advisor {
  /**
   * At once, unless the plan has to wait for its arms in experiments.
   * @param peer who calls, for the limit per client.
   * @param forced Experiment -> arm; the caller has checked that an operator asks.
   * @throws HostError when the plan is refused.
   */
  open(
    opening: PlanOpening,
    peer: string,
    listener: SessionListener,
    forced?: Readonly<Record<string, string>>,
  ): AdvisorSession | Promise<AdvisorSession>;
}
