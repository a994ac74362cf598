import { access, open } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { describeThrown, HostError } from '../../domain/errors/host-error.js';
import { journalPath } from './clean-journals.js';
import { checkLine, FIRST_PREVIOUS } from './journal-chain.js';
import { JOURNAL_FORMAT } from './journal-entries.js';

/** Far beyond any journal, which is ended at 4 MiB of decisions. */
const MAX_JOURNAL_BYTES = 64 * 2 ** 20;

/** `whole`: from the opening to the end of its session; what is missing of it is told apart. */
export type JournalState = 'whole' | 'broken' | 'no-finish' | 'no-close';

export interface VerifiedJournal {
  readonly state: JournalState;
  /** Of a broken journal: where, counted from 1, and why. */
  readonly brokenLine: number | undefined;
  readonly problem: string | undefined;
  readonly session: string | undefined;
  /** Lines that are as they were written. */
  readonly lines: number;
  /** After the finish; undefined when the plan did not finish. */
  readonly head: string | undefined;
  /** What the first line follows: of a part of a session the hash of a line of the part before. */
  readonly follows: string;
  /** After the last line that is as it was written. */
  readonly lastSha256: string;
  /** Why the session ended, as the journal says; undefined when it does not. */
  readonly closeReason: string | undefined;
  /** Entries that found no room when they were due. */
  readonly missingEntries: number;
  /** `sha256` -> line, counted from 1. */
  readonly lineOf: ReadonlyMap<string, number>;
  /** Of a session that went on elsewhere: the file it went on from, and the one it goes on in. */
  readonly continues?: string | undefined;
  readonly goesOnIn?: string | undefined;
}

/** What a file is called by; a file of another name may be any. */
export interface JournalName {
  readonly session: string | undefined;
  readonly part: number | undefined;
}

const NAME = /^(.+?)(?:\.([1-9]\d*))?\.journal$/;

function nameOf(path: string): JournalName {
  const [, session, part = '0'] = NAME.exec(basename(path)) ?? [];
  return { session, part: session === undefined ? undefined : Number(part) };
}

