import { createHash } from 'node:crypto';
import { GrowthBook } from '@growthbook/growthbook';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { testExperiment } from '../testing/test-experiment.js';
import { chooseArm, position, proposeAssignment, sharesOf } from './assignment.js';

const units = (count: number) => Array.from({ length: count }, (_, i) => `plan-${i}`);
const conditions = { rampPercent: 100, stoppedArms: [], forcedArm: undefined, atMs: 0 };
const arms = (...weights: readonly number[]) =>
  weights.map((weight, index) => ({ id: `arm-${index}`, weight }));

/** Share of units whose arm differs. */
function moved(of: readonly string[], one: (u: string) => unknown, other: (u: string) => unknown) {
  return of.filter((unit) => one(unit) !== other(unit)).length / of.length;
}

/** The published library on the same units; its arms are contiguous ranges of a hash. */
function growthBook(salt: string, weights: readonly number[]) {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return (unit: string): number =>
    new GrowthBook({ attributes: { id: unit } }).run({
      key: salt,
      seed: salt,
      hashVersion: 2,
      variations: weights.map((_, index) => index) as [number, number, ...number[]],
      weights: weights.map((weight) => weight / total),
    }).variationId;
}

describe('position', () => {
  it('is the first 52 bits of SHA-256 over the parts as JSON', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'binary' })), (parts) => {
        const digest = createHash('sha256').update(JSON.stringify(parts)).digest('hex');
        const expected = Number.parseInt(digest.slice(0, 13), 16) / 16 ** 13;
        expect(position(...parts)).toBeCloseTo(expected, 14);
      }),
    );
  });

  it('does not let parts run into each other', () => {
    expect(position('a', 'bc')).not.toBe(position('ab', 'c'));
  });
});

describe('chooseArm', () => {
  it('gives arms their shares, as the published library does', () => {
    const sample = units(20_000);
    const weights = [1, 2, 5];
    const ours = [0, 0, 0];
    const theirs = [0, 0, 0];
    const published = growthBook('salt', weights);
    for (const unit of sample) {
      const index = Number(chooseArm('salt', arms(...weights), unit).slice('arm-'.length));
      ours[index] = (ours[index] ?? 0) + 1;
      const other = published(unit);
      theirs[other] = (theirs[other] ?? 0) + 1;
    }
    weights.forEach((weight, index) => {
      const share = weight / 8;
      // Four standard deviations of a binomial share.
      const slack = 4 * Math.sqrt((share * (1 - share)) / sample.length);
      expect(Math.abs((ours[index] ?? 0) / sample.length - share)).toBeLessThan(slack);
      expect(Math.abs((theirs[index] ?? 0) / sample.length - share)).toBeLessThan(slack);
    });
  });

  it('moves units only to or from the arm whose weight changes', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 2, maxLength: 6 }),
        fc.nat(),
        fc.integer({ min: 1, max: 40 }),
        fc.string(),
        (weights, pick, weight, salt) => {
          const index = pick % weights.length;
          const before = arms(...weights);
          const after = before.map((arm, i) => (i === index ? { ...arm, weight } : arm));
          const grows = weight >= (weights[index] ?? 0);
          return units(40).every((unit) => {
            const [from, to] = [chooseArm(salt, before, unit), chooseArm(salt, after, unit)];
            return from === to || (grows ? to : from) === `arm-${index}`;
          });
        },
      ),
    );
  });

  it('moves units only from an arm that goes', () => {
    const three = arms(3, 2, 1);
    const two = three.slice(0, 2);
    for (const unit of units(2000)) {
      const before = chooseArm('salt', three, unit);
      if (before !== 'arm-2') expect(chooseArm('salt', two, unit)).toBe(before);
    }
  });

  it('moves as few as the shares allow, where contiguous ranges move more', () => {
    const sample = units(10_000);
    const ours = moved(
      sample,
      (unit) => chooseArm('salt', arms(1, 1, 1), unit),
      (unit) => chooseArm('salt', arms(2, 1, 1), unit),
    );
    const theirs = moved(sample, growthBook('salt', [1, 1, 1]), growthBook('salt', [2, 1, 1]));
    // Least: 1/2 - 1/3. Contiguous ranges also move a twelfth from the third arm to the second.
    expect(ours).toBeCloseTo(1 / 6, 1);
    expect(theirs).toBeCloseTo(1 / 4, 1);
    expect(theirs - ours).toBeGreaterThan(0.06);
  });

  it('has nothing to do with the arms of another experiment', () => {
    const sample = units(20_000);
    const both = sample.filter(
      (unit) =>
        chooseArm('one', arms(1, 1), unit) === 'arm-0' &&
        chooseArm('two', arms(1, 1), unit) === 'arm-0',
    );
    expect(Math.abs(both.length / sample.length - 0.25)).toBeLessThan(4 * Math.sqrt(0.1875 / 2e4));
  });
});

describe('proposeAssignment', () => {
  it('is the same for the same unit', () => {
    const experiment = testExperiment();
    for (const unit of units(50)) {
      expect(proposeAssignment(experiment, unit, conditions)).toEqual(
        proposeAssignment(testExperiment(), unit, conditions),
      );
    }
  });

  it('excludes a unit without key', () => {
    expect(proposeAssignment(testExperiment(), '', conditions)).toMatchObject({
      arm: undefined,
      reason: 'no-unit-key',
    });
  });

  it('gives each unit of a layer to one experiment', () => {
    const left = testExperiment({ id: 'left', layer: { name: 'l', from: 0, to: 300 } });
    const right = testExperiment({ id: 'right', layer: { name: 'l', from: 300, to: 1000 } });
    const sample = units(4000);
    const inLeft = sample.filter((unit) => proposeAssignment(left, unit, conditions).arm);
    const inRight = sample.filter((unit) => proposeAssignment(right, unit, conditions).arm);
    expect(inLeft.length + inRight.length).toBe(sample.length);
    expect(inLeft.filter((unit) => inRight.includes(unit))).toEqual([]);
    expect(Math.abs(inLeft.length / sample.length - 0.3)).toBeLessThan(0.03);
  });

  it('keeps a ramp’s units when it widens, all arms alike', () => {
    const experiment = testExperiment();
    for (const unit of units(1000)) {
      const narrow = proposeAssignment(experiment, unit, { ...conditions, rampPercent: 10 });
      const wide = proposeAssignment(experiment, unit, { ...conditions, rampPercent: 60 });
      if (narrow.arm !== undefined) expect(wide.arm).toBe(narrow.arm);
      else expect(narrow.reason).toBe('outside-ramp');
    }
  });

  it('gives a stopped arm no units and says the shares of the others', () => {
    const experiment = testExperiment();
    const stopped = { ...conditions, stoppedArms: ['new'] };
    for (const unit of units(100)) {
      const proposal = proposeAssignment(experiment, unit, stopped);
      expect(proposal.arm).toBe('old');
      expect(proposal.shares).toEqual({ old: 1 });
    }
  });

  it('forces an arm, and says that it was forced', () => {
    const forced = { ...conditions, rampPercent: 1, forcedArm: 'new' };
    for (const unit of units(20)) {
      expect(proposeAssignment(testExperiment(), unit, forced)).toMatchObject({
        arm: 'new',
        reason: 'forced',
      });
    }
  });

  it('knows shares as weights over their sum', () => {
    expect(sharesOf(arms(1, 3))).toEqual({ 'arm-0': 0.25, 'arm-1': 0.75 });
  });
});
