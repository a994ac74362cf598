import { readFileSync } from 'node:fs';
import { performance } from 'node:perf_hooks';
import type { Overload } from '../domain/shadow/shadow-outcome.js';

/** What a thread knows of itself. Milliseconds, all three from beginnings of their own. */
export interface ThreadReadings {
  nowMs(): number;
  /** In which it had something to do. */
  activeMs(): number;
  /** In which it had something to do and no processor; undefined where the system does not tell. */
  waitedMs(): number | undefined;
}

/** Shares are taken over at least this long. */
const WINDOW_MS = 500;
/** Of the thread's time, without what it waited; beyond it answers begin to wait for one another. */
const BUSY_SHARE = 0.75;

/** The thread that asks. Linux counts how long it stood in a processor's queue, in nanoseconds: the second number. */
export const thisThread: ThreadReadings = {
  nowMs: () => performance.now(),
  activeMs: () => performance.eventLoopUtilization().active,
  waitedMs: () => {
    try {
      return Number(readFileSync('/proc/thread-self/schedstat', 'utf8').split(' ')[1]) / 1e6;
    } catch {
      return undefined;
    }
  },
};

/**
 * What the thread has lately been short of, if anything. The first call begins to look.
 *
 * @param maxWaitShare Share of the time, 0 to 1, that it may wait for a processor.
 */
export function loadMonitor(
  maxWaitShare: () => number,
  readings: ThreadReadings = thisThread,
): () => Overload | undefined {
  const read = () => ({
    nowMs: readings.nowMs(),
    activeMs: readings.activeMs(),
    waitedMs: readings.waitedMs() ?? 0,
  });
  let before: ReturnType<typeof read> | undefined;
  let overload: Overload | undefined;
  return () => {
    if (before !== undefined && readings.nowMs() - before.nowMs < WINDOW_MS) return overload;
    const current = read();
    if (before !== undefined) {
      const spanMs = current.nowMs - before.nowMs;
      const waitedMs = current.waitedMs - before.waitedMs;
      const workedMs = current.activeMs - before.activeMs - waitedMs;
      if (waitedMs > maxWaitShare() * spanMs) overload = 'no-processor';
      else overload = workedMs > BUSY_SHARE * spanMs ? 'busy' : undefined;
    }
    before = current;
    return overload;
  };
}
