import type { Counter, Gauge } from 'prom-client';
import type { ControlMetrics, ReloadResult } from '../../domain/operations/metrics.js';
import type { Instruments } from './instruments.js';

/** Figures of what operators change. */
export class PromControlMetrics implements ControlMetrics {
  readonly #generation: Gauge;
  readonly #reloads: Counter<'result'>;
  readonly #stopped: Gauge;

  constructor(make: Instruments) {
    this.#generation = make.gauge(
      'dh_advisor_config_generation',
      'Configuration that new sessions get.',
    );
    this.#reloads = make.counter(
      'dh_advisor_config_reload_total',
      'Configurations offered, by result.',
      ['result'],
    );
    this.#stopped = make.gauge(
      'dh_advisor_advice_stopped',
      '1 while operators have stopped all advice.',
    );
  }

  generation(generation: number): void {
    this.#generation.set(generation);
  }

  configReload(result: ReloadResult): void {
    this.#reloads.inc({ result });
  }

  adviceStopped(isStopped: boolean): void {
    this.#stopped.set(isStopped ? 1 : 0);
  }
}
