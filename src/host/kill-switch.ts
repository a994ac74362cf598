import { HostError } from '../domain/errors/host-error.js';
import type { Log } from '../domain/log.js';
import type { ControlMetrics } from '../domain/operations/metrics.js';
import type {
  AdviceStop,
  ChangeOrigin,
  KillSwitchControl,
  StopStore,
} from '../domain/operations/operations.js';

export interface StopServices {
  readonly log: Log;
  readonly metrics: ControlMetrics;
  readonly store: StopStore;
  /** Milliseconds since 1970, UTC. */
  readonly wallMs: () => number;
}

/** The kill switch: it reads one property per question, so that it acts on all open plans at once. */
export class KillSwitch implements KillSwitchControl {
  readonly #services: StopServices;
  readonly #listeners: (() => void)[] = [];
  #stopped: AdviceStop | undefined;
  #stops = 0;
  /** One at a time, so that what is written down last is what was said last. */
  #writing: Promise<unknown> = Promise.resolve();

  constructor(services: StopServices) {
    this.#services = services;
    this.#stopped = services.store.load();
    services.metrics.adviceStopped(this.#stopped !== undefined);
  }

  get stopped(): AdviceStop | undefined {
    return this.#stopped;
  }

  /** For one plan: whether advice is stopped, or was at any time since this call. */
  watch(): () => boolean {
    const wasStopped = this.#stopped !== undefined;
    const stops = this.#stops;
    return () => wasStopped || stops !== this.#stops;
  }

  async stop(origin: ChangeOrigin): Promise<void> {
    checkOrigin(origin);
    const { who, why, via } = origin;
    if (this.#stopped === undefined) this.#stops += 1;
    this.#stopped ??= { who, why, via, sinceMs: this.#services.wallMs() };
    await this.#changed('advice stopped by an operator', origin);
  }

  async resume(origin: ChangeOrigin): Promise<void> {
    checkOrigin(origin);
    this.#stopped = undefined;
    await this.#changed('advice resumed by an operator', origin);
  }

  async explain(origin: ChangeOrigin): Promise<void> {
    checkOrigin(origin);
    const stopped = this.#stopped;
    if (stopped === undefined) throw new HostError('advice-not-stopped');
    const { who, why, via } = origin;
    this.#stopped = { who, why, via, sinceMs: stopped.sinceMs };
    await this.#changed('the stop of advice was explained', origin);
  }

  onChange(listener: () => void): void {
    this.#listeners.push(listener);
  }

  async #changed(message: string, { who, why, via }: ChangeOrigin): Promise<void> {
    const { log, metrics, store } = this.#services;
    const stopped = this.#stopped;
    metrics.adviceStopped(stopped !== undefined);
    log.warn(message, { who, why, via });
    for (const listener of this.#listeners) this.#tell(listener);
    const writing = this.#writing.then(() => store.save(stopped, { who, why, via }));
    this.#writing = writing.catch(() => undefined);
    await writing;
  }

  /** Whatever a listener does, the switch is written down. */
  #tell(listener: () => void): void {
    try {
      listener();
    } catch (thrown) {
      this.#services.log.error('a listener of the kill switch failed', { err: thrown });
    }
  }
}

/** @throws HostError `invalid-field` */
export function checkOrigin({ who, why }: ChangeOrigin): void {
  for (const [field, text] of Object.entries({ who, why })) {
    if (text.trim() === '') throw new HostError('invalid-field', { field, problem: 'is empty' });
  }
}
