import { RetryLater } from '../../plugin-sdk/index.js';

interface Waiting {
  start(): void;
}

export interface QueueLimits {
  /** Jobs that run at once. */
  readonly concurrency: number;
  /** Jobs that may wait. */
  readonly queueLimit: number;
}

/**
 * Starts jobs in order, some at once. A job whose signal aborts leaves the queue; one that runs already cannot be
 * interrupted inside native code, so its caller is released and its place is held until it ends.
 */
export class BoundedQueue {
  readonly #limits: QueueLimits;
  readonly #waiting = new Set<Waiting>();
  #running = 0;

  constructor(limits: QueueLimits) {
    this.#limits = limits;
  }

  get length(): number {
    return this.#waiting.size;
  }

  /** Jobs that run now. */
  get running(): number {
    return this.#running;
  }

  get isFull(): boolean {
    return (
      this.#running >= this.#limits.concurrency && this.#waiting.size >= this.#limits.queueLimit
    );
  }

  /** @throws RetryLater when too many wait or `signal` has aborted; whatever `job` throws. */
  add<T>(job: () => Promise<T>, signal: AbortSignal): Promise<T> {
    return new Promise((resolve, reject) => {
      if (signal.aborted) throw new RetryLater('the question was withdrawn');
      if (this.isFull) throw new RetryLater('too many questions wait');
      const withdraw = () => {
        this.#waiting.delete(waiting);
        reject(new RetryLater('the question was withdrawn'));
      };
      const waiting = {
        start: () => {
          this.#running += 1;
          const end = () => {
            signal.removeEventListener('abort', withdraw);
            this.#running -= 1;
            this.#startNext();
          };
          job().then(resolve, reject).finally(end);
        },
      };
      signal.addEventListener('abort', withdraw, { once: true });
      this.#waiting.add(waiting);
      this.#startNext();
    });
  }

  #startNext(): void {
    for (const waiting of this.#waiting) {
      if (this.#running >= this.#limits.concurrency) return;
      this.#waiting.delete(waiting);
      waiting.start();
    }
  }
}
