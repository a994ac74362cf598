import type { Log } from '../../domain/log.js';

export interface ProcessLifeOptions {
  /** Tests bring an emitter. */
  readonly process: NodeJS.Process;
  /** Written at any configured level: supervisors wait for these lines. */
  readonly lifecycle: Log;
  /** Which plugin's code a stack or this moment belongs to, as far as that can be told. */
  readonly suspect: (stack?: string) => string | undefined;
  /** Runs `callback` once after the delay; the result cancels it. */
  readonly schedule: (delayMs: number, callback: () => void) => () => void;
}

/** What `leave` stops. */
export interface Stoppable {
  stop(): Promise<void>;
  /** Beyond it the process ends all the same. */
  readonly stopWithinMs: () => number;
}

export const ENDING_SIGNALS = ['SIGTERM', 'SIGINT', 'SIGHUP'] as const;

/**
 * How the process of a host ends: by a signal, by a throw that nobody caught, or from inside. It drains first, ends with a reason in
 * the log whatever a plugin has left behind, and never as if all were well when it is not. Watches from before the first
 * plugin's code runs.
 */
export class ProcessLife {
  readonly #options: ProcessLifeOptions;
  #host: Stoppable | undefined;
  #isLeaving = false;
  #exitCode = 0;

  constructor(options: ProcessLifeOptions) {
    this.#options = options;
  }

  watch(): void {
    const { process, lifecycle, suspect } = this.#options;
    // Costs a line in the log, never a plan: what was asked of the plugin is answered by its deadline.
    process.on('unhandledRejection', (thrown: unknown) => {
      lifecycle.error('a rejection nobody waited for', {
        plugin: suspect(stackOf(thrown)),
        err: thrown,
      });
    });
    // Leaves the process in doubt: open plans may finish, then it goes. What is thrown meanwhile is only logged.
    process.on('uncaughtException', (thrown: unknown) => {
      lifecycle.error('a throw nobody caught', { plugin: suspect(stackOf(thrown)), err: thrown });
      this.#exitCode = 1;
      this.#leave('uncaughtException');
    });
    for (const signal of ENDING_SIGNALS) process.on(signal, () => this.#signalled(signal));
    process.on('exit', () => this.#ended());
  }

  /** From now on whatever ends the process stops `host` first. */
  serving(host: Stoppable): void {
    this.#host = host;
  }

  #signalled(signal: string): void {
    if (this.#isLeaving) {
      this.#options.lifecycle.warn('ended at once by a second signal', { signal });
      this.#exit(1);
      return;
    }
    this.#leave(signal);
  }

  #leave(signal: string): void {
    if (this.#isLeaving) return;
    this.#isLeaving = true;
    const { lifecycle, schedule } = this.#options;
    const host = this.#host;
    if (host === undefined) {
      lifecycle.warn('ended while starting', { signal });
      this.#exit(1);
      return;
    }
    lifecycle.info('draining', { signal });
    schedule(host.stopWithinMs(), () => {
      lifecycle.error('did not stop in time', { limitMs: host.stopWithinMs() });
      this.#exit(1);
    });
    host.stop().then(
      () => {
        lifecycle.info('stopped');
        // A timer or a socket that a plugin left would keep the process for good.
        this.#exit(this.#exitCode);
      },
      (thrown: unknown) => {
        lifecycle.error('stopped with an error', { err: thrown });
        this.#exit(1);
      },
    );
  }

  #exit(code: number): void {
    this.#isLeaving = true;
    this.#options.process.exit(code);
  }

  /** Somebody else called `process.exit`, or nothing was left to wait for. */
  #ended(): void {
    if (this.#isLeaving) return;
    const { process, lifecycle, suspect } = this.#options;
    const { stack } = new Error('ended from inside');
    lifecycle.error('the process was ended from inside', { plugin: suspect(stack), stack });
    process.exitCode = 1;
  }
}

function stackOf(thrown: unknown): string | undefined {
  return thrown instanceof Error ? thrown.stack : undefined;
}
