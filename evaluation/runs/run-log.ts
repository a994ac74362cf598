import { appendFileSync, existsSync, mkdirSync, readFileSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { keyOf, type RunKey, type RunRecord } from './run-record.js';

/** runs.jsonl: lines are only ever added, each in one write after its run has ended. The last line of a key counts. */
export class RunLog {
  readonly #file: string;
  readonly #records = new Map<string, RunRecord>();
  /** Lines that are no record, such as the torn end of a process that was killed. */
  readonly unreadable: number;

  constructor(file: string) {
    this.#file = file;
    mkdirSync(dirname(file), { recursive: true });
    const text = existsSync(file) && statSync(file).isFile() ? readFileSync(file, 'utf8') : '';
    let unreadable = 0;
    for (const line of text.split('\n').filter((part) => part !== '')) {
      const record = parse(line);
      if (record) this.#records.set(keyOf(record), record);
      else unreadable += 1;
    }
    this.unreadable = unreadable;
    // What is appended must not become part of a torn line. Written also when there is nothing to add: what can't be
    // kept must not be made.
    this.#append(text !== '' && !text.endsWith('\n') ? '\n' : '');
  }

  /** The record of a run, if it was made by the same programs, models and inputs. */
  find(key: RunKey, fingerprint: string): RunRecord | undefined {
    const record = this.#records.get(keyOf(key));
    return record?.fingerprint === fingerprint ? record : undefined;
  }

  add(record: RunRecord): void {
    this.#append(`${JSON.stringify(record)}\n`);
    this.#records.set(keyOf(record), record);
  }

  #append(text: string): void {
    try {
      appendFileSync(this.#file, text, { flush: true });
    } catch (thrown) {
      const reason = thrown instanceof Error ? thrown.message : String(thrown);
      throw new Error(`${this.#file} can't be written: ${reason}; check its folder and the disk`, {
        cause: thrown,
      });
    }
  }
}

function parse(line: string): RunRecord | undefined {
  try {
    const record = JSON.parse(line) as RunRecord;
    return record.format === 'evaluate-run' && record.version === 1 ? record : undefined;
  } catch {
    // A torn line costs the run it was of, which is then made again.
    return undefined;
  }
}
