import { expect, it } from 'vitest';
import { StagePace } from './time-to-end.js';

function pace(objectives: readonly number[], limit = 0, tolerance = 1e-3) {
  const stage = new StagePace();
  stage.start(limit, tolerance);
  for (const [k, objective] of objectives.entries()) stage.add(objective, 1000 + 20 * k);
  return stage;
}

const falling = (count: number, rate = 0.8, end = 10) =>
  Array.from({ length: count }, (_, k) => end + 90 * rate ** k);

it('follows a geometric fall to where the tolerance stops it', () => {
  const count = 20;
  const found = pace(falling(count)).toEnd(10);
  // The first k whose change 90 * 0.8^k * 0.2 is within 1e-3 of 10.
  const whole = Math.ceil(Math.log((1e-3 * 10) / 0.2 / 90) / Math.log(0.8));
  expect(found?.iterations).toBeGreaterThanOrEqual(whole - count);
  expect(found?.iterations).toBeLessThanOrEqual(whole - count + 2);
  expect(found?.ms).toBe(20 * (found?.iterations ?? 0));
});

it('is never longer than the stage may be', () => {
  expect(pace(falling(10), 12).toEnd(10)).toEqual({ iterations: 2, ms: 40 });
  expect(pace(falling(10), 5).toEnd(10)).toEqual({ iterations: 0, ms: 0 });
});

it.each<[string, readonly number[], number]>([
  ['too few iterations', falling(5), 10],
  ['an objective that has passed the forecast', falling(20), 60],
  ['an objective that rises', falling(20, 1.1), 10],
  ['an objective that stands', falling(20, 1), 10],
  ['a forecast of nothing', falling(20), 0],
  ['a forecast that is no number', falling(20), Number.NaN],
])('says nothing with %s', (_what, objectives, predicted) => {
  expect(pace(objectives).toEnd(predicted)).toBeNull();
});

it('says nothing of a pace that never gets there', () => {
  expect(pace(falling(20, 0.9999), 0, 0).toEnd(10)).toBeNull();
});

it('forgets the stage before', () => {
  const stage = pace(falling(20));
  stage.start(0, 1e-3);
  expect(stage.toEnd(10)).toBeNull();
});
