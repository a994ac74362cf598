import { describe, expect, it } from 'vitest';
import { compareAdvice, relativeDistance } from './compare-advice.js';

const vector = (values: readonly number[]) => Float64Array.from(values);

describe('relative distance', () => {
  it('is of the second vector, zero for equal ones, infinite where nothing can be measured', () => {
    expect(relativeDistance(vector([3, 4]), vector([3, 4]))).toBe(0);
    expect(relativeDistance(vector([0, 0]), vector([0, 0]))).toBe(0);
    expect(relativeDistance(vector([0, 0]), vector([3, 4]))).toBe(1);
    expect(relativeDistance(vector([1]), vector([0]))).toBe(Number.POSITIVE_INFINITY);
    expect(relativeDistance(vector([1]), vector([1, 1]))).toBe(Number.POSITIVE_INFINITY);
  });
});

describe('advice', () => {
  it('of vectors is the same within a thousandth', () => {
    const weights = (value: number) => ({ weights: vector([value, value]) });
    expect(compareAdvice('initialization', weights(1.0001), weights(1)).isSame).toBe(true);
    const { isSame, difference } = compareAdvice('initialization', weights(1.1), weights(1));
    expect([isSame, difference?.toFixed(6)]).toEqual([false, '0.100000']);
    expect(compareAdvice('initialization', { weights: vector([1]) }, weights(1))).toEqual({
      isSame: false,
      difference: undefined,
    });
    const variance = { varianceGy2: vector([2]) };
    expect(compareAdvice('adaptive-variance', variance, variance).isSame).toBe(true);
  });

  it('of directions differs in another space, however alike its numbers are', () => {
    const of = (space: 'weights' | 'parameters') => ({ space, direction: vector([1, 2]) });
    expect(compareAdvice('step-direction', of('weights'), of('weights')).isSame).toBe(true);
    expect(compareAdvice('step-direction', of('weights'), of('parameters'))).toEqual({
      isSame: false,
      difference: undefined,
    });
  });

  it('of sigmas is compared structure by structure, stage by stage', () => {
    const sigma = (...values: readonly number[]) => ({
      structures: values.map((histogramSigmaGy, structure) => ({ structure, histogramSigmaGy })),
    });
    expect(compareAdvice('histogram-sigma', sigma(2, 3), sigma(2, 4))).toEqual({
      isSame: false,
      difference: 0.25,
    });
    expect(compareAdvice('histogram-sigma', sigma(2), sigma(2, 4))).toEqual({
      isSame: false,
      difference: 0,
    });
    expect(compareAdvice('histogram-sigma', sigma(), sigma(2)).difference).toBeUndefined();
    const stages = (...sigmas: readonly number[]) => ({
      stages: sigmas.map((histogramSigmaGy, i) => ({
        level: sigmas.length - 1 - i,
        histogramSigmaGy,
        iterationLimit: 0,
      })),
    });
    expect(compareAdvice('pyramid-sigma', stages(6, 2), stages(5, 2)).difference).toBeCloseTo(0.2);
    expect(compareAdvice('pyramid-sigma', stages(2), stages(5, 2)).difference).toBeUndefined();
  });

  it('to stop is the same when the decision is', () => {
    const go = { decision: 'continue' as const, predictedFinalObjective: 3 };
    expect(compareAdvice('early-stopping', go, { decision: 'continue' }).isSame).toBe(true);
    expect(compareAdvice('early-stopping', go, { decision: 'stop-all' }).isSame).toBe(false);
  });
});
