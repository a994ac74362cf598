import { mean, standardDeviation } from 'simple-statistics';
import { expect, it } from 'vitest';
import { withNoise } from './starts.js';

const flat = new Array<number>(4000).fill(0.01);

it('noise is log-normal with the width asked for, the same for the same name', () => {
  const logs = withNoise(flat, 0.2, 'a').map((weight) => Math.log(weight / 0.01));
  expect(Math.abs(mean(logs))).toBeLessThan(0.02);
  expect(Math.abs(standardDeviation(logs) - 0.2)).toBeLessThan(0.01);
  expect(withNoise(flat, 0.2, 'a')).toEqual(withNoise(flat, 0.2, 'a'));
  expect(withNoise(flat, 0.2, 'b')).not.toEqual(withNoise(flat, 0.2, 'a'));
});

it('weights keep their zeros and the ceiling, a rounding above it included', () => {
  const noisy = withNoise([0, 0.2, 0.19], 0.4, 'a');
  expect(noisy[0]).toBe(0);
  expect(Math.max(...noisy)).toBeLessThanOrEqual(0.2);
  expect(withNoise([0.2 + Number.EPSILON / 8], 0, 'a')).toEqual([0.2]);
});
