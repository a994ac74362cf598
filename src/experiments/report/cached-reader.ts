import type { Clock } from '../../domain/clock.js';
import { HostError } from '../../domain/errors/host-error.js';
import type { ExperimentReader } from '../../domain/experiments/experiment-reader.js';
import type { ExperimentList, ExperimentPanel } from './panel.js';

/** Reads the database and works through it, off the thread that serves. */
export interface ReadExperiments {
  list(url: string): Promise<ExperimentList>;
  panel(url: string, id: string): Promise<ExperimentPanel>;
}

export interface ReaderOptions {
  readonly clock: Pick<Clock, 'nowMs'>;
  readonly read: ReadExperiments;
  /** Database, and how old an answer may be. */
  readonly storage: () => { readonly url: string; readonly analyseEveryMs: number };
}

/** A failure is tried again after this, whatever analyses cost: somebody may be waiting for the database to be back. */
const RETRY_MS = 5000;
/** Answers stay at least so many times as long as they took: pages get a fifth of a processor, however much analyses cost. */
const REST = 4;
/** Experiments that are remembered; the one that was asked for longest ago goes first. */
const KEPT = 32;

interface Kept {
  readonly answer: Promise<unknown>;
  untilMs: number;
}

/**
 * Answers from the last analysis while it is fresh, however many pages ask. Reads one thing at a time, so pages can't put more than one
 * thread to work, and nothing for an experiment that is not there.
 */
export class CachedReader implements ExperimentReader {
  readonly #options: ReaderOptions;
  readonly #kept = new Map<string, Kept>();
  #reading: Promise<unknown> = Promise.resolve();
  #last: ExperimentList | undefined;

  constructor(options: ReaderOptions) {
    this.#options = options;
  }

  list(): Promise<ExperimentList> {
    const { url } = this.#options.storage();
    return this.#fresh(`list ${url}`, async () => {
      this.#last = await this.#options.read.list(url);
      return this.#last;
    });
  }

  async panel(id: string): Promise<ExperimentPanel> {
    // Experiments are never deleted, so an old list knows enough of one that is in it.
    const isKnown = this.#last?.experiments.some((experiment) => experiment.id === id) ?? false;
    const { experiments } = isKnown && this.#last !== undefined ? this.#last : await this.list();
    if (!experiments.some((experiment) => experiment.id === id)) {
      const known = experiments.map((experiment) => experiment.id).join(', ') || 'none';
      throw new HostError('experiment-unknown', { experiment: id, known });
    }
    const { url } = this.#options.storage();
    return this.#fresh(`panel ${url} ${id}`, () => this.#options.read.panel(url, id));
  }

  #fresh<T>(key: string, read: () => Promise<T>): Promise<T> {
    const { clock, storage } = this.#options;
    const known = this.#kept.get(key);
    if (known !== undefined && clock.nowMs() < known.untilMs) return known.answer as Promise<T>;
    let startedMs = clock.nowMs();
    const answer = this.#reading.then(() => {
      startedMs = clock.nowMs();
      return read();
    });
    // One that is under way stays however long it takes.
    const kept: Kept = { answer, untilMs: Number.POSITIVE_INFINITY };
    const keepFor = (ms: number) => {
      const nowMs = clock.nowMs();
      kept.untilMs = nowMs + Math.max(ms, REST * (nowMs - startedMs));
    };
    this.#reading = answer.then(
      () => keepFor(storage().analyseEveryMs),
      () => keepFor(Math.min(RETRY_MS, storage().analyseEveryMs)),
    );
    this.#kept.delete(key);
    this.#kept.set(key, kept);
    const [oldest] = this.#kept.keys();
    if (this.#kept.size > KEPT && oldest !== undefined) this.#kept.delete(oldest);
    return answer;
  }
}
