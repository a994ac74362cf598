import type { Clock } from '../../domain/clock.js';
import { storeEnding, type WaitingOutcome } from '../../domain/experiments/plan-ending.js';
import type { ExperimentStores } from '../../domain/experiments/plan-experiments.js';
import type { Log } from '../../domain/log.js';
import type { ExperimentMetrics } from '../../domain/operations/metrics.js';

/** Ends that are kept in memory; a week of plans of a busy host. */
const MAX_WAITING = 10_000;
const FIRST_RETRY_MS = 1000;
const LAST_RETRY_MS = 60_000;
/** So many in a row that fail are the database's fault, not their own: the others would only wait as long again. */
const FAILURES_IN_A_ROW = 3;

export interface BacklogOptions {
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: ExperimentMetrics;
  readonly stores: () => Pick<ExperimentStores, 'outcomes' | 'spool'> | undefined;
  /** Milliseconds since 1970. */
  readonly wallMs: () => number;
  /** An outcome that waits for longer than its session could live is given up: the session is lost by then. */
  readonly maxAgeMs: () => number;
}

const placeOf = (ending: WaitingOutcome) => ('shadow' in ending ? ending.shadow : ending.opening);

/** A session has one end in each experiment, and one shadow outcome for each of its shadow arms. */
function keyOf(ending: WaitingOutcome): string {
  const { experiment, session, arm } = placeOf(ending);
  return [experiment, session, ...('shadow' in ending ? [arm] : [])].join(' ');
}

/**
 * Ends of plans that the database did not take: on this host's disk, and tried again, less and less often, until they are stored.
 * A host that is killed meanwhile leaves them to the next one; see `ExperimentStores.takeOver`.
 */
export class OutcomeBacklog {
  readonly #options: BacklogOptions;
  readonly #waiting = new Map<string, WaitingOutcome>();
  #retryMs = FIRST_RETRY_MS;
  #cancel: (() => void) | undefined;
  #trying: Promise<void> | undefined;
  #isDisposed = false;

  constructor(options: BacklogOptions) {
    this.#options = options;
  }

  get size(): number {
    return this.#waiting.size;
  }

  /** True when the end survives this process. The plan's database, its disk, or both may be at fault: never rejects. */
  async keep(ending: WaitingOutcome): Promise<boolean> {
    const { log, metrics, stores } = this.#options;
    const { experiment, session } = placeOf(ending);
    if (this.#waiting.size >= MAX_WAITING) {
      metrics.experimentStoreFailed('backlog');
      log.error('an outcome is given up: too many wait', { experiment, session });
      return false;
    }
    this.#waiting.set(keyOf(ending), ending);
    metrics.outcomesWaiting(this.#waiting.size);
    this.#schedule();
    try {
      const opened = stores();
      if (opened === undefined) throw new Error('the database is not open');
      await opened.spool.append(ending);
      return true;
    } catch (thrown) {
      metrics.experimentStoreFailed('backlog');
      log.error('an outcome waits in memory only', { experiment, session, err: thrown });
      return false;
    }
  }

  /** It was stored on another way. */
  stored(ending: WaitingOutcome): void {
    this.#waiting.delete(keyOf(ending));
    this.#options.metrics.outcomesWaiting(this.#waiting.size);
  }

  /** One more try of all, and no further one. Never rejects. */
  async dispose(): Promise<void> {
    this.#isDisposed = true;
    this.#cancel?.();
    this.#trying ??= this.#try();
    await this.#trying;
  }

  #schedule(): void {
    if (this.#isDisposed || this.#cancel !== undefined || this.#trying !== undefined) return;
    this.#cancel = this.#options.clock.schedule(this.#retryMs, () => {
      this.#cancel = undefined;
      this.#trying = this.#try().finally(() => {
        this.#trying = undefined;
        if (this.#waiting.size > 0) this.#schedule();
      });
    });
  }

  /** Never rejects. */
  async #try(): Promise<void> {
    const { log, metrics } = this.#options;
    const before = this.#waiting.size;
    let failure: unknown;
    let inARow = 0;
    for (const ending of [...this.#waiting.values()]) {
      try {
        await this.#store(ending);
        inARow = 0;
      } catch (thrown) {
        failure ??= thrown;
        inARow += 1;
        this.#putOff(ending);
        if (inARow === FAILURES_IN_A_ROW) break;
      }
    }
    const { size } = this.#waiting;
    // What is kept from here on is appended after this.
    if (size === 0) await this.#clear();
    if (before > size) log.info('outcomes that waited are stored', { outcomes: before - size });
    if (failure === undefined) {
      this.#retryMs = FIRST_RETRY_MS;
      return;
    }
    this.#retryMs = Math.min(2 * this.#retryMs, LAST_RETRY_MS);
    metrics.experimentStoreFailed('backlog');
    log.warn('outcomes wait for the database', { outcomes: size, err: failure });
  }

  /** @throws when the store fails. */
  async #store(ending: WaitingOutcome): Promise<void> {
    const { metrics, stores } = this.#options;
    const opened = stores();
    if (opened === undefined) throw new Error('it is not open');
    const { experiment, arm } = placeOf(ending);
    if (await storeEnding(opened.outcomes, ending)) {
      if (!('shadow' in ending)) metrics.outcome(experiment, arm, ending.status);
      else if (ending.shadow.lost === undefined) metrics.shadowed(experiment, arm, 'stored');
    }
    this.stored(ending);
  }

  /** Behind the others: one that never can be stored keeps none of them back. */
  #putOff(ending: WaitingOutcome): void {
    const { wallMs, maxAgeMs, metrics, log } = this.#options;
    const { experiment, session, atMs } = placeOf(ending);
    // It may have been stored on another way meanwhile.
    if (!this.#waiting.delete(keyOf(ending))) return;
    if (wallMs() - atMs <= maxAgeMs()) {
      this.#waiting.set(keyOf(ending), ending);
      return;
    }
    metrics.outcomesWaiting(this.#waiting.size);
    log.error('an outcome is given up: its session is too old', { experiment, session });
  }

  async #clear(): Promise<void> {
    await this.#options
      .stores()
      ?.spool.clear()
      // Stored once more by the next host, which changes nothing.
      .catch((thrown: unknown) => {
        this.#options.log.warn('outcomes put aside are not cleared', { err: thrown });
      });
  }
}
