import fc from 'fast-check';
import { mean, sampleVariance } from 'simple-statistics';
import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../plugin-sdk/internal/seeded-random.js';
import { ConfidenceSequence, halfWidthInErrors, mixtureScale } from './confidence-sequence.js';
import { EffectSequence, PairedSequence } from './effect-sequence.js';
import { PredictableRegression } from './predictable-regression.js';
import { RunningMoments } from './running-moments.js';

const settings = { alpha: 0.05, plannedCount: 200, minimumCount: 50 };

describe('RunningMoments', () => {
  it('are those of the library', () => {
    const values = fc.array(fc.double({ min: -1e3, max: 1e3, noNaN: true }), { minLength: 2 });
    fc.assert(
      fc.property(values, (numbers) => {
        const moments = new RunningMoments();
        for (const value of numbers) moments.add(value);
        expect(moments.mean).toBeCloseTo(mean(numbers), 8);
        expect(moments.variance).toBeCloseTo(sampleVariance(numbers), 5);
      }),
    );
  });

  it('have no variance before the second number', () => {
    const moments = new RunningMoments();
    moments.add(3);
    expect([moments.count, moments.mean, moments.variance]).toEqual([1, 3, Number.NaN]);
  });
});

describe('the width of a sequence', () => {
  it('is about three standard errors at the planned count, by hand', () => {
    // scale * count = 5.9915 + ln 6.9915 = 7.9362; sqrt(2 * 8.9362 / 7.9362 * (ln(8.9362) / 2 + 2.9957)) = 3.0352.
    expect(200 * mixtureScale(0.05, 200)).toBeCloseTo(7.9362, 3);
    expect(halfWidthInErrors(0.05, mixtureScale(0.05, 200), 200)).toBeCloseTo(3.0352, 3);
  });

  it('is least there', () => {
    const scale = mixtureScale(0.05, 200);
    const width = (count: number) => halfWidthInErrors(0.05, scale, count);
    for (const count of [20, 100, 400, 4000])
      expect(width(count)).toBeGreaterThan(width(200) - 1e-3);
  });
});

describe('ConfidenceSequence', () => {
  it('says nothing before its minimum count', () => {
    const sequence = new ConfidenceSequence(settings);
    for (let i = 0; i < 49; i += 1) sequence.add(i % 2);
    expect(sequence.state()).toMatchObject({
      count: 49,
      low: Number.NEGATIVE_INFINITY,
      high: Number.POSITIVE_INFINITY,
      logE: 0,
    });
    sequence.add(1);
    expect(sequence.state().low).toBeGreaterThan(0);
  });

  it('leaves 0 out exactly when its e-value says so', () => {
    fc.assert(
      fc.property(fc.nat(), fc.double({ min: -1, max: 1, noNaN: true }), (seed, shift) => {
        const random = seededRandom.stream(seed);
        const sequence = new ConfidenceSequence(settings);
        for (let i = 0; i < 80; i += 1) sequence.add(random.normal() + shift);
        const { low, high, logE } = sequence.state();
        expect(low > 0 || high < 0).toBe(logE > -Math.log(0.05));
      }),
    );
  });

  it('knows numbers that are all alike', () => {
    const sequence = new ConfidenceSequence({ ...settings, minimumCount: 2 });
    for (let i = 0; i < 5; i += 1) sequence.add(2);
    expect(sequence.state()).toMatchObject({ low: 2, high: 2, logE: Number.POSITIVE_INFINITY });
    const zeros = new ConfidenceSequence({ ...settings, minimumCount: 2 });
    for (let i = 0; i < 5; i += 1) zeros.add(0);
    expect(zeros.state().logE).toBe(0);
  });

  it('holds the truth at all analyses together, with heavy tails', () => {
    let covered = 0;
    const runs = 300;
    for (let run = 0; run < runs; run += 1) {
      const random = seededRandom.stream(run);
      const sequence = new ConfidenceSequence(settings);
      let isCovered = true;
      for (let i = 0; i < 600; i += 1) {
        // An exponential tail on an eighth of the values: mean 1/8.
        const tail = random.uniform() < 0.125 ? -Math.log(1 - random.uniform()) : 0;
        sequence.add(0.5 * random.normal() + tail);
        const { low, high } = sequence.state();
        if (low > 0.125 || high < 0.125) isCovered = false;
      }
      if (isCovered) covered += 1;
    }
    expect(covered / runs).toBeGreaterThan(0.95 - 3 * Math.sqrt((0.05 * 0.95) / runs));
  });
});

