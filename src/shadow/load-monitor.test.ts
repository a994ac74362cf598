import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { loadMonitor, thisThread } from './load-monitor.js';

function thread(waitedMs: number | undefined, maxWaitShare = 0.05) {
  const at = { nowMs: 1000, activeMs: 500, waitedMs };
  const overload = loadMonitor(() => maxWaitShare, {
    nowMs: () => at.nowMs,
    activeMs: () => at.activeMs,
    waitedMs: () => at.waitedMs,
  });
  const pass = (ms: number, activeMs: number, waited: number) => {
    at.nowMs += ms;
    at.activeMs += activeMs;
    if (at.waitedMs !== undefined) at.waitedMs += waited;
    return overload();
  };
  return { overload, pass };
}

describe('the overload of a thread', () => {
  it('is not known before the first window, whatever the start cost', () => {
    const { overload, pass } = thread(400);
    expect(overload()).toBeUndefined();
    expect(pass(499, 499, 499)).toBeUndefined();
    expect(pass(1, 1, 1)).toBe('no-processor');
  });

  it('is a processor that it waits for, more than it may', () => {
    const { overload, pass } = thread(0);
    overload();
    expect(pass(600, 60, 30)).toBeUndefined();
    expect(pass(600, 60, 31)).toBe('no-processor');
    // Stands until the next window has passed.
    expect(pass(400, 0, 0)).toBe('no-processor');
    expect(pass(200, 0, 0)).toBeUndefined();
  });

  it('is time, when there is always something to do', () => {
    const { overload, pass } = thread(0);
    overload();
    expect(pass(1000, 751, 0)).toBe('busy');
    expect(pass(1000, 749, 0)).toBeUndefined();
  });

  it('does not take waiting for work', () => {
    const { overload, pass } = thread(0, 1);
    overload();
    expect(pass(1000, 950, 300)).toBeUndefined();
    expect(pass(1000, 950, 100)).toBe('busy');
  });

  it('is told by time alone where the system does not tell of processors', () => {
    const { overload, pass } = thread(undefined);
    overload();
    expect(pass(1000, 500, 1000)).toBeUndefined();
    expect(pass(1000, 1000, 1000)).toBe('busy');
  });
});

it.runIf(existsSync('/proc/thread-self/schedstat'))('Linux tells how long a thread waited', () => {
  const before = thisThread.waitedMs();
  expect(before).toBeGreaterThanOrEqual(0);
  expect(thisThread.waitedMs()).toBeGreaterThanOrEqual(before ?? Number.POSITIVE_INFINITY);
});
