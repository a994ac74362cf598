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

export interface RunnerOptions extends WorkerSetup {
  readonly graceMs?: number;
  readonly closeMs?: number;
}

interface Waiting {
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
      return Promise.reject(storageFault('busy', path, `${MAX_WAITING} requests wait`));
    }
    return new Promise((resolve, reject) => {
      const worker = this.#start();
      const id = this.#nextId;
      this.#nextId += 1;
      const timer = setTimeout(() => {
        this.#isSilent = true;
        this.#settle(id, ({ reject }) => reject(storageFault('silent', path)));
      }, limitMs + graceMs);
      this.#waiting.set(id, { resolve, reject, timer });
      const message: ToWorker = { id, request, untilMs: processNowMs() + limitMs };
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
    const worker = new Worker(this.#script, {
      workerData: { path, limitMs } satisfies WorkerSetup,
    });
    let cause = 'its thread ended';
    worker.on('message', (answer: FromWorker) => this.#answered(answer));
    worker.on('error', (thrown) => {
      cause = String(thrown);
    });
    worker.on('exit', () => {
      this.#worker = undefined;
      this.#isSilent = false;
      const fault = storageFault('silent', this.#setup.path, cause);
      for (const id of [...this.#waiting.keys()]) this.#settle(id, ({ reject }) => reject(fault));
    });
    this.#worker = worker;
    return worker;
  }

  #answered({ id, result, fault }: FromWorker): void {
    this.#isSilent = false;
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
