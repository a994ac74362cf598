import { createHash } from 'node:crypto';

/** What the first line holds in the place of the hash before it. */
export const FIRST_PREVIOUS = '0'.repeat(64);

/**
 * A line of a journal: `{"previous":HASH,"sha256":HASH,"entry":ENTRY}`, where `sha256` is that of the 64 letters of `previous` followed by
 * the text of ENTRY, and `previous` the `sha256` of the line before. One bit that differs anywhere in a file is found, the last line included.
 */
const LINE = /^\{"previous":"([0-9a-f]{64})","sha256":"([0-9a-f]{64})","entry":(\{.*\})\}$/s;

function hashOf(previous: string, entry: string): string {
  return createHash('sha256').update(previous).update(entry).digest('hex');
}

/** Binds each entry to all before it. */
export class JournalChain {
  #head: string;

  /** @param head Of the line that comes before the first one, in another file. */
  constructor(head = FIRST_PREVIOUS) {
    this.#head = head;
  }

  /** The `sha256` of the last line. */
  get head(): string {
    return this.#head;
  }

  /** The next line, with its line break. `entry`: as JSON. */
  add(entry: string): string {
    const previous = this.#head;
    this.#head = hashOf(previous, entry);
    return `{"previous":"${previous}","sha256":"${this.#head}","entry":${entry}}\n`;
  }
}

export interface ChainedLine {
  readonly previous: string;
  readonly sha256: string;
  readonly entry: Readonly<Record<string, unknown>>;
}

/** One line without its break, when it follows a line of that hash (undefined: of any); else what is wrong with it. */
export function checkLine(line: string, previous: string | undefined): ChainedLine | string {
  const [, claimed, sha256, text] = LINE.exec(line) ?? [];
  if (claimed === undefined || sha256 === undefined || text === undefined) {
    return 'is not a line of a journal';
  }
  if (hashOf(claimed, text) !== sha256) return 'was changed: its hash is another one';
  if (previous !== undefined && claimed !== previous) {
    return previous === FIRST_PREVIOUS
      ? 'is not the first line of a journal: lines before it are gone'
      : 'does not follow the line before it: lines between them are gone, or their order was changed';
  }
  try {
    return { previous: claimed, sha256, entry: JSON.parse(text) };
  } catch {
    return 'holds an entry that is not JSON';
  }
}
