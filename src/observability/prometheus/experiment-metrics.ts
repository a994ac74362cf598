import type { Counter, Gauge } from 'prom-client';
import type {
  ExperimentFailure,
  ExperimentMetrics,
  RampFigures,
} from '../../domain/operations/metrics.js';
import type { ShadowResult } from '../../domain/shadow/shadow-outcome.js';
import type { Instruments } from './instruments.js';

/** Figures of experiments. */
export class PromExperimentMetrics implements ExperimentMetrics {
  readonly #enrolled: Counter<'experiment' | 'arm' | 'reason'>;
  readonly #outcomes: Counter<'experiment' | 'arm' | 'status'>;
  readonly #storeFailures: Counter<'what'>;
  readonly #storeUsable: Gauge;
  readonly #outcomesWaiting: Gauge;
  readonly #shadows: Counter<'experiment' | 'arm' | 'result'>;
  readonly #rampRatio: Gauge<'experiment'>;
  readonly #rampState: Gauge<'experiment' | 'state'>;

  constructor(make: Instruments) {
    this.#enrolled = make.counter(
      'dh_advisor_experiment_plans_total',
      'Plans that experiments were asked about; without an arm they are excluded.',
      ['experiment', 'arm', 'reason'],
    );
    this.#outcomes = make.counter(
      'dh_advisor_experiment_outcomes_total',
      'Ends of plans in an arm.',
      ['experiment', 'arm', 'status'],
    );
    this.#storeFailures = make.counter(
      'dh_advisor_experiment_store_failures_total',
      'Times that the database of experiments failed or was late.',
      ['what'],
    );
    this.#storeUsable = make.gauge(
      'dh_advisor_experiment_store_usable',
      '0 while the database of experiments cannot be used.',
    );
    this.#outcomesWaiting = make.gauge(
      'dh_advisor_experiment_outcomes_waiting',
      'Ends of plans that wait for the database of experiments.',
    );
    this.#shadows = make.counter(
      'dh_advisor_experiment_shadow_sessions_total',
      'Sessions that shadow arms were to follow, by what became of it.',
      ['experiment', 'arm', 'result'],
    );
    this.#rampRatio = make.gauge(
      'dh_advisor_experiment_ramp_ratio',
      'Share of the units that an experiment lets in, 0 to 1.',
      ['experiment'],
    );
    this.#rampState = make.gauge(
      'dh_advisor_experiment_ramp_state',
      '1 for the state that the ramp of an experiment is in.',
      ['experiment', 'state'],
    );
    // A host without experiments has nothing that fails.
    this.#storeUsable.set(1);
  }

  enrolled(experiment: string, arm: string, reason: string): void {
    this.#enrolled.inc({ experiment, arm, reason });
  }

  outcome(experiment: string, arm: string, status: 'finished' | 'lost'): void {
    this.#outcomes.inc({ experiment, arm, status });
  }

  experimentStoreFailed(what: ExperimentFailure): void {
    this.#storeFailures.inc({ what });
  }

  experimentStore(isUsable: boolean): void {
    this.#storeUsable.set(isUsable ? 1 : 0);
  }

  outcomesWaiting(outcomes: number): void {
    this.#outcomesWaiting.set(outcomes);
  }

  shadowed(experiment: string, arm: string, result: ShadowResult): void {
    this.#shadows.inc({ experiment, arm, result });
  }

  ramps(positions: readonly RampFigures[]): void {
    this.#rampRatio.reset();
    this.#rampState.reset();
    for (const { experiment, percent, state } of positions) {
      this.#rampRatio.set({ experiment }, percent / 100);
      this.#rampState.set({ experiment, state }, 1);
    }
  }
}
