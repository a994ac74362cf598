import { appendFile, mkdir, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { GenerationRecord, RefusedChange } from '../../domain/operations/operations.js';

/** A line of the audit log. */
export type AuditEntry =
  | ({ readonly event: 'generation'; readonly sha256: string } & GenerationRecord)
  | ({ readonly event: 'refused' } & RefusedChange)
  | {
      readonly event: 'advice-stopped' | 'advice-resumed';
      readonly atMs: number;
      readonly who: string;
      readonly why: string;
      readonly via: string;
    };

/** JSON lines that are only ever added to; each also says its time for people. */
export class AuditLog {
  readonly #file: string;
  /** A crash or a full disk may have left half a line behind. */
  #needsNewLine = false;

  constructor(file: string) {
    this.#file = file;
  }

  /** Every whole line, oldest first. @throws when there is a log that cannot be read. */
  async read(): Promise<readonly AuditEntry[]> {
    let text: string;
    try {
      text = await readFile(this.#file, 'utf8');
    } catch (thrown) {
      if ((thrown as NodeJS.ErrnoException).code === 'ENOENT') return [];
      throw thrown;
    }
    this.#needsNewLine = text !== '' && !text.endsWith('\n');
    return text.split('\n').flatMap((line) => parse(line) ?? []);
  }

  /** @throws when it cannot be written. */
  async add(entry: AuditEntry): Promise<void> {
    await mkdir(dirname(this.#file), { recursive: true });
    const line = JSON.stringify({ at: new Date(entry.atMs).toISOString(), ...entry });
    const text = `${this.#needsNewLine ? '\n' : ''}${line}\n`;
    // A full disk may take half of it.
    this.#needsNewLine = true;
    await appendFile(this.#file, text, { flush: true });
    this.#needsNewLine = false;
  }
}

function parse(line: string): AuditEntry | undefined {
  try {
    const { at: _, ...entry } = JSON.parse(line);
    return typeof entry.event === 'string' ? (entry as AuditEntry) : undefined;
  } catch {
    // The half line of a crash, or a person's: whatever is whole counts.
    return undefined;
  }
}
