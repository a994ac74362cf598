import type { ShadowOutcome } from '../shadow/shadow-outcome.js';
import type { OutcomeOpening, OutcomeStore } from './experiments.js';

/** How a plan of an experiment ended, with all that its row needs: it can be stored again, anywhere, any number of times. */
export interface PlanEnding {
  readonly opening: OutcomeOpening;
  readonly status: 'finished' | 'lost';
  /** By name; empty unless finished. */
  readonly metrics: Readonly<Record<string, number>>;
  /** Milliseconds since 1970. */
  readonly atMs: number;
}

/** What a shadow arm would have advised on a plan. */
export interface ShadowEnding {
  readonly shadow: ShadowOutcome;
}

export type WaitingOutcome = PlanEnding | ShadowEnding;

/** Outcomes that the database could not take yet, on a disk of this host. */
export interface EndingSpool {
  /** The disk has it when it resolves. @throws when the disk refuses. */
  append(outcome: WaitingOutcome): Promise<void>;
  /** All that was appended is stored elsewhere. @throws when the disk refuses. */
  clear(): Promise<void>;
}

/** What hosts left that no longer run. */
export interface TakenOver {
  /** Outcomes that they had put aside and that count now. */
  readonly stored: number;
  /** Sessions of theirs without an end. */
  readonly lost: number;
  /** Outcomes that no row can have; kept in a file for people to look at. */
  readonly rejected: number;
}

/** Stores an end, its opening as well where that is missing. False when there was one before. @throws when the store fails. */
export async function storeEnding(
  outcomes: Pick<OutcomeStore, 'open' | 'finish' | 'lose' | 'shadow'>,
  outcome: WaitingOutcome,
): Promise<boolean> {
  if ('shadow' in outcome) return outcomes.shadow(outcome.shadow);
  const { opening, status, metrics, atMs } = outcome;
  const { experiment, session } = opening;
  await outcomes.open(opening);
  return status === 'finished'
    ? outcomes.finish(experiment, session, metrics, atMs)
    : outcomes.lose(experiment, session, atMs);
}
