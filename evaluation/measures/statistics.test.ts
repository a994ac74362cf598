import { describe, expect, it } from 'vitest';
import {
  bootstrap95,
  costRatio,
  countWins,
  median,
  NEVER,
  quantile,
  spread,
} from './statistics.js';

describe('order statistics with censored costs', () => {
  it('count what was never reached as more than any cost', () => {
    expect(median([30, NEVER, 10])).toBe(30);
    expect(median([30, NEVER, NEVER])).toBe(NEVER);
    // Half never: the median lies between a cost and never.
    expect(median([10, 20, NEVER, NEVER])).toBe(NEVER);
    expect(median([10, 20, 40, NEVER])).toBe(30);
  });

  it('show never and nothing as null', () => {
    expect(spread([10, 20, NEVER])).toEqual({ median: 20, p95: null, worst: null });
    expect(spread([])).toEqual({ median: null, p95: null, worst: null });
  });

  it('take the 95th percentile from the twentieth of twenty-one', () => {
    const values = Array.from({ length: 21 }, (_, i) => 21 - i);
    expect(quantile(values, 0.95)).toBe(20);
  });
});

describe('bootstrap95', () => {
  const values = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11];

  it('is the same for the same seed and another for another', () => {
    const mean = (resample: readonly number[]) =>
      resample.reduce((sum, value) => sum + value, 0) / resample.length;
    const options = { resamples: 500, seed: 0.25 };
    expect(bootstrap95(values, mean, options)).toEqual(bootstrap95(values, mean, options));
    expect(bootstrap95(values, mean, { ...options, seed: 0.75 })).not.toEqual(
      bootstrap95(values, mean, options),
    );
  });

  it('encloses the median within what the order statistics of a binomial give', () => {
    // Eleven values: P(median < 3rd) and P(median > 9th) are below 2.5 % each, the 4th and 8th are well inside.
    const { low, high } = bootstrap95(values);
    expect(low).toBeGreaterThanOrEqual(2);
    expect(low).toBeLessThanOrEqual(4);
    expect(high).toBeGreaterThanOrEqual(8);
    expect(high).toBeLessThanOrEqual(10);
  });

  it('has no upper end when enough resamples never get there', () => {
    expect(bootstrap95([10, 20, 30, NEVER, NEVER]).high).toBe(NEVER);
    expect(bootstrap95([7, 7, 7])).toEqual({ low: 7, high: 7 });
  });
});

describe('pairs', () => {
  it('win, lose or tie, the censored ones included', () => {
    const ratios = [
      costRatio(50, 100),
      costRatio(200, 100),
      costRatio(100.5, 100),
      costRatio(NEVER, 100),
      costRatio(100, NEVER),
      costRatio(NEVER, NEVER),
    ];
    expect(ratios).toEqual([0.5, 2, 1.005, NEVER, 0, 1]);
    expect(countWins(ratios)).toEqual({ win: 2, tie: 2, loss: 2 });
  });
});
