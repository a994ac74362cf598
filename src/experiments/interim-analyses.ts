import type { Clock } from '../domain/clock.js';
import type { HostConfig } from '../domain/host-config.js';
import type { Log } from '../domain/log.js';
import type { RampChange } from './interim-analysis.js';

/** Analyses experiments beside the thread that serves. */
export type InterimAnalysis = (
  url: string,
  ids: readonly string[],
) => Promise<readonly RampChange[]>;

export interface InterimAnalysesOptions {
  readonly clock: Clock;
  readonly log: Log;
  /** Undefined: nobody analyses. */
  readonly analyse: InterimAnalysis | undefined;
  /** Ramps have moved. */
  readonly onRampChange: () => void;
  readonly onFailure: (thrown: unknown) => void;
}

/** Analyses now and then, one analysis at a time, and only when a plan has ended since the last one. */
export class InterimAnalyses {
  readonly #options: InterimAnalysesOptions;
  #config: HostConfig | undefined;
  #hasNews = true;
  #cancel: (() => void) | undefined;
  #analysing: Promise<void> = Promise.resolve();

  constructor(options: InterimAnalysesOptions) {
    this.#options = options;
  }

  planEnded(): void {
    this.#hasNews = true;
  }

  start(config: HostConfig): void {
    this.#cancel?.();
    this.#config = config;
    this.#hasNews = true;
    this.#wait();
  }

  /** Waits for an analysis that is under way. */
  async stop(): Promise<void> {
    this.#config = undefined;
    this.#cancel?.();
    await this.#analysing;
  }

  #wait(): void {
    const { analyse, clock } = this.#options;
    const ids = this.#ids();
    if (this.#config === undefined || analyse === undefined || ids.length === 0) return;
    const { analyseEveryMs } = this.#config.storage;
    this.#cancel?.();
    this.#cancel = clock.schedule(analyseEveryMs, () => {
      this.#analysing = this.#analyse(analyse).finally(() => this.#wait());
    });
  }

  #ids(): readonly string[] {
    const running = this.#config?.experiments.filter(({ state }) => state === 'running') ?? [];
    return running.map(({ id }) => id);
  }

  async #analyse(analyse: InterimAnalysis): Promise<void> {
    const { log, onRampChange, onFailure } = this.#options;
    if (this.#config === undefined || !this.#hasNews) return;
    this.#hasNews = false;
    try {
      const changes = await analyse(this.#config.storage.url, this.#ids());
      for (const change of changes) log.warn('experiment moved', { ...change });
      if (changes.length > 0) onRampChange();
    } catch (thrown) {
      this.#hasNews = true;
      onFailure(thrown);
    }
  }
}
