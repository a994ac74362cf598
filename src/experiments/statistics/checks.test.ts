import fc from 'fast-check';
import { gammaln } from 'simple-statistics';
import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../plugin-sdk/internal/seeded-random.js';
import { compare, judgeMargin } from './conclusion.js';
import { eBenjaminiHochberg } from './multiple-metrics.js';
import { comparedValue, featureCount, featureVector, readableEffect } from './plan-numbers.js';
import { planSize } from './power.js';
import { RatioCheck } from './ratio-check.js';

const lower = { name: 'calls', direction: 'lower', scale: 'ratio', range: undefined } as const;
const higher = { ...lower, direction: 'higher' } as const;
const difference = { ...lower, scale: 'difference', range: [0, 10] } as const;

describe('RatioCheck', () => {
  it('is the Dirichlet-multinomial Bayes factor while shares stay', () => {
    const shares = { a: 0.5, b: 0.3, c: 0.2 };
    const prior = 7;
    const random = seededRandom.stream(5);
    const check = new RatioCheck(prior);
    const counts = { a: 0, b: 0, c: 0 };
    let highest = 0;
    for (let i = 0; i < 200; i += 1) {
      const u = random.uniform();
      const arm = u < 0.2 ? 'a' : u < 0.3 ? 'b' : 'c';
      counts[arm] += 1;
      check.add(arm, shares);
      const total = 3 * prior;
      let logE = gammaln(total) - gammaln(total + i + 1);
      for (const id of ['a', 'b', 'c'] as const) {
        const alpha = total * shares[id];
        logE += gammaln(alpha + counts[id]) - gammaln(alpha) - counts[id] * Math.log(shares[id]);
      }
      highest = Math.max(highest, logE);
    }
    expect(-Math.log(check.pValue)).toBeCloseTo(highest, 6);
    expect(check.units).toBe(200);
    expect(Object.fromEntries(check.counts())).toEqual(counts);
  });

  it('stays quiet while shares change and are kept', () => {
    let alarms = 0;
    for (let run = 0; run < 300; run += 1) {
      const random = seededRandom.stream(run);
      const check = new RatioCheck(30);
      for (let i = 0; i < 400; i += 1) {
        const share = i < 200 ? 0.1 : 0.7;
        check.add(random.uniform() < share ? 'new' : 'old', { new: share, old: 1 - share });
      }
      if (check.pValue <= 0.05) alarms += 1;
    }
    expect(alarms / 300).toBeLessThan(0.05 + 3 * Math.sqrt((0.05 * 0.95) / 300));
  });

  it('fires when an arm gets too few', () => {
    const check = new RatioCheck(30);
    for (let i = 0; i < 300; i += 1) check.add(i % 3 === 0 ? 'new' : 'old', { new: 0.5, old: 0.5 });
    expect(check.pValue).toBeLessThan(1e-4);
  });

  it('takes an arm that is alone as it is', () => {
    const check = new RatioCheck(2);
    for (let i = 0; i < 50; i += 1) check.add('old', { old: 1 });
    expect(check.pValue).toBe(1);
  });
});

describe('several metrics', () => {
  it('are rejected by e-BH as by hand', () => {
    // Four hypotheses at 0.05: e must be 80 for one, 40 for two, 26.7 for three, 20 for four.
    const logs = (...values: readonly number[]) => values.map((value) => Math.log(value));
    expect(eBenjaminiHochberg(logs(79, 1, 2, 3), 0.05)).toEqual([false, false, false, false]);
    expect(eBenjaminiHochberg(logs(50, 41, 2, 3), 0.05)).toEqual([true, true, false, false]);
    expect(eBenjaminiHochberg(logs(30, 25, 21, 20.1), 0.05)).toEqual([true, true, true, true]);
    expect(eBenjaminiHochberg([], 0.05)).toEqual([]);
  });

  it('keep the share of false findings when none is true', () => {
    const random = seededRandom.stream(9);
    let falseAlarms = 0;
    for (let run = 0; run < 2000; run += 1) {
      // 1 / (2 sqrt(u)) has mean 1 for u uniform: an e-value.
      const logE = Array.from({ length: 10 }, () =>
        Math.log(0.5 / Math.sqrt(1 - random.uniform())),
      );
      if (eBenjaminiHochberg(logE, 0.05).some(Boolean)) falseAlarms += 1;
    }
    expect(falseAlarms / 2000).toBeLessThan(0.05);
  });
});

