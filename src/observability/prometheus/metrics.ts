import { Registry } from 'prom-client';
import type { Binding } from '../../domain/advice/advice.js';
import type { HostFigures, HostMetrics, LatencyFigures } from '../../domain/operations/metrics.js';
import { PromControlMetrics } from './control-metrics.js';
import { EventLoopLag } from './event-loop-lag.js';
import { PromExperimentMetrics } from './experiment-metrics.js';
import { Instruments } from './instruments.js';
import { PromJournalMetrics } from './journal-metrics.js';
import { PromModelMetrics } from './model-metrics.js';
import { PromRecordingMetrics } from './recording-metrics.js';
import { PromRoleMetrics } from './role-metrics.js';
import { PromStreamMetrics } from './stream-metrics.js';

/** Prometheus figures of a host, by topic. */
export class PromMetrics implements HostMetrics, HostFigures {
  readonly registry = new Registry();
  readonly #make = new Instruments(this.registry);
  readonly roles = new PromRoleMetrics(this.#make);
  readonly control = new PromControlMetrics(this.#make);
  readonly streams = new PromStreamMetrics(this.#make);
  readonly recordings = new PromRecordingMetrics(this.#make);
  readonly experiments = new PromExperimentMetrics(this.#make);
  readonly journals = new PromJournalMetrics(this.#make);
  readonly models = new PromModelMetrics(this.registry);
  readonly #eventLoop = new EventLoopLag(this.registry);

  latency(binding: Binding): LatencyFigures | undefined {
    return this.roles.latency(binding);
  }

  loopLagMs() {
    return this.#eventLoop.recentMs();
  }

  dispose(): void {
    this.#eventLoop.dispose();
  }
}
