import type { Registry } from 'prom-client';
import { LatencyHistogram, type LatencySeries } from './latency-histogram.js';
import { SECONDS } from './seconds.js';

/** How often the loop is asked whether it is late. */
const EVERY_MS = 20;
/** Those of the last minute. */
const RECENT = 60_000 / EVERY_MS;

/** Calls back every so many milliseconds, and keeps no process alive; the result ends it. */
export type Every = (periodMs: number, callback: () => void) => () => void;

const unreferenced: Every = (periodMs, callback) => {
  const timer = setInterval(callback, periodMs).unref();
  return () => clearInterval(timer);
};

/** How late the event loop comes to a timer: for Prometheus since the start, for the page in the last minute. */
export class EventLoopLag {
  readonly #series: LatencySeries;
  readonly #recentMs = new Float64Array(RECENT);
  readonly #nowMs: () => number;
  readonly #end: () => void;
  #samples = 0;
  #dueMs: number;

  constructor(registry: Registry, every: Every = unreferenced, nowMs = () => performance.now()) {
    this.#series = new LatencyHistogram({
      name: 'dh_advisor_event_loop_lag_seconds',
      help: 'How late the event loop came to a timer.',
      seconds: SECONDS,
      registry,
    }).series({});
    this.#nowMs = nowMs;
    this.#dueMs = nowMs() + EVERY_MS;
    this.#end = every(EVERY_MS, () => this.#sample());
  }

  recentMs(): { readonly p50: number; readonly p99: number } {
    const sorted = this.#recentMs.slice(0, Math.min(this.#samples, RECENT)).sort();
    const at = (share: number) => sorted[Math.ceil(share * sorted.length) - 1] ?? 0;
    return { p50: at(0.5), p99: at(0.99) };
  }

  dispose(): void {
    this.#end();
  }

  #sample(): void {
    const nowMs = this.#nowMs();
    // Timers are whole milliseconds, and come early by a fraction of one.
    const lateMs = Math.max(0, nowMs - this.#dueMs);
    this.#dueMs = nowMs + EVERY_MS;
    this.#series.record(lateMs / 1000);
    this.#recentMs[this.#samples % RECENT] = lateMs;
    this.#samples += 1;
  }
}
