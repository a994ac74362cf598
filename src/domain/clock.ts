import type { Clock as PluginClock } from '../plugin-sdk/index.js';

/** Monotonic time and timers. The only way to either, so that tests move time by hand. */
export interface Clock extends PluginClock {
  /** Runs `callback` once after the delay; the result cancels it. */
  schedule(delayMs: number, callback: () => void): () => void;
}
