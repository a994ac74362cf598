import { existsSync, readFileSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import type { EndingSpool, WaitingOutcome } from '../../domain/experiments/plan-ending.js';

/** One line of JSON an ending, appended and synchronised with the disk. Calls wait for one another. */
export class FileSpool implements EndingSpool {
  readonly #path: string;
  #work: Promise<void> = Promise.resolve();

  constructor(path: string) {
    this.#path = path;
  }

  append(ending: WaitingOutcome): Promise<void> {
    // What is torn off by a full disk or a crash is a line of its own, and does not take the next one along.
    return this.#next((file) => file.appendFile(`\n${JSON.stringify(ending)}\n`));
  }

  clear(): Promise<void> {
    return this.#next((file) => file.truncate(0));
  }

  #next(work: (file: FileHandle) => Promise<void>): Promise<void> {
    const done = this.#work.then(async () => {
      const file = await open(this.#path, 'a', 0o600);
      try {
        await work(file);
        await file.sync();
      } finally {
        await file.close();
      }
    });
    this.#work = done.catch(() => undefined);
    return done;
  }
}

const FIELDS = ['opening', 'status', 'metrics', 'atMs'];

const isEnding = (value: unknown): value is WaitingOutcome =>
  typeof value === 'object' &&
  value !== null &&
  ('shadow' in value || FIELDS.every((field) => field in value));

function parse(line: string): WaitingOutcome | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return isEnding(value) ? value : undefined;
  } catch {
    // A crash or a full disk tore it: it was never acknowledged.
    return undefined;
  }
}

/** What a spool holds, in the order of appending; torn lines are left out. Nothing when there is no file. */
export function readSpool(path: string): readonly WaitingOutcome[] {
  if (!existsSync(path)) return [];
  const lines = readFileSync(path, 'utf8').split('\n');
  return lines.map(parse).filter((ending) => ending !== undefined);
}
