import type { IterationRecord } from '@dh-advisor/plugin-sdk';
import { describe, expect, it } from 'vitest';
import { LOOK_BACK, packHistory, packState } from './features.js';

describe('what the model sees', () => {
  const records = (objectives: readonly number[]) =>
    objectives.map(
      (objective): IterationRecord => ({
        level: 0,
        stage: 0,
        iteration: 0,
        stepLength: 1,
        valueCalls: 1,
        gradientCalls: 1,
        elapsedMs: 1,
        objective,
        gradientNorm: 0.1,
      }),
    );
  const rows = (objectives: readonly number[]) => {
    const { shape, data } = packHistory(records(objectives));
    expect(shape).toEqual([1, 10, 4]);
    return Array.from({ length: 10 }, (_, i) => [...data.slice(4 * i, 4 * i + 4)]);
  };

  it('is a short history with zeros in front', () => {
    const packed = rows([100, 50]);
    expect(packed.slice(0, 8)).toEqual(Array(8).fill([0, 0, 0, 0]));
    expect(packed[8]).toEqual([2, -1, 0, 1]);
    expect(packed[9]?.[2]).toBe(0.5);
  });

  it('reaches far back in a long one, with the mean gain of the iterations between', () => {
    const objectives = Array.from({ length: 200 }, (_, i) => 10 ** (3 - i / 100));
    const packed = rows(objectives);
    packed.forEach((row, at) => {
      expect(row[0]).toBeCloseTo(3 - (199 - (LOOK_BACK[at] ?? 0)) / 100, 5);
      expect(row[3]).toBe(1);
    });
    expect(packed[0]?.[2]).toBeCloseTo((1 - 10 ** -0.35) / 35, 6);
    expect(packed[1]?.[2]).toBeCloseTo((1 - 10 ** -0.35) / 35, 6);
    expect(packed[9]?.[2]).toBeCloseTo(1 - 10 ** -0.01, 6);
  });

  it('counts the oldest gain from the start of a stage that is not long enough', () => {
    // 21 iterations: the rows 16 back and nearer are there, the first of them 4 after the start.
    const packed = rows(Array.from({ length: 21 }, (_, i) => 100 - i));
    expect(packed.map((row) => row[3])).toEqual([0, 0, 0, 0, 1, 1, 1, 1, 1, 1]);
    expect(packed[4]?.[2]).toBeCloseTo(0.04 / 4, 8);
  });

  it('stays finite at an optimum', () => {
    expect(rows([0, 0]).flat().every(Number.isFinite)).toBe(true);
  });

  it('is where the run stands', () => {
    const start = {
      level: 1,
      stage: 3,
      beamletCount: 1000,
      histogramSigmaGy: 10,
      objective: 5,
      varianceLowerGy2: 1,
      varianceUpperGy2: 2,
    };
    const { shape, data } = packState(start, 20, 'lbfgs');
    expect(shape).toEqual([1, 6]);
    [1, 1, 0.2, 3, 3, 1].forEach((value, i) => {
      expect(data[i]).toBeCloseTo(value, 6);
    });
    expect(packState(start, 20, 'dh').data[5]).toBe(0);
  });
});
