import { readdirSync, readFileSync } from 'node:fs';
import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { describeThrown, HostError } from '../../domain/errors/host-error.js';
import type { Log } from '../../domain/log.js';
import type { GenerationRecord, RefusedChange } from '../../domain/operations/operations.js';
import { writeWhole } from '../../system/whole-file.js';
import { type AuditEntry, AuditLog } from './audit-log.js';

export interface HistoryOptions {
  readonly directory: string;
  /** Texts that are kept; the audit log keeps every line. */
  readonly texts: number;
  readonly log: Log;
}

/** A generation with what identifies its text. */
export type KeptGeneration = GenerationRecord & { readonly sha256: string };

/** Held in memory for operators to look at; the audit log has all of them. */
const RECORDS = 500;
const REFUSALS = 100;
const TEXT_NAME = /^generation-(\d+)\.yaml$/;

function textName(generation: number): string {
  return `generation-${String(generation).padStart(6, '0')}.yaml`;
}

/** What a configuration was and who changed it, over the life of its file: texts of generations and an audit log. */
export class GenerationHistory {
  readonly #options: HistoryOptions;
  readonly #audit: AuditLog;
  #records: KeptGeneration[] = [];
  #refusals: RefusedChange[] = [];

  private constructor(options: HistoryOptions) {
    this.#options = options;
    this.#audit = new AuditLog(join(options.directory, 'audit.jsonl'));
  }

  /** @throws when there is an audit log that cannot be read: generations would be counted anew. */
  static async open(options: HistoryOptions): Promise<GenerationHistory> {
    const history = new GenerationHistory(options);
    for (const entry of await history.#audit.read()) history.#remember(entry);
    return history;
  }

  /** Newest first. */
  get records(): readonly KeptGeneration[] {
    return this.#records;
  }

  /** Newest first. */
  get refusals(): readonly RefusedChange[] {
    return this.#refusals;
  }

  get kept(): readonly number[] {
    try {
      return readdirSync(this.#options.directory)
        .flatMap((name) => TEXT_NAME.exec(name)?.[1] ?? [])
        .map(Number)
        .sort((a, b) => a - b);
    } catch {
      return [];
    }
  }

  textOf(generation: number): string | undefined {
    try {
      return readFileSync(join(this.#options.directory, textName(generation)), 'utf8');
    } catch {
      return undefined;
    }
  }

  /** Keeps a generation. @throws HostError `config-not-writable`; it is not remembered then. */
  async add(record: KeptGeneration, text: string): Promise<void> {
    const { directory } = this.#options;
    const file = join(directory, textName(record.generation));
    try {
      await mkdir(directory, { recursive: true });
      await writeWhole(file, text);
      await this.#audit.add({ event: 'generation', ...record });
    } catch (thrown) {
      const params = { file: directory, problem: describeThrown(thrown) };
      throw new HostError('config-not-writable', params, { cause: thrown });
    }
    this.#remember({ event: 'generation', ...record });
    await this.#prune();
  }

  /** Remembers a generation that could not be kept, for as long as the host runs. */
  addUnkept(record: KeptGeneration): void {
    this.#remember({ event: 'generation', ...record });
  }

  async refused(refusal: RefusedChange): Promise<void> {
    this.#remember({ event: 'refused', ...refusal });
    await this.note({ event: 'refused', ...refusal }).catch((thrown: unknown) => {
      this.#options.log.warn('audit log not written', { err: thrown });
    });
  }

  /** @throws when it cannot be written. */
  note(entry: AuditEntry): Promise<void> {
    return this.#audit.add(entry);
  }

  #remember(entry: AuditEntry): void {
    if (entry.event === 'generation') {
      const { event: _, ...record } = entry;
      this.#records = [record, ...this.#records].slice(0, RECORDS);
    } else if (entry.event === 'refused') {
      const { event: _, ...refusal } = entry;
      this.#refusals = [refusal, ...this.#refusals].slice(0, REFUSALS);
    }
  }

  async #prune(): Promise<void> {
    const { directory, texts, log } = this.#options;
    try {
      const names = (await readdir(directory)).filter((name) => TEXT_NAME.test(name)).sort();
      for (const name of names.slice(0, -texts)) await rm(join(directory, name), { force: true });
    } catch (thrown) {
      log.warn('old generations not removed', { err: thrown });
    }
  }
}
