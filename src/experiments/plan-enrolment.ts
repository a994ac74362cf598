import type { Clock } from '../domain/clock.js';
import type { OutcomeOpening } from '../domain/experiments.js';
import type { Log } from '../domain/log.js';
import type { Enrolment, ExperimentStores } from '../domain/plan-experiments.js';
import type { MetricsSink } from '../domain/ports.js';
import { withinTime } from './within-time.js';

export interface EnrolmentOptions {
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: MetricsSink;
  readonly wallMs: () => number;
  readonly session: string;
  readonly deadlineMs: number;
  readonly stores: ExperimentStores | undefined;
}

type Numbers = Readonly<Record<string, number>>;

/** One plan's outcomes: opened before it is accepted, ended once. */
export class PlanEnrolment implements Enrolment {
  readonly #options: EnrolmentOptions;
  readonly #arms = new Map<string, string>();
  /** Resolves when all ends are stored or have failed. */
  readonly ended: Promise<void>;
  #resolveEnded: (() => void) | undefined;
  #onEnding: (() => void) | undefined;
  #isEnding = false;

  constructor(options: EnrolmentOptions) {
    this.#options = options;
    this.ended = new Promise((resolve) => {
      this.#resolveEnded = resolve;
    });
  }

  get arms(): ReadonlyMap<string, string> {
    return this.#arms;
  }

  /** Called once, when the end begins to be written. */
  onEnding(listener: () => void): void {
    this.#onEnding = listener;
  }

  /** The plan is in the arm when this resolves. @throws when the store fails or takes longer than `limitMs`. */
  async open(of: Omit<OutcomeOpening, 'session' | 'atMs'>, limitMs: number): Promise<void> {
    const { stores, session, wallMs, clock } = this.#options;
    if (stores === undefined) return;
    const { outcomes } = stores;
    const opening = outcomes.open({ ...of, session, atMs: wallMs() });
    try {
      await withinTime(opening, limitMs, clock);
    } catch (thrown) {
      // One that is stored all the same belongs to a plan that ran without its arm.
      opening
        .then(() => outcomes.lose(of.experiment, session, wallMs()))
        .catch((late: unknown) => this.#failed(of.experiment, late));
      throw thrown;
    }
    this.#arms.set(of.experiment, of.arm);
  }

  async finish(metrics: Numbers): Promise<void> {
    const ending = this.#end('finished', metrics);
    const { deadlineMs, clock, log } = this.#options;
    await withinTime(ending, deadlineMs, clock).catch((thrown: unknown) => {
      log.error('an outcome was not stored before the summary', { err: thrown });
    });
  }

  lose(): void {
    void this.#end('lost', {});
  }

  /** Never rejects. */
  async #end(status: 'finished' | 'lost', metrics: Numbers): Promise<void> {
    const { stores, session, wallMs } = this.#options;
    if (this.#isEnding || stores === undefined || this.#arms.size === 0) return;
    this.#isEnding = true;
    this.#onEnding?.();
    const { outcomes } = stores;
    const writes = [...this.#arms].map(async ([experiment, arm]) => {
      try {
        const isFirst =
          status === 'finished'
            ? await outcomes.finish(experiment, session, metrics, wallMs())
            : await outcomes.lose(experiment, session, wallMs());
        if (isFirst) this.#options.metrics.outcome(experiment, arm, status);
      } catch (thrown) {
        // It stays open, and is lost when it is too old to be anybody's.
        this.#failed(experiment, thrown);
      }
    });
    await Promise.all(writes);
    this.#resolveEnded?.();
  }

  #failed(experiment: string, thrown: unknown): void {
    this.#options.metrics.experimentStoreFailed('outcome');
    this.#options.log.error('an outcome could not be stored', { experiment, err: thrown });
  }
}
