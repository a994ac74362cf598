import { setTimeout as pause } from 'node:timers/promises';
import type { EmbeddedFile } from './embedded-file.js';
import { storageFault } from './faults.js';
import {
  NO_RESULT,
  type StatementRequest,
  type StatementResult,
  type StatementRunner,
  StorageFault,
} from './statements.js';

/** Between two tries for a lock that another program holds. */
const RETRY_MS = 15;

export interface QueueOptions {
  /** A request that is not done by then is rejected. */
  readonly limitMs: number;
  /** Monotonic; the same for those who name the time of a request. */
  readonly nowMs: () => number;
  /** Requests that come once this holds stay unanswered: another thread is to carry them out. */
  readonly isOver?: () => boolean;
}

interface Job {
  readonly request: StatementRequest;
  readonly untilMs: number;
  readonly resolve: (result: StatementResult) => void;
  readonly reject: (fault: unknown) => void;
}

/** Milliseconds of a clock that all threads of a process share. */
export const processNowMs = (): number => Number(process.hrtime.bigint()) / 1e6;

/** Carries requests out on the thread it is made on, in the order of asking; a locked file is tried again until the time is up. */
export class StatementQueue implements StatementRunner {
  readonly #file: EmbeddedFile;
  readonly #options: QueueOptions;
  readonly #jobs: Job[] = [];
  #running: Promise<void> | undefined;
  #transaction: number | undefined;
  #idle: NodeJS.Timeout | undefined;
  #isClosed = false;

  constructor(file: EmbeddedFile, options: QueueOptions) {
    this.#file = file;
    this.#options = options;
  }

  ask(
    request: StatementRequest,
    untilMs = this.#options.nowMs() + this.#options.limitMs,
  ): Promise<StatementResult> {
    return new Promise((resolve, reject) => {
      if (this.#isClosed) return reject(storageFault('closed', this.#file.path));
      this.#jobs.push({ request, untilMs, resolve, reject });
      this.#running ??= this.#run();
    });
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#running;
    clearTimeout(this.#idle);
    for (const { reject } of this.#jobs.splice(0)) {
      reject(storageFault('closed', this.#file.path));
    }
    this.#file.close();
  }

  /** Never rejects. */
  async #run(): Promise<void> {
    clearTimeout(this.#idle);
    // What is asked in the same turn keeps its order.
    await Promise.resolve();
    for (let job = this.#take(); job !== undefined; job = this.#take()) {
      try {
        job.resolve(await this.#tryUntil(job));
      } catch (thrown) {
        job.reject(thrown);
      }
    }
    this.#running = undefined;
    if (this.#transaction !== undefined) this.#boundTransaction();
  }

  /** The next that may run now: others wait while a transaction is open. */
  #take(): Job | undefined {
    if (this.#options.isOver?.()) return undefined;
    const open = this.#transaction;
    const index = this.#jobs.findIndex(
      ({ request }) =>
        open === undefined || (request.kind !== 'begin' && request.transaction === open),
    );
    return index < 0 ? undefined : this.#jobs.splice(index, 1)[0];
  }

  /** One whose owner is gone must not hold the lock for good. */
  #boundTransaction(): void {
    this.#idle = setTimeout(() => {
      this.#transaction = undefined;
      this.#file.rollback();
      this.#running ??= this.#run();
    }, this.#options.limitMs);
    this.#idle.unref();
  }

  async #tryUntil({ request, untilMs }: Job): Promise<StatementResult> {
    const { nowMs } = this.#options;
    if (nowMs() >= untilMs) throw storageFault('late', this.#file.path);
    for (;;) {
      try {
        return this.#carryOut(request);
      } catch (thrown) {
        const isBusy = thrown instanceof StorageFault && thrown.kind === 'busy';
        const isInside = request.kind !== 'begin' && request.transaction !== undefined;
        if (!isBusy || isInside || nowMs() + RETRY_MS >= untilMs) throw thrown;
      }
      await pause(RETRY_MS);
    }
  }

  #carryOut(request: StatementRequest): StatementResult {
    if (request.kind === 'begin') {
      this.#file.begin();
      this.#transaction = request.transaction;
      return NO_RESULT;
    }
    if (request.kind === 'run' && request.transaction === undefined) {
      return this.#file.run(request.statement);
    }
    if (request.transaction !== this.#transaction) {
      if (request.kind === 'rollback') return NO_RESULT;
      throw storageFault('statement', this.#file.path, 'its transaction has ended');
    }
    try {
      if (request.kind === 'run') return this.#file.inTransaction(request.statement);
      this.#transaction = undefined;
      if (request.kind === 'commit') this.#file.commit();
      else this.#file.rollback();
      return NO_RESULT;
    } catch (thrown) {
      this.#transaction = undefined;
      throw thrown;
    }
  }
}
