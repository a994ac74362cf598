import { describe, expect, it } from 'vitest';
import type { StructureMetrics } from '../runs/run-record.js';
import { doseChange, isOutside, outsideOf } from './margins.js';
import { costToReach, fRefAt, measureAll } from './measures.js';
import { freeCovariance, perfectStop } from './outcomes.js';
import { NEVER } from './statistics.js';
import { armCase, smallOutcome } from './testing.js';

describe('costToReach', () => {
  const outcome = smallOutcome({ fRefs: [8, null, 4, 5, 3] });

  it('takes the first iteration at or below the goal', () => {
    expect(costToReach(outcome, 4)).toBe(30);
    expect(costToReach(outcome, 3.5)).toBe(50);
  });

  it('is never when the run ends above it', () => {
    expect(costToReach(outcome, 2.9)).toBe(NEVER);
  });

  it('counts the end where the trace has no F_ref', () => {
    expect(costToReach(smallOutcome({ fRefs: [null, null], fRef: 2 }), 2.9)).toBe(20);
  });
});

it('fRefAt gives the plan that stands when the budget is spent', () => {
  const outcome = smallOutcome({ fRefs: [8, 4, 5] });
  expect(fRefAt(outcome, 9)).toBe(NEVER);
  expect(fRefAt(outcome, 10)).toBe(8);
  expect(fRefAt(outcome, 29)).toBe(4);
  expect(fRefAt(outcome, 1000)).toBe(5);
});

it('a perfect stop ends within 1 % of its own end, without doses', () => {
  const stopped = perfectStop(smallOutcome({ fRefs: [8, 4.03, 4.1, 4], totalMs: 400 }));
  expect(stopped.total).toMatchObject({ iterations: 2, call_equivalents: 20, total_ms: 200 });
  expect(stopped.fRef).toBe(4.03);
  expect(stopped.structures).toBeUndefined();
});

it('free covariance takes its time off the total and no more', () => {
  const freed = freeCovariance(smallOutcome({ fRefs: [8], totalMs: 400, covarianceMs: 150 }));
  expect(freed.total).toMatchObject({ covariance_ms: 0, total_ms: 250, call_equivalents: 10 });
});

describe('measureAll', () => {
  const measures = measureAll(
    [
      armCase('dh-reference', 'a', { fRefs: [10, 6, 5] }),
      armCase('fast', 'a', { fRefs: [5.05, 4] }),
      armCase('stuck', 'a', { fRefs: [9, 5.06] }),
      armCase('broken', 'a'),
      armCase('dh-reference', 'b'),
      armCase('fast', 'b', { fRefs: [5] }),
    ],
    'dh-reference',
  );
  const of = (arm: string) => measures.find((measured) => measured.arm === arm);

  it('measures against the reference and against the best of all', () => {
    expect(of('dh-reference')).toMatchObject({ toReference: 30, fRefRatio: 1, bestRatio: 1.25 });
    expect(of('fast')).toMatchObject({ toReference: 10, fRefRatio: 0.8, bestRatio: 1 });
    expect(of('fast')?.toBest).toEqual([20, 20, 20]);
    expect(of('dh-reference')?.toBest).toEqual([NEVER, NEVER, NEVER]);
    expect(of('stuck')?.toReference).toBe(NEVER);
  });

  it('counts a failed run as never there and leaves out cases without a reference', () => {
    expect(of('broken')).toMatchObject({ isFailed: true, toReference: NEVER, fRefRatio: NEVER });
    expect(new Set(measures.map(({ case: id }) => id))).toEqual(new Set(['a']));
  });

  it('takes the median of repeats', () => {
    const repeats = [{ fRefs: [5] }, { fRefs: [9, 5] }, { fRefs: [9, 9, 5] }];
    const all = [armCase('dh-reference', 'a', { fRefs: [5] }), armCase('x', 'a', ...repeats)];
    expect(measureAll(all, 'dh-reference').at(-1)?.toReference).toBe(20);
  });
});

describe('margins', () => {
  const plan = (d95: number, mean: number, hottest: number): readonly StructureMetrics[] => [
    { name: 'PTV', role: 'target', prescribed_dose_gy: 70, metrics: { D95: d95 } },
    {
      name: 'Cord',
      role: 'organ-at-risk',
      prescribed_dose_gy: null,
      metrics: { Dmean: mean, 'D0.1cc': hottest },
    },
    {
      name: 'Rest',
      role: 'normal-tissue',
      prescribed_dose_gy: null,
      metrics: { Dmean: mean + 50 },
    },
  ];
  const change = (d95: number, mean: number, hottest: number) =>
    doseChange(plan(d95, mean, hottest), plan(66, 20, 40));

  it('are per cent of the prescription for targets and Gy for organs', () => {
    expect(change(65.3, 20.4, 41)).toEqual({
      targetD95LossPercent: expect.closeTo(1, 9),
      organMeanGy: expect.closeTo(0.4, 9),
      organD01ccGy: expect.closeTo(1, 9),
    });
  });

  it('are judged one by one', () => {
    expect(outsideOf(1.009, change(65.7, 20.4, 40.4))).toEqual({
      fRef: false,
      targetD95: false,
      organMean: false,
      organD01cc: false,
    });
    expect(outsideOf(1.011, change(65.6, 20.6, 40.6))).toEqual({
      fRef: true,
      targetD95: true,
      organMean: true,
      organD01cc: true,
    });
    expect(isOutside(outsideOf(0.9, undefined))).toBe(false);
    expect(isOutside(outsideOf(NEVER, undefined))).toBe(true);
  });

  it('refuse plans of other structures', () => {
    expect(() => doseChange(plan(66, 20, 40).slice(1), plan(66, 20, 40))).toThrow(/structures/);
  });
});
