import type { Clock } from '../domain/clock.js';

/** The machine's monotonic clock and timers. */
export const systemClock: Clock = {
  nowMs: () => performance.now(),
  schedule: (delayMs, callback) => {
    const timer = setTimeout(callback, delayMs);
    return () => clearTimeout(timer);
  },
};
