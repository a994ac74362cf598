import type { Clock } from '../../domain/clock.js';
import { describeThrown } from '../../domain/errors/host-error.js';
import type {
  ExperimentStores,
  OpenExperimentStores,
} from '../../domain/experiments/plan-experiments.js';
import type { HostConfig } from '../../domain/host-config.js';
import type { Log } from '../../domain/log.js';
import { withinTime } from '../../domain/within-time.js';

export interface HeldOptions {
  readonly clock: Clock;
  readonly log: Log;
  readonly wallMs: () => number;
  readonly openStores: OpenExperimentStores | undefined;
  /** Reads what must be known before the first plan. */
  readonly onOpen: (stores: ExperimentStores) => Promise<void>;
  readonly onFailure: (thrown: unknown) => void;
}

/** The database of a running host: opened once, tried again while that fails, and what ended hosts left in it. */
export class HeldStores {
  readonly #options: HeldOptions;
  #stores: ExperimentStores | undefined;
  #opening: Promise<string | undefined> | undefined;
  #failure: string | undefined;

  constructor(options: HeldOptions) {
    this.#options = options;
  }

  /** Undefined while there is no database that could be used. */
  get current(): ExperimentStores | undefined {
    return this.#stores;
  }

  /** Why it could not be opened the last time. */
  get failure(): string | undefined {
    return this.#failure;
  }

  /** What went wrong, if anything. Calls at one time share one attempt. */
  async open(config: HostConfig): Promise<string | undefined> {
    const { openStores } = this.#options;
    if (this.#stores !== undefined || openStores === undefined) return undefined;
    this.#opening ??= this.#tryOpen(config, openStores).finally(() => {
      this.#opening = undefined;
    });
    return this.#opening;
  }

  /** Sees to sessions that nobody will end any more. @throws when the database fails. */
  async loseAbandoned({ server }: HostConfig, stores: ExperimentStores): Promise<void> {
    const { wallMs, log } = this.#options;
    const { stored, lost, rejected } = await stores.takeOver(wallMs());
    // Whoever has them, no session gets so old.
    const nowMs = wallMs();
    const old = await stores.outcomes.loseOpenedBefore(nowMs - server.sessionMaxAgeMs, nowMs);
    if (stored + lost + rejected + old === 0) return;
    log.warn('experiments: sessions of ended hosts are seen to', {
      stored,
      lost: lost + old,
      rejected,
    });
  }

  async close(): Promise<void> {
    await this.#stores?.close();
    this.#stores = undefined;
  }

  async #tryOpen(
    config: HostConfig,
    openStores: OpenExperimentStores,
  ): Promise<string | undefined> {
    const { clock, onOpen, onFailure } = this.#options;
    try {
      const stores = await openStores(config.storage.url, config.history.directory);
      try {
        await onOpen(stores);
        await this.loseAbandoned(config, stores);
      } catch (thrown) {
        await withinTime(stores.close(), config.storage.deadlineMs, clock).catch(() => undefined);
        throw thrown;
      }
      this.#stores = stores;
      this.#failure = undefined;
      return undefined;
    } catch (thrown) {
      this.#failure = describeThrown(thrown);
      onFailure(thrown);
      return this.#failure;
    }
  }
}