/** @throws HostError `journal-missing`, `journal-invalid` */
export async function readWhole(path: string): Promise<Buffer> {
  const handle = await open(path).catch((thrown: NodeJS.ErrnoException) => {
    if (thrown.code === 'ENOENT') throw new HostError('journal-missing', { path });
    throw new HostError('journal-invalid', {
      path,
      problem: `cannot be read: ${describeThrown(thrown)}`,
    });
  });
  try {
    const stats = await handle.stat();
    const refuse = (problem: string) => {
      throw new HostError('journal-invalid', { path, problem });
    };
    if (!stats.isFile()) refuse('is a folder or a device; name the file of a journal');
    if (stats.size > MAX_JOURNAL_BYTES) {
      refuse(`has ${stats.size} bytes; a journal has at most ${MAX_JOURNAL_BYTES}`);
    }
    const bytes = Buffer.alloc(stats.size);
    const { bytesRead } = await handle.read(bytes, 0, bytes.length, 0);
    return bytes.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}

/** What a journal's lines have told so far. */
class Reading {
  readonly lineOf = new Map<string, number>();
  previous: string = FIRST_PREVIOUS;
  /** What the first line follows. */
  follows: string = FIRST_PREVIOUS;
  readonly #part: number | undefined;
  session: string | undefined;
  head: string | undefined;
  closeReason: string | undefined;
  missingEntries = 0;
  readonly #expected: string | undefined;
  #lastKind = '';

  /** As the file is called. */
  constructor({ session, part }: JournalName) {
    this.#expected = session;
    this.#part = part;
  }

  /** @returns what is wrong with the line. */
  take(line: string): string | undefined {
    const isFirst = this.lineOf.size === 0;
    const checked = checkLine(line, isFirst && this.#part !== 0 ? undefined : this.previous);
    if (typeof checked === 'string') return checked;
    const { sha256, entry } = checked;
    const kind = String(entry['kind']);
    if (isFirst !== (kind === 'opening')) {
      return isFirst ? 'is the first, but no opening' : 'is an opening in the middle';
    }
    if (isFirst && entry['format'] !== JOURNAL_FORMAT) {
      return `is of format ${String(entry['format'])}; this version reads ${JOURNAL_FORMAT}`;
    }
    const session = String(entry['session']);
    if (isFirst && this.#expected !== undefined && session !== this.#expected) {
      return `is of session ${session}, and not of ${this.#expected}, as the file is called`;
    }
    if (isFirst) {
      const { part = 0 } = entry;
      if (this.#part !== undefined && this.#part !== part) {
        return `is of part ${String(part)} of its session, and not of ${this.#part}, as the file is called`;
      }
      if (part === 0 && checked.previous !== FIRST_PREVIOUS) {
        return 'is not the first line of a journal: lines before it are gone';
      }
      this.follows = checked.previous;
    }
    if (this.#lastKind === 'close') return 'comes after the end of the session';
    this.#lastKind = kind;
    this.previous = sha256;
    this.lineOf.set(sha256, this.lineOf.size + 1);
    if (isFirst) this.session = session;
    else if (kind === 'missing') this.missingEntries += Number(entry['entries']);
    else if (kind === 'finish') this.head = sha256;
    else if (kind === 'close') this.closeReason = String(entry['reason']);
    return undefined;
  }
}

/** The lines of a file; what is not UTF-8 is no line of a journal, and must not be read as one that has its text. */
export function linesOf(bytes: Uint8Array): {
  readonly lines: readonly string[];
  readonly isTorn: boolean;
} {
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  const lines: string[] = [];
  let from = 0;
  for (let end = bytes.indexOf(0x0a); end >= 0; end = bytes.indexOf(0x0a, from)) {
    try {
      lines.push(decoder.decode(bytes.subarray(from, end)));
    } catch {
      lines.push('');
    }
    from = end + 1;
  }
  return { lines, isTorn: from < bytes.length };
}

/**
 * Checks each line against its own hash and against the line before. `session`, `part`: as the file is called; undefined: of any. What the
 * first line of a later part follows is not looked for.
 */
export function verifyBytes(
  bytes: Uint8Array,
  session: string | undefined,
  part: number | undefined = session === undefined ? undefined : 0,
): VerifiedJournal {
  const { lines, isTorn } = linesOf(bytes);
  const reading = new Reading({ session, part });
  let problem: string | undefined;
  for (const line of lines) {
    problem = reading.take(line);
    if (problem !== undefined) break;
  }
  if (problem === undefined && isTorn) problem = 'ends in the middle: it was cut, or written half';
  else if (bytes.length === 0) problem = 'is not there: the file is empty';
  const { head, closeReason } = reading;
  return {
    state: stateOf(problem, head, closeReason),
    brokenLine: problem === undefined ? undefined : reading.lineOf.size + 1,
    problem,
    session: reading.session,
    lines: reading.lineOf.size,
    head,
    lastSha256: reading.previous,
    closeReason,
    missingEntries: reading.missingEntries,
    lineOf: reading.lineOf,
    follows: reading.follows,
  };
}

function stateOf(
  problem: string | undefined,
  head: string | undefined,
  closeReason: string | undefined,
): JournalState {
  if (problem !== undefined) return 'broken';
  if (closeReason !== undefined) return 'whole';
  return head === undefined ? 'no-finish' : 'no-close';
}

/**
 * Whether a journal is as its host wrote it. A file that still has the name its host gave it is also checked to be of that session.
 * @throws HostError `journal-missing`, `journal-invalid`
 */
export async function verifyJournal(path: string): Promise<VerifiedJournal> {
  const { session, part } = nameOf(path);
  const verified = verifyBytes(await readWhole(path), session, part);
  if (session === undefined || part === undefined) return verified;
  const partPath = (other: number) => journalPath(dirname(path), session, other);
  const goesOnIn = await access(partPath(part + 1)).then(
    () => partPath(part + 1),
    () => undefined,
  );
  if (part === 0 || verified.lines === 0) return { ...verified, goesOnIn };
  const continues = partPath(part - 1);
  const before = await verifyJournal(continues).catch(describeThrown);
  const problem = linkProblem(before, verified, continues);
  if (problem === undefined) return { ...verified, continues, goesOnIn };
  return { ...verified, state: 'broken', brokenLine: 1, problem, continues, goesOnIn };
}

/** What is wrong where a part follows the one before it. Lines after the one it follows are of a host that was left behind. */
function linkProblem(
  before: VerifiedJournal | string,
  { follows }: VerifiedJournal,
  path: string,
): string | undefined {
  if (typeof before === 'string') return `goes on from a file that cannot be checked: ${before}`;
  if (!before.lineOf.has(follows)) return `follows no line of ${path}`;
  if (before.head !== undefined) return `goes on with a plan that has finished in ${path}`;
  // The first line of a part may be wrong in itself, because of the part before.
  return before.brokenLine === 1 ? `goes on from ${path}, of which ${before.problem}` : undefined;
}
