import type { Clock } from '../domain/clock.js';
import type { HostConfig } from '../domain/host-config.js';
import type { Log } from '../domain/log.js';
import type { RampMove } from './interim-analysis.js';

/** Looks at experiments beside the thread that serves. */
export type Look = (url: string, ids: readonly string[]) => Promise<readonly RampMove[]>;

export interface LooksOptions {
  readonly clock: Clock;
  readonly log: Log;
  /** Undefined: nobody looks. */
  readonly look: Look | undefined;
  /** Ramps have moved. */
  readonly onMove: () => void;
  readonly onFailure: (thrown: unknown) => void;
}

/** Looks now and then, one look at a time, and only when a plan has ended since the last one. */
export class Looks {
  readonly #options: LooksOptions;
  #config: HostConfig | undefined;
  #hasNews = true;
  #cancel: (() => void) | undefined;
  #looking: Promise<void> = Promise.resolve();

  constructor(options: LooksOptions) {
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

  /** Waits for a look that is under way. */
  async stop(): Promise<void> {
    this.#config = undefined;
    this.#cancel?.();
    await this.#looking;
  }

  #wait(): void {
    const { look, clock } = this.#options;
    const ids = this.#ids();
    if (this.#config === undefined || look === undefined || ids.length === 0) return;
    const { lookEveryMs } = this.#config.storage;
    this.#cancel?.();
    this.#cancel = clock.schedule(lookEveryMs, () => {
      this.#looking = this.#look(look).finally(() => this.#wait());
    });
  }

  #ids(): readonly string[] {
    const running = this.#config?.experiments.filter(({ state }) => state === 'running') ?? [];
    return running.map(({ id }) => id);
  }

  async #look(look: Look): Promise<void> {
    const { log, onMove, onFailure } = this.#options;
    if (this.#config === undefined || !this.#hasNews) return;
    this.#hasNews = false;
    try {
      const moves = await look(this.#config.storage.url, this.#ids());
      for (const move of moves) log.warn('experiment moved', { ...move });
      if (moves.length > 0) onMove();
    } catch (thrown) {
      this.#hasNews = true;
      onFailure(thrown);
    }
  }
}
