import { describe, expect, it } from 'vitest';
import { ARMS, type Arm, armNamed, ROLES, selectArms } from '../arms/arms.js';
import { measureAll } from '../measures/measures.js';
import type { ArmCase } from '../measures/outcomes.js';
import { pairedRatios } from '../measures/paired.js';
import { armCase } from '../measures/testing.js';
import { profile } from '../plots/performance-profile.js';
import { bestClassical, summarize } from './summarize.js';

const arms = ['dh-reference', 'lbfgs-annealed', 'lbfgs-all'].map(armNamed);

/** Three patients: the learned arm wins one, ties one and never reaches the third. */
const counted: readonly ArmCase[] = [
  ...['a', 'b', 'c'].map((id) =>
    armCase('dh-reference', id, { fRefs: [100, 50, 10], calls: [1, 500, 1000] }),
  ),
  ...['a', 'b', 'c'].map((id) => armCase('lbfgs-annealed', id, { fRefs: [20, 10, 9] })),
  armCase('lbfgs-all', 'a', { fRefs: [10, 9] }),
  armCase('lbfgs-all', 'b', { fRefs: [20, 10] }),
  armCase('lbfgs-all', 'c', { fRefs: [20, 12] }),
];
const measures = measureAll(counted, 'dh-reference');
const timed: readonly ArmCase[] = [
  armCase('dh-reference', 'a', { fRefs: [10], totalMs: 900 }, { fRefs: [10], totalMs: 700 }),
  armCase('lbfgs-annealed', 'a', { fRefs: [20, 10, 9], totalMs: 300 }),
  armCase('lbfgs-all', 'a', { fRefs: [10, 9], totalMs: 100 }),
];
const summary = summarize({ arms, reference: 'dh-reference', measures, counted, timed });

describe('summarize', () => {
  it('counts those that never get there and says null for a worst case that does not', () => {
    expect(summary.arms['lbfgs-all']).toMatchObject({
      solver: 'lbfgs',
      patients: 3,
      reached: 2,
      medianCallEquivalents: 20,
      worstCallEquivalents: null,
      medianIterations: 2,
      medianFRefRatio: 1,
      worstFRefRatio: 1.2,
      outsideMargins: 1,
    });
    expect(summary.arms['dh-reference']).toMatchObject({ reached: 3, medianCallEquivalents: 1000 });
  });

  it('pairs patients with the best classical arm', () => {
    expect(summary.bestClassical).toBe('lbfgs-annealed');
    expect(pairedRatios(measures, 'lbfgs-all', 'lbfgs-annealed')).toEqual([0.5, 1, Infinity]);
    expect(summary.arms['lbfgs-all']?.againstBestClassical).toMatchObject({
      median: 1,
      worst: null,
      win: 1,
      tie: 1,
      loss: 1,
      moreThanTenPercentWorse: 1,
    });
  });

  it('takes times from the pass of one plan at a time, the median of its repeats', () => {
    expect(summary.timesFrom).toBe('timing');
    expect(summary.arms['dh-reference']?.medianWallMs).toBe(800);
    expect(summary.arms['lbfgs-all']?.medianWallMs).toBe(100);
    expect(summary.arms['lbfgs-all']?.toReferenceMs).toEqual({
      median: 50,
      p95: 50,
      worst: 50,
      overBestClassical: { median: 0.25, p95: 0.25, worst: 0.25, ci95: [0.25, 0.25] },
    });
  });

  it('takes them from counting where nothing was timed, those that never get there as never', () => {
    const untimed = summarize({ arms, reference: 'dh-reference', measures, counted, timed: [] });
    expect(untimed.timesFrom).toBe('counts');
    expect(untimed.arms['lbfgs-all']?.medianWallMs).toBe(1000);
    expect(untimed.arms['lbfgs-all']?.toReferenceMs).toMatchObject({ median: 1000, worst: null });
  });

  it('is plain JSON', () => {
    expect(JSON.parse(JSON.stringify(summary))).toEqual(summary);
  });
});

it('a classical arm that never gets there is not the best', () => {
  const never = ['a', 'b'].flatMap((id) => [
    armCase('dh-reference', id, { fRefs: [10] }),
    armCase('lbfgs-annealed', id, { fRefs: [20] }),
  ]);
  expect(bestClassical(arms, measureAll(never, 'dh-reference'))).toBe('dh-reference');
});

it('a profile counts those that never get there among the patients', () => {
  const points = profile(measures, ['lbfgs-annealed', 'lbfgs-all']);
  const of = (arm: string) => points.filter((point) => point.arm === arm);
  expect(of('lbfgs-annealed').map(({ ratio }) => ratio)).toEqual([1, 1, 1, 2, 2.2]);
  expect(of('lbfgs-all').at(-1)?.share).toBeCloseTo(2 / 3);
});

describe('the table of arms', () => {
  const names = (list: readonly Arm[]) => list.map(({ name }) => name);

  it('has every learned role alone, all together, and all but each, on both solvers', () => {
    for (const solver of ['dh-reference', 'lbfgs']) {
      for (const role of ROLES) {
        expect(Object.keys(armNamed(`${solver}-${role}`).roles)).toEqual([role]);
      }
      const together = Object.keys(armNamed(`${solver}-all`).roles);
      expect(together).toContain('initialization');
      for (const role of together) {
        const rest = Object.keys(armNamed(`${solver}-all-but-${role}`).roles);
        expect(rest).toEqual(together.filter((other) => other !== role));
      }
    }
    expect(new Set(names(ARMS)).size).toBe(ARMS.length);
  });

  it('selects what an arm is worked out from, the reference first and the long runs', () => {
    const selected = names(selectArms(['oracle-stop'], 'dh-incremental', true));
    expect(selected).toEqual([
      'dh-incremental',
      'lbfgs-prepared',
      'long-slow',
      'long-half',
      'oracle-stop',
    ]);
    expect(names(selectArms(['dh-reference'], 'dh-reference', false))).toEqual(['dh-reference']);
    expect(() => selectArms(['nonsense'], 'dh-reference', true)).toThrow(
      /no arm "nonsense"; there are dh-reference,/,
    );
  });
});
