import { Worker } from 'node:worker_threads';
import type { PluginActivity } from '../domain/operations/plugin-activity.js';
import { BEAT, CELLS, LAST, NOBODY, RUNNING, type WatchdogData } from './watchdog-memory.js';

const TICKS = 10;

/**
 * Ends the process, with a line in the log that names the plugin, when the serving thread stands still for too long: a plugin
 * that loops for ever would otherwise keep every plan, the kill switch and SIGTERM waiting, and nobody would start the host again.
 */
export class Watchdog implements PluginActivity {
  readonly #cells = new Int32Array(new SharedArrayBuffer(CELLS * Int32Array.BYTES_PER_ELEMENT));
  readonly #numbers = new Map<string, number>();
  readonly #script: string;
  #worker: Worker | undefined;
  #timer: NodeJS.Timeout | undefined;

  /** `script`: the compiled `watchdog-thread`. */
  constructor(script: string) {
    this.#script = script;
    this.#cells[RUNNING] = NOBODY;
    this.#cells[LAST] = NOBODY;
  }

  /** Looks from now on. 0: never. */
  start(limitMs: number): void {
    if (limitMs === 0 || this.#worker !== undefined) return;
    this.#timer = setInterval(() => Atomics.add(this.#cells, BEAT, 1), limitMs / TICKS / 2).unref();
    const memory = this.#cells.buffer as SharedArrayBuffer;
    const workerData: WatchdogData = { memory, limitMs, ticks: TICKS };
    this.#worker = new Worker(this.#script, { workerData });
    this.#worker.unref();
    for (const plugin of this.#numbers.keys()) this.#worker.postMessage(plugin);
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await this.#worker?.terminate();
    this.#worker = undefined;
  }

  enter(plugin: string): void {
    const number = this.#numbers.get(plugin) ?? this.#announce(plugin);
    this.#cells[RUNNING] = number;
    this.#cells[LAST] = number;
  }

  leave(): void {
    this.#cells[RUNNING] = NOBODY;
  }

  /** The plugin whose code runs now, else the one that was asked last. */
  get suspect(): string | undefined {
    const [, running = NOBODY, last = NOBODY] = this.#cells;
    return [...this.#numbers.keys()][running === NOBODY ? last : running];
  }

  #announce(plugin: string): number {
    const number = this.#numbers.size;
    this.#numbers.set(plugin, number);
    this.#worker?.postMessage(plugin);
    return number;
  }
}
