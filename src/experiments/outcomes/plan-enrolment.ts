import type { Clock } from '../../domain/clock.js';
import type { OutcomeOpening } from '../../domain/experiments/experiments.js';
import { type PlanEnding, storeEnding } from '../../domain/experiments/plan-ending.js';
import type { Enrolment, ExperimentStores } from '../../domain/experiments/plan-experiments.js';
import type { Log } from '../../domain/log.js';
import type { ExperimentMetrics } from '../../domain/operations/metrics.js';
import { withinTime } from '../../domain/within-time.js';
import type { OutcomeBacklog } from './outcome-backlog.js';

/** Share of the deadline after which an end goes to this host's own disk as well. */
const SPOOL_SHARE = 0.5;

export interface EnrolmentOptions {
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: ExperimentMetrics;
  readonly wallMs: () => number;
  readonly session: string;
  /** Its outcomes are open already, or were lost with their host. */
  readonly isResumed?: boolean | undefined;
  readonly deadlineMs: number;
  readonly stores: ExperimentStores | undefined;
  readonly backlog: OutcomeBacklog;
}

type Numbers = Readonly<Record<string, number>>;

/** One plan's outcomes: opened before it is accepted, ended once. */
export class PlanEnrolment implements Enrolment {
  readonly #options: EnrolmentOptions;
  readonly #openings = new Map<string, OutcomeOpening>();
  /** Resolves when all ends are stored, or wait in the backlog. */
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
    return new Map([...this.#openings].map(([experiment, { arm }]) => [experiment, arm]));
  }

  /** Called once, when the end begins to be written. */
  onEnding(listener: () => void): void {
    this.#onEnding = listener;
  }

  /** The plan is in the arm when this resolves. @throws when the store fails or takes longer than `limitMs`. */
  async open(place: Omit<OutcomeOpening, 'session' | 'atMs'>, limitMs: number): Promise<void> {
    const { stores, session, wallMs, clock, isResumed = false } = this.#options;
    if (stores === undefined) return;
    const { outcomes } = stores;
    const opening: OutcomeOpening = { ...place, session, atMs: wallMs() };
    const storing = this.#opened(outcomes, opening, isResumed);
    try {
      await withinTime(storing, limitMs, clock);
    } catch (thrown) {
      // One that is stored all the same belongs to a plan that ran without its arm.
      storing
        .then(() => this.#store({ opening, status: 'lost', metrics: {}, atMs: wallMs() }))
        .catch((late: unknown) => this.#failed(place.experiment, late));
      throw thrown;
    }
    this.#openings.set(place.experiment, opening);
  }

  async #opened(
    outcomes: Pick<ExperimentStores['outcomes'], 'open' | 'reopen'>,
    opening: OutcomeOpening,
    isResumed: boolean,
  ): Promise<void> {
    const isNew = await outcomes.open(opening);
    const { experiment, session } = opening;
    if (isResumed && !isNew && !(await outcomes.reopen(experiment, session))) {
      throw new Error(`the outcome of session ${session} has an end`);
    }
  }

  async finish(metrics: Numbers): Promise<boolean> {
    const ending = this.#end('finished', metrics);
    const { deadlineMs, clock, log } = this.#options;
    return withinTime(ending, deadlineMs, clock).catch((thrown: unknown) => {
      log.error('an outcome was not stored before the summary', { err: thrown });
      return false;
    });
  }

  lose(): void {
    void this.#end('lost', {});
  }

  /** Resolves when each end is in the database or on this host's own disk, or is known to be in neither: false. Never rejects. */
  async #end(status: 'finished' | 'lost', metrics: Numbers): Promise<boolean> {
    const { stores, wallMs } = this.#options;
    if (this.#isEnding || stores === undefined || this.#openings.size === 0) return true;
    this.#isEnding = true;
    this.#onEnding?.();
    const endings = [...this.#openings.values()].map(
      (opening): PlanEnding => ({ opening, status, metrics, atMs: wallMs() }),
    );
    const durable = endings.map((ending) => this.#keepOrStore(ending));
    void Promise.all(durable.map(({ settled }) => settled)).then(() => this.#resolveEnded?.());
    const safe = await Promise.all(durable.map(({ isSafe }) => isSafe));
    return safe.every((entry) => entry);
  }

  /** `settled`: the database has taken it or the backlog has it; `isSafe`: a killed host would not lose it. Neither rejects. */
  #keepOrStore(ending: PlanEnding): { settled: Promise<unknown>; isSafe: Promise<boolean> } {
    const { clock, deadlineMs, backlog } = this.#options;
    let isStored = false;
    let keeping: Promise<boolean> | undefined;
    const keep = () => {
      keeping ??= backlog.keep(ending);
      return keeping;
    };
    const storing = this.#store(ending).then(
      () => {
        isStored = true;
        if (keeping !== undefined) backlog.stored(ending);
      },
      (thrown: unknown) => {
        this.#failed(ending.opening.experiment, thrown);
        return keep();
      },
    );
    const waited = new Promise<void>((resolve) => {
      const cancel = clock.schedule(deadlineMs * SPOOL_SHARE, resolve);
      void storing.then(() => {
        cancel();
        resolve();
      });
    });
    const isSafe = waited.then(async () => {
      // What could not be kept either may still be stored in time.
      if (isStored || (await keep())) return true;
      await storing;
      return isStored;
    });
    return { settled: storing, isSafe };
  }

  /** @throws when the store fails. */
  async #store(ending: PlanEnding): Promise<void> {
    const { opening, status, metrics, atMs } = ending;
    const { stores, session, log } = this.#options;
    if (stores === undefined) return;
    const { experiment, arm } = opening;
    const { outcomes } = stores;
    const isFirst =
      status === 'finished'
        ? await outcomes.finish(experiment, session, metrics, atMs)
        : await outcomes.lose(experiment, session, atMs);
    // A database that was replaced meanwhile has no row to end.
    if (isFirst || (await storeEnding(outcomes, ending))) {
      this.#options.metrics.outcome(experiment, arm, status);
    } else if (status === 'finished') {
      log.warn('an outcome does not count: its session had an end before', { experiment, session });
    }
  }

  #failed(experiment: string, thrown: unknown): void {
    this.#options.metrics.experimentStoreFailed('outcome');
    this.#options.log.error('an outcome could not be stored', { experiment, err: thrown });
  }
}
