import type { ObserverRequest, SessionObserver } from './session-observer.js';

/** Where the decisions of plans are written down, and for how long. */
export interface JournalsConfig {
  readonly enabled: boolean;
  /** Absolute. Several hosts may share it. */
  readonly directory: string;
  /** Journals that were last written so many days ago are removed. */
  readonly keepDays: number;
  /** Of the whole directory; beyond it the oldest journals of plans that have ended are removed. */
  readonly maxTotalBytes: number;
  /** A journal that nobody wrote to for so long is of no open plan, whoever's it is. */
  readonly openAtMostMs: number;
}

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