describe('PredictableRegression', () => {
  it('predicts before it learns', () => {
    const regression = new PredictableRegression(1);
    expect(regression.predictThenLearn([5], 100)).toBe(0);
    expect(regression.predictThenLearn([5], 100)).toBeCloseTo(100, 2);
  });

  it('is the ridge regression of all that came before', () => {
    const regression = new PredictableRegression(1);
    const points = [
      [1, 3],
      [2, 5.5],
      [4, 8],
      [3, 7],
    ] as const;
    for (const [x, y] of points) regression.predictThenLearn([x], y);
    // Ridge of strength 1 on the slope: slope = Sxy / (Sxx + 1) about the means, which are 2.5 and 5.875.
    const slope = 8.25 / (5 + 1);
    expect(regression.predictThenLearn([10], 0)).toBeCloseTo(5.875 + slope * 7.5, 3);
  });

  it('takes missing features as 0', () => {
    const one = new PredictableRegression(2);
    const other = new PredictableRegression(2);
    for (let i = 0; i < 4; i += 1) {
      expect(one.predictThenLearn([i], i)).toBe(other.predictThenLearn([i, 0], i));
    }
  });
});

describe('EffectSequence', () => {
  /** Values 3 x + noise, plus the effect when treated. */
  function run(effect: number, share: number, features: 0 | 1, plans = 400, seed = 1) {
    const random = seededRandom.stream(seed);
    const sequence = new EffectSequence(features, settings);
    for (let i = 0; i < plans; i += 1) {
      const x = random.normal();
      const isTreated = random.uniform() < share;
      const value = 3 * x + 0.3 * random.normal() + (isTreated ? effect : 0);
      sequence.add({ isTreated, share, value, features: features === 1 ? [x] : [] });
    }
    return sequence.state();
  }

  it.each([0.5, 0.2])('finds an effect with a share of %s', (share) => {
    const { mean: found, low, high, count } = run(0.5, share, 1);
    expect(count).toBe(400);
    expect(Math.abs(found - 0.5)).toBeLessThan(0.1);
    expect(low).toBeGreaterThan(0);
    expect(high).toBeGreaterThan(0.5);
    expect(high).toBeLessThan(1);
  });

  it('is narrower by what the features explain', () => {
    const width = ({ low, high }: { low: number; high: number }) => high - low;
    // 99 % of the variance: a tenth of the width, give or take the first predictions.
    expect(width(run(0.5, 0.5, 1)) / width(run(0.5, 0.5, 0))).toBeLessThan(0.2);
  });

  it('analyses first after as many plans as it was told', () => {
    expect(run(0, 0.5, 1, 49).low).toBe(Number.NEGATIVE_INFINITY);
    expect(run(0, 0.5, 1, 50).low).toBeGreaterThan(Number.NEGATIVE_INFINITY);
  });
});

it('PairedSequence compares a plan with itself', () => {
  const random = seededRandom.stream(3);
  const sequence = new PairedSequence({ ...settings, minimumCount: 10 });
  for (let i = 0; i < 40; i += 1) {
    const difficulty = 10 * random.normal();
    sequence.add(difficulty - 0.2 + 0.1 * random.normal(), difficulty);
  }
  const { mean: found, low, high } = sequence.state();
  expect(found).toBeCloseTo(-0.2, 1);
  expect(high).toBeLessThan(0);
  expect(low).toBeGreaterThan(-0.4);
});
