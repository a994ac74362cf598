import { existsSync } from 'node:fs';
import Table from 'cli-table3';
import { readConfig } from '../../config/read-config.js';
import { HostError } from '../../domain/errors/host-error.js';
import { journalPath } from '../../storage/journals/clean-journals.js';
import { type VerifiedJournal, verifyJournal } from '../../storage/journals/verify-journal.js';
import { plainTable } from '../plain-table.js';

export interface VerifyOptions {
  readonly config?: string | undefined;
  /** What the client kept. */
  readonly head?: string | undefined;
  readonly json?: boolean | undefined;
}

/** What became of the hash that the client kept. */
type HeadMatch = 'not-asked' | 'matches' | 'another-line' | 'not-there';

export interface Verification {
  readonly lines: readonly string[];
  readonly isWhole: boolean;
}

const SESSION = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

function pathOf(journal: string, config: string | undefined): string {
  if (config === undefined) return journal;
  if (!SESSION.test(journal)) throw new HostError('journal-not-session', { text: journal });
  const { directory } = readConfig(config).config.journals;
  // The newest, which is checked against those before it.
  let part = 0;
  while (existsSync(journalPath(directory, journal, part + 1))) part += 1;
  return journalPath(directory, journal, part);
}

function matchOf({ head, lineOf }: VerifiedJournal, kept: string | undefined): HeadMatch {
  if (kept === undefined) return 'not-asked';
  if (kept === head) return 'matches';
  return lineOf.has(kept) ? 'another-line' : 'not-there';
}

function stateWords(journal: VerifiedJournal): string {
  const { state, brokenLine, problem, closeReason, head } = journal;
  switch (state) {
    case 'broken':
      return `broken at line ${brokenLine}, which ${problem}`;
    case 'no-finish':
      return 'ends without a finish: the plan is open, its host was killed, or lines are gone';
    case 'no-close':
      return 'ends without a close: the session is open, its host was killed, or the last line is gone';
    case 'whole':
      return head === undefined ? `whole; the plan did not finish (${closeReason})` : 'whole';
  }
}

function matchWords({ lineOf }: VerifiedJournal, kept: string, match: HeadMatch): string {
  switch (match) {
    case 'another-line':
      return `is that of line ${lineOf.get(kept)}, and not of the finish`;
    case 'not-there':
      return 'is of no line of this journal';
    default:
      return 'is that of the finish';
  }
}

/**
 * With the hash that the client kept a journal is proven to the plan's finish, whatever follows; without it, only in itself: who changes a
 * journal can compute its hashes anew.
 */
function isProven({ state, brokenLine, head, lineOf }: VerifiedJournal, match: HeadMatch): boolean {
  if (match === 'not-asked') return state === 'whole';
  if (match !== 'matches' || head === undefined) return false;
  return brokenLine === undefined || brokenLine > (lineOf.get(head) ?? 0);
}

/** What `session verify` prints. @throws HostError `journal-missing`, `journal-invalid`, `journal-not-session` */
export async function verify(journal: string, options: VerifyOptions): Promise<Verification> {
  const { config, head: kept, json = false } = options;
  const path = pathOf(journal, config);
  const verified = await verifyJournal(path);
  const match = matchOf(verified, kept);
  const isWhole = isProven(verified, match);
  if (json) return { lines: [JSON.stringify(asJson(path, verified, match, isWhole))], isWhole };
  const { session, lines, head, lastSha256, missingEntries } = verified;
  const table = new Table(plainTable);
  const rows: (readonly [string, string | number])[] = [
    ['journal', path],
    ['state', stateWords(verified)],
    ['session', session ?? '-'],
    ['lines', lines],
    ['head', head ?? '-'],
    ['last line', lines === 0 ? '-' : lastSha256],
  ];
  const { continues, goesOnIn } = verified;
  if (continues !== undefined) rows.push(['continues', continues]);
  if (goesOnIn !== undefined) rows.push(['goes on in', goesOnIn]);
  if (missingEntries > 0) rows.push(['missing', `${missingEntries} entries found no room`]);
  if (kept !== undefined) rows.push(['kept head', matchWords(verified, kept, match)]);
  for (const [name, value] of rows) table.push([name, value]);
  return { lines: [table.toString()], isWhole };
}

function asJson(path: string, verified: VerifiedJournal, match: HeadMatch, isWhole: boolean) {
  return {
    path,
    is_proven: isWhole,
    state: verified.state,
    broken_line: verified.brokenLine ?? null,
    problem: verified.problem ?? null,
    session: verified.session ?? null,
    lines: verified.lines,
    head: verified.head ?? null,
    last_sha256: verified.lines === 0 ? null : verified.lastSha256,
    close_reason: verified.closeReason ?? null,
    missing_entries: verified.missingEntries,
    continues: verified.continues ?? null,
    goes_on_in: verified.goesOnIn ?? null,
    kept_head: match,
  };
}
