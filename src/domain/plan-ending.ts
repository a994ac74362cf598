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

/** Ends of plans that the database could not take yet, on a disk of this host. */
export interface EndingSpool {
  /** The disk has it when it resolves. @throws when the disk refuses. */
  append(ending: PlanEnding): Promise<void>;
  /** All that was appended is stored elsewhere. @throws when the disk refuses. */
  clear(): Promise<void>;
}

/** What hosts left that no longer run. */
export interface TakenOver {
  /** Ends that they had put aside and that count now. */
  readonly stored: number;
  /** Sessions of theirs without an end. */
  readonly lost: number;
}

/** Stores an end, its opening as well where that is missing. False when the session had an end before. @throws when the store fails. */
export async function storeEnding(
  outcomes: Pick<OutcomeStore, 'open' | 'finish' | 'lose'>,
  { opening, status, metrics, atMs }: PlanEnding,
): Promise<boolean> {
  const { experiment, session } = opening;
  await outcomes.open(opening);
  return status === 'finished'
    ? outcomes.finish(experiment, session, metrics, atMs)
    : outcomes.lose(experiment, session, atMs);
}