describe('planSize', () => {
  const question = { effect: 0.5, deviation: 1, explained: 0, share: 0.5, alpha: 0.05, power: 0.8 };

  it('is the textbook’s for a fixed size: 63 plans an arm for half a deviation', () => {
    expect(planSize(question).fixedPlans).toBe(126);
    expect(planSize({ ...question, power: 0.9 }).fixedPlans).toBe(169);
  });

  it('takes more for looks at any time, and half of the experiments decide earlier', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0.05, max: 2, noNaN: true }),
        fc.double({ min: 0.05, max: 0.95, noNaN: true }),
        (effect, share) => {
          const { fixedPlans, sequentialPlans, medianPlans } = planSize({
            ...question,
            effect,
            share,
          });
          expect(sequentialPlans).toBeGreaterThan(fixedPlans);
          expect(sequentialPlans).toBeLessThan(2.2 * fixedPlans + 10);
          expect(medianPlans).toBeLessThan(sequentialPlans);
        },
      ),
    );
  });

  it('ends for any numbers, with a size or with what is wrong', () => {
    const any = fc.double({ noNaN: false });
    fc.assert(
      fc.property(fc.tuple(any, any, any, any, any, any), (numbers) => {
        const [effect, deviation, explained, share, alpha, power] = numbers;
        try {
          const size = planSize({ effect, deviation, explained, share, alpha, power });
          for (const plans of Object.values(size)) expect(Number.isSafeInteger(plans)).toBe(true);
        } catch (thrown) {
          expect(thrown).toBeInstanceOf(RangeError);
        }
      }),
    );
  });

  it('shrinks with what the features explain', () => {
    expect(planSize({ ...question, explained: 0.5 }).fixedPlans).toBe(63);
  });

  it.each([
    [{ effect: 0 }, 'the effect must not be 0'],
    [{ effect: Number.NaN }, 'the effect must not be 0'],
    [{ deviation: 0 }, 'deviation'],
    [{ explained: 1 }, 'explained'],
    [{ share: 1 }, 'share'],
    [{ alpha: 0 }, 'share, alpha'],
    [{ power: 1.5 }, 'share, alpha, power'],
    [{ effect: 1e-200 }, 'more than 1000000000000 plans'],
    [{ effect: 1e-9 }, 'more than 1000000000000 plans'],
    [{ effect: Number.MIN_VALUE }, 'more than 1000000000000 plans'],
    [{ deviation: 1e300 }, 'more than 1000000000000 plans'],
    [{ deviation: Number.POSITIVE_INFINITY }, 'more than 1000000000000 plans'],
    [{ alpha: 1e-320 }, 'more than 1000000000000 plans'],
    [{ share: 1e-300 }, 'more than 1000000000000 plans'],
  ])('refuses %o', (change, problem) => {
    expect(() => planSize({ ...question, ...change })).toThrow(problem);
  });
});

describe('verdicts', () => {
  it('know which side is better', () => {
    expect(compare(lower, { low: -0.3, high: -0.1 })).toBe('better');
    expect(compare(higher, { low: -0.3, high: -0.1 })).toBe('worse');
    expect(compare(lower, { low: 0.1, high: 0.2 })).toBe('worse');
    expect(compare(lower, { low: -0.1, high: 0.2 })).toBe('undecided');
    expect(compare(lower, { low: Number.NEGATIVE_INFINITY, high: Number.POSITIVE_INFINITY })).toBe(
      'undecided',
    );
  });

  it('judge margins: 1 % of a ratio, units of a difference', () => {
    expect(judgeMargin(lower, { low: -0.1, high: 0.0099 }, 0.01)).toBe('within');
    expect(judgeMargin(lower, { low: -0.1, high: 0.01 }, 0.01)).toBe('undecided');
    expect(judgeMargin(lower, { low: 0.01, high: 0.1 }, 0.01)).toBe('beyond');
    // 1 % less is a logarithm of -0.01005.
    expect(judgeMargin(higher, { low: -0.01, high: 0 }, 0.01)).toBe('within');
    expect(judgeMargin(higher, { low: -0.0101, high: 0 }, 0.01)).toBe('undecided');
    expect(judgeMargin(higher, { low: -9, high: -5 }, 2)).toBe('within');
    expect(judgeMargin(difference, { low: 0, high: 0.5 }, 0.6)).toBe('within');
    expect(judgeMargin(difference, { low: 0.7, high: 0.9 }, 0.6)).toBe('beyond');
  });
});

describe('numbers of a plan', () => {
  it('are logarithms for ratios and winsorised for differences', () => {
    expect(comparedValue(lower, Math.E)).toBeCloseTo(1, 12);
    expect(comparedValue(lower, 0)).toBeUndefined();
    expect(comparedValue(lower, Number.NaN)).toBeUndefined();
    expect(comparedValue(lower, undefined)).toBeUndefined();
    expect([-5, 4, 50].map((value) => comparedValue(difference, value))).toEqual([0, 4, 10]);
    expect(readableEffect(lower, Math.log(0.9))).toBeCloseTo(0.9, 12);
    expect(readableEffect(difference, -2)).toBe(-2);
  });

  it('say strata, features and whether any is missing', () => {
    const adjust = { beamletStrata: [250, 500], features: ['beamlets', 'shift'] };
    expect(featureVector(adjust, { beamlets: 300, shift: -1 })).toEqual([
      1,
      0,
      Math.log(301),
      -Math.log(2),
      0,
    ]);
    expect(featureVector(adjust, { beamlets: 600 })).toEqual([1, 1, Math.log(601), 0, 1]);
    expect(featureVector(adjust, {})).toEqual([0, 0, 0, 0, 1]);
    expect(featureVector(adjust, {})).toHaveLength(featureCount(adjust));
    expect(featureVector({ beamletStrata: [], features: [] }, {})).toEqual([0]);
  });
});
