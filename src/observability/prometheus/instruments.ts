import { Counter, Gauge, type Registry } from 'prom-client';
import { PendingCount } from './batched-counter.js';

/** Makes the instruments of a registry. */
export class Instruments {
  readonly registry: Registry;

  constructor(registry: Registry) {
    this.registry = registry;
  }

  /** A counter without labels that is raised for every message. */
  batched(name: string, help: string): PendingCount {
    const counts = new PendingCount();
    new Counter({
      name,
      help,
      registers: [this.registry],
      collect() {
        this.inc(counts.take());
      },
    });
    return counts;
  }

  counter<L extends string>(name: string, help: string, labelNames: readonly L[] = []): Counter<L> {
    return new Counter({ name, help, labelNames, registers: [this.registry] });
  }

  gauge<L extends string>(name: string, help: string, labelNames: readonly L[] = []): Gauge<L> {
    return new Gauge({ name, help, labelNames, registers: [this.registry] });
  }
}
