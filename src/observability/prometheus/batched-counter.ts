import { Counter, type Registry } from 'prom-client';

type Labels = Readonly<Record<string, string>>;

/** A number that is cheap to raise and handed to prom-client only when somebody scrapes. */
export class PendingCount {
  #pending = 0;

  raise(): void {
    this.#pending += 1;
  }

  take(): number {
    const taken = this.#pending;
    this.#pending = 0;
    return taken;
  }
}

/** Counts of one label set by a last label's word. Raising is one entry of a map: this runs for every answer. */
export class WordCounts {
  readonly #counts = new Map<string, number>();
  readonly #told = new Map<string, number>();

  raise(word: string): void {
    this.#counts.set(word, this.count(word) + 1);
  }

  /** Since the host started. */
  count(word: string): number {
    return this.#counts.get(word) ?? 0;
  }

  /** Calls back with what was raised since the last call. */
  drain(add: (word: string, count: number) => void): void {
    for (const [word, count] of this.#counts) {
      const news = count - (this.#told.get(word) ?? 0);
      if (news > 0) add(word, news);
      this.#told.set(word, count);
    }
  }
}

interface CounterOptions {
  readonly name: string;
  readonly help: string;
  /** The labels of a series. */
  readonly labelNames: readonly string[];
  /** The label that a counted word goes into. */
  readonly wordLabel: string;
  readonly registry: Registry;
}

/** A Prometheus counter that is told only when somebody scrapes: it checks and hashes its labels at every increment. */
export class BatchedCounter {
  readonly #counter: Counter;
  readonly #wordLabel: string;
  /** By their labels, so that the roles of a new active set do not add to them. */
  readonly #series = new Map<string, { readonly labels: Labels; readonly counts: WordCounts }>();

  constructor({ name, help, labelNames, wordLabel, registry }: CounterOptions) {
    this.#wordLabel = wordLabel;
    const collect = () => this.#collect();
    this.#counter = new Counter({
      name,
      help,
      collect,
      registers: [registry],
      labelNames: [...labelNames, wordLabel],
    });
  }

  series(labels: Labels): WordCounts {
    const key = JSON.stringify(labels);
    const known = this.#series.get(key);
    if (known !== undefined) return known.counts;
    const counts = new WordCounts();
    this.#series.set(key, { labels, counts });
    return counts;
  }

  /** Shows a word before it is first counted. */
  announce(labels: Labels, word: string): void {
    this.#counter.inc({ ...labels, [this.#wordLabel]: word }, 0);
  }

  #collect(): void {
    for (const { labels, counts } of this.#series.values()) {
      counts.drain((word, count) =>
        this.#counter.inc({ ...labels, [this.#wordLabel]: word }, count),
      );
    }
  }
}
