import { appendFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
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
    const text = existsSync(file) ? readFileSync(file, 'utf8') : '';
    let unreadable = 0;
    for (const line of text.split('\n').filter((part) => part !== '')) {
      const record = parse(line);
      if (record) this.#records.set(keyOf(record), record);
      else unreadable += 1;
    }
    this.unreadable = unreadable;
    // What is appended must not become part of a torn line.
    if (text !== '' && !text.endsWith('\n')) appendFileSync(file, '\n');
  }

  /** The record of a run, if it was made by the same programs, models and inputs. */
  find(key: RunKey, fingerprint: string): RunRecord | undefined {
    const record = this.#records.get(keyOf(key));
    return record?.fingerprint === fingerprint ? record : undefined;
  }

  add(record: RunRecord): void {
    appendFileSync(this.#file, `${JSON.stringify(record)}\n`);
    this.#records.set(keyOf(record), record);
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
