import { expect, it } from 'vitest';
import { Breaker } from './breaker.js';

const options = { failures: 3, windowMs: 100, coolDownMs: 1000 };

it('opens after enough failures within the window, not across it', () => {
  const breaker = new Breaker(options);
  expect([0, 150, 300].map((timeMs) => breaker.fail(timeMs))).toEqual([false, false, false]);
  expect([310, 320].map((timeMs) => breaker.fail(timeMs))).toEqual([false, true]);
  expect(breaker.admit(321)).toBe(false);
});

it('lets one probe through after the cool-down and closes when it succeeds', () => {
  const breaker = new Breaker(options);
  for (const timeMs of [0, 1, 2]) breaker.fail(timeMs);
  expect(breaker.state(500)).toBe('open');
  expect(breaker.state(1002)).toBe('half-open');
  expect(breaker.admit(1002)).toBe(true);
  expect(breaker.admit(1003)).toBe(false);
  breaker.succeed();
  expect(breaker.state(1003)).toBe('closed');
});

it('opens again when the probe fails', () => {
  const breaker = new Breaker(options);
  for (const timeMs of [0, 1, 2]) breaker.fail(timeMs);
  breaker.admit(1002);
  expect(breaker.fail(1010)).toBe(true);
  expect(breaker.state(1500)).toBe('open');
  expect(breaker.admit(2010)).toBe(true);
});

it('stays open for good when told so', () => {
  const breaker = new Breaker({ ...options, failures: 1, coolDownMs: Number.POSITIVE_INFINITY });
  breaker.fail(0);
  expect(breaker.admit(1e12)).toBe(false);
});
