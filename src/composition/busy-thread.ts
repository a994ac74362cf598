import { performance } from 'node:perf_hooks';

/** Utilisation is taken over at least this long. */
const WINDOW_MS = 500;
/** Of this thread's time; beyond it answers begin to wait for one another. */
const BUSY = 0.75;

/** Whether the thread that asks has been busy lately. */
export function busyThread(): () => boolean {
  let before = performance.eventLoopUtilization();
  let sinceMs = performance.now();
  let isBusy = false;
  return () => {
    const nowMs = performance.now();
    if (nowMs - sinceMs < WINDOW_MS) return isBusy;
    const now = performance.eventLoopUtilization();
    isBusy = performance.eventLoopUtilization(now, before).utilization > BUSY;
    before = now;
    sinceMs = nowMs;
    return isBusy;
  };
}
