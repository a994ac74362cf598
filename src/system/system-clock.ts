import type { Clock } from '../domain/clock.js';

/** The machine's monotonic clock and timers. */
export const systemClock: Clock = {
  nowMs: () => performance.now(),
  schedule: (delayMs, callback) => {
    // Beyond it Node takes 1 ms instead.
    const timer = setTimeout(callback, Math.min(delayMs, 2 ** 31 - 1));
    return () => clearTimeout(timer);
  },
};
