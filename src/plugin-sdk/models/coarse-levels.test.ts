import { describe, expect, it } from 'vitest';
import type { PlanView } from '../plan-view.js';
import { fakePlan } from '../testing/index.js';
import { halved, restrictToLevel } from './coarse-levels.js';

function planOf(columns: number, rows: number, counts: readonly number[], beams = 1): PlanView {
  const base = fakePlan();
  const [beam] = base.beams;
  const [level] = base.levels;
  if (beam === undefined || level === undefined) throw new Error('the fake plan is not empty');
  return fakePlan({
    beams: Array(beams).fill({ ...beam, columns, rows }),
    levels: counts.map((beamletCount, index) => ({ ...level, level: index, beamletCount })),
  });
}

const ones = (n: number) => new Float64Array(n).fill(1);

it('halves as the reference optimizer does', () => {
  expect([39, 19, 9, 8, 5, 4, 3, 2, 1].map(halved)).toEqual([19, 9, 5, 4, 3, 2, 1, 1, 1]);
});

describe('restriction', () => {
  it('keeps a constant on every level, whatever the grid', () => {
    const plan = planOf(39, 8, [312, 76, 18], 1);
    for (const level of [0, 1, 2]) {
      const coarse = restrictToLevel(new Float32Array(312).fill(0.125), plan, level, ones(312));
      expect(new Set(coarse)).toEqual(new Set([0.125]));
    }
  });

  it('weighs neighbours by their distance: five beamlets to three, four to two', () => {
    const odd = restrictToLevel([0, 1, 2, 4, 8], planOf(5, 1, [5, 3]), 1, ones(5));
    // Centres at fine 0, 2 and 4.
    [(0 + 0.5) / 1.5, (0.5 + 2 + 2) / 2, (2 + 8) / 1.5].forEach((mean, i) => {
      expect(odd[i]).toBeCloseTo(mean, 12);
    });
    const even = restrictToLevel([1, 2, 3, 4], planOf(4, 1, [4, 2]), 1, ones(4));
    // Centres half-way between the fine pairs.
    expect([...even]).toEqual([
      (0.75 * 1 + 0.75 * 2 + 0.25 * 3) / 1.75,
      (0.25 * 2 + 0.75 * 3 + 0.75 * 4) / 1.75,
    ]);
  });

  it('leaves excluded beamlets out, and is 0 where all are excluded', () => {
    const plan = planOf(4, 1, [8, 4], 2);
    const norms = [0, 1, 1, 1, 0, 0, 0, 0];
    const coarse = restrictToLevel([9, 2, 2, 2, 7, 7, 7, 7], plan, 1, Float64Array.from(norms));
    expect([...coarse]).toEqual([2, 2, 0, 0]);
  });

  it('does not guess at a pyramid of another kind', () => {
    const plan = planOf(4, 1, [4, 3]);
    expect(() => restrictToLevel([1, 2, 3, 4], plan, 1, ones(4))).toThrow(/halved grids have 2/);
  });
});
