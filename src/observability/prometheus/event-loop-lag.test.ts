import { Registry } from 'prom-client';
import { expect, it } from 'vitest';
import { EventLoopLag } from './event-loop-lag.js';

/** A loop whose timers come `lateMs` late. */
function loop() {
  const registry = new Registry();
  let nowMs = 0;
  let tick = () => undefined as unknown;
  let isEnded = false;
  const every = (_: number, callback: () => void) => {
    tick = callback;
    return () => {
      isEnded = true;
    };
  };
  const lag = new EventLoopLag(registry, every, () => nowMs);
  const late = (lateMs: number, times = 1) => {
    for (let k = 0; k < times; k += 1) {
      nowMs += 20 + lateMs;
      tick();
    }
  };
  return { lag, late, text: () => registry.metrics(), isEnded: () => isEnded };
}

it('is a histogram in seconds since the start', async () => {
  const { late, text } = loop();
  late(0.3, 98);
  late(-0.2);
  late(150);
  const metrics = await text();
  expect(metrics).toContain('# TYPE dh_advisor_event_loop_lag_seconds histogram');
  expect(metrics).toContain('dh_advisor_event_loop_lag_seconds_bucket{le="0.0005"} 99');
  expect(metrics).toContain('dh_advisor_event_loop_lag_seconds_bucket{le="0.1"} 99');
  expect(metrics).toContain('dh_advisor_event_loop_lag_seconds_bucket{le="0.2"} 100');
  // A scrape takes nothing away from the next one.
  expect(await text()).toBe(metrics);
});

it('shows the last minute: what was late before is forgotten', () => {
  const { lag, late } = loop();
  expect(lag.recentMs()).toEqual({ p50: 0, p99: 0 });
  late(500, 100);
  late(1, 2900);
  expect(lag.recentMs().p50).toBeCloseTo(1);
  expect(lag.recentMs().p99).toBeCloseTo(500);
  late(1, 100);
  expect(lag.recentMs().p99).toBeCloseTo(1);
});

it('ends with its metrics', () => {
  const { lag, isEnded } = loop();
  lag.dispose();
  expect(isEnded()).toBe(true);
});

it('measures the real loop: one that is held is late by as much', async () => {
  const registry = new Registry();
  const lag = new EventLoopLag(registry);
  const until = performance.now() + 80;
  while (performance.now() < until);
  await expect.poll(() => lag.recentMs().p99).toBeGreaterThan(40);
  lag.dispose();
});
