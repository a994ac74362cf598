import type { AssignmentReason, Experiment } from '../domain/experiments/experiments.js';
import type { Log } from '../domain/log.js';

/** Says once for each experiment that plans without the key of their unit take part in nothing: no table has them. */
export class KeylessUnits {
  readonly #log: Log;
  readonly #told = new Set<string>();

  constructor(log: Log) {
    this.#log = log;
  }

  saw({ id: experiment, unit }: Experiment, reason: AssignmentReason): void {
    if (reason !== 'no-unit-key' || this.#told.has(experiment)) return;
    this.#told.add(experiment);
    const key = unit === 'plan' ? 'plan_key' : 'patient_key';
    this.#log.warn('plans without the key of their unit take part in no arm', {
      experiment,
      unit,
      reason: `the client sends no ${key}; dh_advisor_experiment_plans_total{reason="no-unit-key"} counts such plans`,
    });
  }
}
