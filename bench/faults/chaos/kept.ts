import { join } from 'node:path';
import { journalPath } from '../../../src/storage/journals/clean-journals.js';
import { verifyJournal } from '../../../src/storage/journals/verify-journal.js';
import { SecondConnection } from '../../../src/storage/testing/second-connection.js';
import type { Played } from './plan-result.js';

/** The end of a journal is on disk by then, after the end of its plan; the optimizer ends a while after that. */
const WRITTEN_WITHIN_MS = 2000;

interface Evidence {
  /** Session -> states of its outcomes. */
  readonly outcomes: ReadonlyMap<string, readonly string[]>;
  /** When hosts were killed, by `performance.now`. */
  readonly killsMs: readonly number[];
}

/** What is wrong with what the host kept of a plan whose client was told that it is over; undefined when nothing is. */
export async function keptProblem(
  folder: string,
  { advice, endedMs, wasFlipped }: Played,
  { outcomes, killsMs }: Evidence,
): Promise<string | undefined> {
  if (advice?.provenance === undefined || advice.provenance === null || wasFlipped)
    return undefined;
  const { session_id: session, provenance } = advice;
  const rows = outcomes.get(session) ?? [];
  if (provenance.arm !== '' && rows.join() !== 'finished') {
    return `session ${session} has the outcomes [${rows.join()}]`;
  }
  if (provenance.journal_sha256 === '') return undefined;
  const path = await newestJournal(join(folder, 'journals'), session);
  const verified = await verifyJournal(path);
  if (verified.head === provenance.journal_sha256 && verified.state !== 'broken') return undefined;
  // What a killed host had not yet written goes with it (docs/journals.md); what is there holds together.
  const wasKilled = killsMs.some((ms) => Math.abs(ms - endedMs) < WRITTEN_WITHIN_MS);
  if (wasKilled && verified.state === 'no-finish') return undefined;
  return `journal ${path} is ${verified.state}, ${verified.problem ?? ''}; its head differs: ${verified.head !== provenance.journal_sha256}`;
}

async function newestJournal(directory: string, session: string): Promise<string> {
  let path = journalPath(directory, session);
  for (;;) {
    const next = await verifyJournal(path);
    if (next.goesOnIn === undefined) return path;
    path = next.goesOnIn;
  }
}

/** How the sessions of a host stand in its database. */
export function outcomesOf(folder: string): ReadonlyMap<string, readonly string[]> {
  const other = new SecondConnection(join(folder, 'experiments.db'));
  const both = other.column("session || ' ' || status", 'outcomes').map((row) => row.split(' '));
  other.close();
  const bySession = new Map<string, string[]>();
  for (const [session = '', status = ''] of both) {
    bySession.set(session, [...(bySession.get(session) ?? []), status]);
  }
  return bySession;
}
