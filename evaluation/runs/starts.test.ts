import { mean, standardDeviation } from 'simple-statistics';
import { describe, expect, it } from 'vitest';
import { meanWeights, nearestPlan, type PlannedWeights, withNoise } from './starts.js';

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

describe('plans of training patients', () => {
  const plan = (columns: number, weights: readonly number[], voxels = {}): PlannedWeights => ({
    beams: 2,
    rows: 1,
    columns,
    weights,
    voxels: new Map(Object.entries(voxels)),
  });
  const wide = plan(
    5,
    [1, 2, 3, 4, 5, 6, 7, 8, 9, 10].map((x) => x / 100),
  );
  const narrow = plan(
    3,
    [5, 5, 5, 0, 0, 0].map((x) => x / 100),
  );

  it('are averaged at the same distance from the isocentre, over those that reach it', () => {
    const mean = meanWeights(plan(7, []), [wide, narrow]).map((weight) =>
      Math.round(1000 * weight),
    );
    expect(mean).toEqual([0, 10, 35, 40, 45, 50, 0, 0, 60, 35, 40, 45, 100, 0]);
  });

  it('are cut to a smaller grid and kept below the ceiling', () => {
    expect(meanWeights(plan(1, []), [wide])).toEqual([0.03, 0.08]);
    expect(meanWeights(plan(1, []), [plan(1, [0.3, 0.1])])).toEqual([0.2, 0.1]);
  });

  it('are alike when their structures are of like size', () => {
    const known = [{ PTV: 100, Cord: 10 }, { PTV: 1000 }, { PTV: 900, Cord: 12 }];
    const plans = known.map((voxels) => plan(1, [0, 0], voxels));
    const near = (voxels: Record<string, number>) => nearestPlan(plan(1, [], voxels), plans);
    expect(near({ PTV: 110, Cord: 9 })).toBe(0);
    expect(near({ PTV: 950 })).toBe(1);
    expect(near({ PTV: 1000, Cord: 10 })).toBe(2);
  });
});
