import { gunzipSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { armNamed } from '../arms/arms.js';
import type { RunRecord } from '../runs/run-record.js';
import { auroc, judge } from './judge.js';
import { oodText } from './ood-text.js';
import { editVolume } from './perturb-case.js';
import { type CaseDescription, PERTURBATIONS } from './perturbations.js';

describe('auroc', () => {
  it('is 1 where every perturbed score is higher, a half at chance, and ties count half', () => {
    expect(auroc([0.1, 0.2], [0.5, 0.9])).toBe(1);
    expect(auroc([0.5, 0.9], [0.1, 0.2])).toBe(0);
    expect(auroc([0, 0, 0], [0, 0])).toBe(0.5);
    // Of the four pairs one is higher, two are level, one is lower.
    expect(auroc([1, 3], [1, 3])).toBe(0.5);
    expect(auroc([1, 2], [2, 3])).toBe(0.875);
  });

  it('is nothing without scores', () => {
    expect(auroc([], [1])).toBeNaN();
  });
});

describe('perturbations', () => {
  const description = (): CaseDescription => ({
    id: 'a',
    structures: [
      { name: 'PTV70', role: 'target', bit: 0, prescription_gy: 70 },
      { name: 'LeftParotid', role: 'oar', bit: 1 },
      { name: 'RightParotid', role: 'oar', bit: 2 },
      { name: 'LeftLens', role: 'oar', bit: 3 },
      { name: 'Body', role: 'body', bit: 4 },
    ],
  });
  const apply = (name: string) => {
    const changed = description();
    const isChanged = PERTURBATIONS.find((of) => of.name === name)?.describe?.(changed);
    return { changed, isChanged };
  };

  it('swap only what has another side', () => {
    const bits = apply('swapped-sides').changed.structures.map(({ bit }) => bit);
    expect(bits).toEqual([0, 2, 1, 3, 4]);
  });

  it('scale prescriptions and drop organs', () => {
    expect(apply('tenth-dose').changed.structures[0]?.prescription_gy).toBeCloseTo(7);
    const left = apply('missing-organs').changed.structures.map(({ name }) => name);
    expect(left).toEqual(['PTV70', 'Body']);
  });

  it('say when there is nothing to change', () => {
    const bare = { id: 'a', structures: description().structures.slice(0, 1) };
    for (const name of ['swapped-sides', 'missing-organs']) {
      expect(PERTURBATIONS.find((of) => of.name === name)?.describe?.(structuredClone(bare))).toBe(
        false,
      );
    }
  });

  it('edit every voxel of a volume and nothing else', () => {
    const bytes = Buffer.alloc(352 + 8);
    bytes.writeInt32LE(348, 0);
    bytes.writeInt16LE(3, 40);
    for (const [axis, size] of [2, 2, 1].entries()) bytes.writeInt16LE(size, 42 + 2 * axis);
    bytes.writeInt16LE(4, 70);
    bytes.writeInt16LE(16, 72);
    bytes.writeFloatLE(352, 108);
    bytes.write('n+1\0', 344, 'latin1');
    for (const [index, hu] of [-1000, 0, 40, 900].entries())
      bytes.writeInt16LE(hu, 352 + 2 * index);
    const edited = gunzipSync(editVolume(gzipSync(bytes), (hu) => hu + 1));
    expect([0, 1, 2, 3].map((index) => edited.readInt16LE(352 + 2 * index))).toEqual([
      -999, 1, 41, 901,
    ]);
    expect(edited.subarray(0, 352).equals(bytes.subarray(0, 352))).toBe(true);
  });
});

describe('judge', () => {
  const bindings = [
    { role: 'initialization', model: 'warm-start/1' },
    // A classical plugin has no model, and its score says nothing.
    { role: 'early-stopping', model: '' },
  ];
  const record = (arm: string, id: string, fRef: number, fired = 0, score = 0): RunRecord =>
    ({
      arm,
      case: id,
      result: {
        reference_objective: fRef,
        advice: {
          bindings: arm === 'lbfgs-all' ? bindings : [],
          session: {
            outcomes: [{ role: 'initialization', outcome: 'out-of-distribution', count: fired }],
            hosted: bindings.map(({ role }) => ({
              role,
              host_ms: 1,
              highest_out_of_distribution_score: score,
            })),
          },
        },
      },
    }) as unknown as RunRecord;
  const of = (id: string) => ({ id, path: '', sha256: '' });
  const cases = [of('a'), of('b')];
  const perturbed = ['a~five-beams', 'b~five-beams', 'a~tenfold-dose'].map(of);
  const records = [
    ...['a', 'b', 'a~five-beams', 'b~five-beams'].map((id) => record('lbfgs-prepared', id, 10)),
    record('lbfgs-all', 'a', 9, 0, 0.2),
    record('lbfgs-all', 'b', 10.05, 0, 0.3),
    record('lbfgs-all', 'a~five-beams', 12, 1, 1.5),
    record('lbfgs-all', 'b~five-beams', 11, 0, 0.25),
  ];
  const arms = [armNamed('lbfgs-all')];
  const verdict = judge(arms, cases, perturbed, records);
  const { judgements, separations, worsePlans } = verdict;
  const judged = (name: string) => judgements.find(({ perturbation }) => perturbation === name);

  it('tells what fired from what was worse in silence', () => {
    expect(judged('none')).toMatchObject({ cases: 2, fired: 0, worse: 0, worseSilently: 0 });
    expect(judged('five-beams')).toMatchObject({ cases: 2, fired: 1, worse: 2, worseSilently: 1 });
    expect(judged('tenfold-dose')).toMatchObject({ cases: 0, refused: 1 });
  });

  it('names every plan that is worse than without advice', () => {
    expect(worsePlans).toEqual([
      { arm: 'lbfgs-all', case: 'a~five-beams', fRefRatio: 1.2, isFired: true },
      { arm: 'lbfgs-all', case: 'b~five-beams', fRefRatio: 1.1, isFired: false },
    ]);
    const failed = judge(arms, cases, perturbed, records.slice(0, -1)).worsePlans;
    expect(failed[1]).toEqual({
      arm: 'lbfgs-all',
      case: 'b~five-beams',
      fRefRatio: null,
      isFired: false,
    });
  });

  it('measures how well the scores of learned roles separate', () => {
    const common = { arm: 'lbfgs-all', role: 'initialization', model: 'warm-start/1', inside: 2 };
    const found = (name: string) => separations.filter(({ perturbation }) => perturbation === name);
    for (const perturbation of ['five-beams', 'all']) {
      expect(found(perturbation)).toEqual([{ ...common, perturbation, outside: 2, auroc: 0.75 }]);
    }
    expect(found('tenfold-dose')).toEqual([
      { ...common, perturbation: 'tenfold-dose', outside: 0, auroc: null },
    ]);
  });

  it('is told in a sentence first', () => {
    const text = oodText(verdict, ['lbfgs-x: unavailable: no model']);
    expect(text).toContain('2 of 2 (1 with no role held back) of perturbed cases');
    expect(text).toContain('0 of 2 (0 with no role held back) of cases as they are.');
    expect(text).toContain('- lbfgs-all on b~five-beams: F_ref times 1.100, no role was held back');
    expect(text).toMatch(/\| initialization +\| warm-start\/1 +\| lbfgs-all +\| 2 \/ 2 /);
    expect(text).toContain('- lbfgs-x: unavailable: no model');
  });
});
