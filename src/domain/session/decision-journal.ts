import type { Binding } from '../advice/advice.js';
import type { JournalsConfig } from '../host-config.js';
import type { ObserverRequest, SessionObserver } from './session-observer.js';

/** What the host decided of one plan, entry by entry, each bound to all before it. */
export interface DecisionJournal extends SessionObserver {
  /** SHA-256 over the journal to the plan's finish, hexadecimal; empty before it, and where the disk does not take it. */
  head(): string;
  /** Before the session's `resumed`: what a client must show from now on to go on with it; see `JournalRequest.resumeSha256`. */
  mayResume(resumeSha256: string): void;
}

export interface JournalRequest extends ObserverRequest {
  readonly config: JournalsConfig;
  /** `experiment/arm`; empty outside experiments. */
  readonly arm: string;
  /** Over the session's token and its plan: proves a client that comes back, and gives nothing away. */
  readonly resumeSha256: string;
  /** Over the configuration of the roles that serve the plan. */
  readonly rolesSha256: string;
  /** Set when the plan goes on here that began elsewhere. */
  readonly continues?: EarlierSession | undefined;
}

/** A session that this host did not serve, or not since it was started, as its journal tells of it. */
export interface EarlierSession {
  readonly sessionId: string;
  /** `experiment/arm`; empty outside experiments. */
  readonly arm: string;
  readonly rolesSha256: string;
  readonly bindings: readonly PinnedBinding[];
  readonly resumptions: number;
  /** Of the files of the session the one to come, counted from 0. */
  readonly part: number;
  /** Of the last line that is there. */
  readonly head: string;
}

/** What must be the same when a plan goes on. */
export type PinnedBinding = Pick<
  Binding,
  'role' | 'plugin' | 'pluginVersion' | 'model' | 'modelSha256' | 'arm'
>;

export interface EarlierRequest {
  readonly config: JournalsConfig;
  readonly sessionId: string;
  readonly resumeSha256: string;
  /** Since its host wrote the opening. */
  readonly maxAgeMs: number;
}

/** Keeps a journal of every plan. Apart from the other observers, for the client is told its hash. */
export interface DecisionJournals {
  /** Undefined where none is kept. Never throws; a disk that fails is not the plan's. */
  open(request: JournalRequest): DecisionJournal | undefined;
  /**
   * A session whose journal lies in the folder, that may go on, and that this proof is of; undefined for all others. Never rejects.
   */
  find(request: EarlierRequest): Promise<EarlierSession | undefined>;
  /** Takes the session for this host, alone: false when another was first, or the disk refuses. Never rejects. */
  claim(config: JournalsConfig, earlier: EarlierSession): Promise<boolean>;
  /** Gives it back, before a journal was opened. Never rejects. */
  unclaim(config: JournalsConfig, earlier: EarlierSession): Promise<void>;
}
