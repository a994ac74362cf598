import { Worker } from 'node:worker_threads';
import { storageFault } from './faults.js';
import { processNowMs } from './statement-queue.js';
import {
  type StatementRequest,
  type StatementResult,
  type StatementRunner,
  StorageFault,
} from './statements.js';
import type { FromWorker, ToWorker, WorkerSetup } from './worker-messages.js';

/** Beyond the limit of a request, for its answer to arrive. */
const GRACE_MS = 1000;
/** For what runs to end when the database is closed. */
const CLOSE_MS = 3000;
/** Requests that may wait: a disk that hangs must not fill the memory. */
const MAX_WAITING = 4096;

export interface RunnerOptions extends Omit<WorkerSetup, 'mustExist'> {
  readonly graceMs?: number;
  readonly closeMs?: number;
}

interface Waiting {
  readonly message: Exclude<ToWorker, 'close'>;
  /** It was sent to a thread that ended without an answer. */
  isSentAgain: boolean;
  readonly resolve: (result: StatementResult) => void;
  readonly reject: (fault: StorageFault) => void;
  readonly timer: NodeJS.Timeout;
}

/** Asks a thread of its own, so that neither a lock nor a slow disk holds the caller. A thread that ended is started again. */
export class WorkerRunner implements StatementRunner {
  readonly #script: string;
  readonly #setup: RunnerOptions;
  readonly #waiting = new Map<number, Waiting>();
  #worker: Worker | undefined;
  #nextId = 0;
  /** It did not answer in time, and has not been heard of since. */
  #isSilent = false;
  #isClosed = false;
  #wasThere = false;

  /** @param script The compiled worker. */
  constructor(script: string, setup: RunnerOptions) {
    this.#script = script;
    this.#setup = setup;
  }

  ask(request: StatementRequest): Promise<StatementResult> {
    const { path, limitMs, graceMs = GRACE_MS } = this.#setup;
    if (this.#isClosed) return Promise.reject(storageFault('closed', path));
    if (this.#isSilent) return Promise.reject(storageFault('silent', path));
    if (this.#waiting.size >= MAX_WAITING) {
      return Promise.reject(storageFault('late', path, `${MAX_WAITING} requests wait`));
    }
    return new Promise((resolve, reject) => {
      const worker = this.#start();
      const id = this.#nextId;
      this.#nextId += 1;
      const timer = setTimeout(() => {
        this.#isSilent = true;
        this.#settle(id, ({ reject }) => reject(storageFault('silent', path)));
      }, limitMs + graceMs);
      const message = { id, request, untilMs: processNowMs() + limitMs };
      this.#waiting.set(id, { message, isSentAgain: false, resolve, reject, timer });
      worker.ref();
      worker.postMessage(message);
    });
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    const worker = this.#worker;
    if (worker === undefined) return;
    const ended = new Promise<void>((resolve) => worker.once('exit', () => resolve()));
    worker.ref();
    worker.postMessage('close' satisfies ToWorker);
    const timer = setTimeout(() => void worker.terminate(), this.#setup.closeMs ?? CLOSE_MS);
    await ended;
    clearTimeout(timer);
  }

  #start(): Worker {
    if (this.#worker !== undefined) return this.#worker;
    const { path, limitMs } = this.#setup;
    const workerData: WorkerSetup = { path, limitMs, mustExist: this.#wasThere };
    const worker = new Worker(this.#script, { workerData });
    let cause = 'its thread ended';
    worker.on('message', (answer: FromWorker) => this.#answered(answer));
    worker.on('error', (thrown) => {
      cause = String(thrown);
    });
    worker.on('exit', () => {
      this.#worker = undefined;
      this.#isSilent = false;
      this.#askAgain(storageFault('silent', path, cause));
    });
    this.#worker = worker;
    return worker;
  }

  /**
   * Asks the next thread what this one left unanswered, once: it ends itself after some faults, and requests that came meanwhile are
   * not to blame. What is asked may be asked twice: rows are written where they are missing, or where they still are as they were.
   */
  #askAgain(fault: StorageFault): void {
    for (const [id, waiting] of [...this.#waiting]) {
      const { request } = waiting.message;
      const isPart = request.kind !== 'run' || request.transaction !== undefined;
      if (waiting.isSentAgain || isPart || this.#isClosed) {
        this.#settle(id, ({ reject }) => reject(fault));
        continue;
      }
      waiting.isSentAgain = true;
      const worker = this.#start();
      worker.ref();
      worker.postMessage(waiting.message);
    }
  }

  #answered({ id, result, fault }: FromWorker): void {
    this.#isSilent = false;
    this.#wasThere ||= result !== undefined;
    this.#settle(id, ({ resolve, reject }) => {
      if (result !== undefined) resolve(result);
      else reject(new StorageFault(fault?.kind ?? 'statement', fault?.message ?? 'no answer'));
    });
  }

  #settle(id: number, how: (waiting: Waiting) => void): void {
    const waiting = this.#waiting.get(id);
    if (waiting === undefined) return;
    this.#waiting.delete(id);
    clearTimeout(waiting.timer);
    how(waiting);
    // An idle thread keeps no process alive.
    if (this.#waiting.size === 0) this.#worker?.unref();
  }
}
