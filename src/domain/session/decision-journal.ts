import type { JournalsConfig } from '../host-config.js';
import type { ObserverRequest, SessionObserver } from './session-observer.js';

/** What the host decided of one plan, entry by entry, each bound to all before it. */
export interface DecisionJournal extends SessionObserver {
  /** SHA-256 over the journal to the plan's finish, hexadecimal; empty before it, and where the disk does not take it. */
  head(): string;
}

export interface JournalRequest extends ObserverRequest {
  readonly config: JournalsConfig;
  /** `experiment/arm`; empty outside experiments. */
  readonly arm: string;
}

/** Keeps a journal of every plan. Apart from the other observers, for the client is told its hash. */
export interface DecisionJournals {
  /** Undefined where none is kept. Never throws; a disk that fails is not the plan's. */
  open(request: JournalRequest): DecisionJournal | undefined;
}
