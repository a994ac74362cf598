import { describe, expect, it } from 'vitest';
import type { Geometry } from '../index.js';
import { fakePlan, recordedRun } from '../testing/index.js';
import { BEAM_FEATURES, packModelInputs, STRUCTURE_FEATURES } from './model-inputs.js';

const plan = fakePlan();
const [first] = recordedRun({ plan });
const geometry = (first?.kind === 'geometry' ? first : undefined) as Geometry;

/** One row as an object, rounded to what single precision keeps. */
function row(names: readonly string[], data: ArrayLike<number>, index: number) {
  return Object.fromEntries(
    names.map((name, i) => [name, Number((data[index * names.length + i] ?? 0).toPrecision(6))]),
  );
}

describe('structures', () => {
  it('are raw figures in physical units', () => {
    const { structures } = packModelInputs(plan, geometry, ['structures']);
    expect(structures.shape).toEqual([2, 11]);
    expect(structures.data).toBeInstanceOf(Float32Array);
    expect(row(STRUCTURE_FEATURES, structures.data, 0)).toEqual({
      is_target: 1,
      is_organ: 0,
      is_normal: 0,
      objective_weight: 30,
      goal_low_gy: 70,
      goal_high_gy: 72.1,
      prescribed_dose_gy: 70,
      volume_cc: 120,
      sphericity: 0.8,
      dose_gradient_gy_per_mm: 0.4,
      target_distance_mm: 0,
    });
    expect(row(STRUCTURE_FEATURES, structures.data, 1)).toMatchObject({
      is_target: 0,
      is_organ: 1,
      goal_low_gy: 0,
      goal_high_gy: 25,
      prescribed_dose_gy: 0,
    });
  });

  it.each([
    ['the last full point and the first empty one', [10, 1, 20, 1, 30, 0.5, 40, 0, 50, 0], 20, 40],
    ['rounding', [10, 1 - 1e-12, 30, 1e-12], 10, 30],
    ['the last point when none is empty', [10, 1, 30, 0.2], 10, 30],
    ['nothing full', [10, 0.9, 30, 0], 0, 30],
    ['no points', [], 0, 0],
  ])('goal doses with %s', (_what, points, low, high) => {
    const prescription = Array.from({ length: points.length / 2 }, (_, i) => ({
      doseGy: points[2 * i] ?? 0,
      volumeFraction: points[2 * i + 1] ?? 0,
    }));
    const structures = plan.structures.map((structure) => ({ ...structure, prescription }));
    const packed = packModelInputs(fakePlan({ structures }), geometry, ['structures']);
    expect(row(STRUCTURE_FEATURES, packed.structures.data, 1)).toMatchObject({
      goal_low_gy: low,
      goal_high_gy: high,
    });
  });

  it('find their geometry by index, not by place', () => {
    const reversed = { ...geometry, structures: geometry.structures.toReversed() };
    expect(packModelInputs(plan, reversed, ['structures'])).toEqual(
      packModelInputs(plan, geometry, ['structures']),
    );
    const without = { ...geometry, structures: geometry.structures.slice(1) };
    expect(() => packModelInputs(plan, without, ['structures'])).toThrow(/structure 0/);
  });
});

it('beams are angles and beamlet sizes', () => {
  const { beams } = packModelInputs(plan, geometry, ['beams']);
  expect(beams.shape).toEqual([2, 4]);
  expect(row(BEAM_FEATURES, beams.data, 1)).toEqual({
    gantry_deg: 180,
    couch_deg: 0,
    column_width_mm: 5,
    row_height_mm: 30,
  });
});

it('per-beamlet tensors keep their order under the shape of the grid', () => {
  const data = Float64Array.from({ length: 16 }, (_, i) => i);
  const tensors = { ...geometry.tensors, 'structure-max-dose': { shape: [8, 2], data } };
  const packed = packModelInputs(plan, { ...geometry, tensors }, [
    'structure_max_dose',
    'column_norm',
  ]);
  expect(packed.structure_max_dose.shape).toEqual([2, 1, 4, 2]);
  expect([...packed.structure_max_dose.data]).toEqual(Array.from({ length: 16 }, (_, i) => i));
  expect(packed.column_norm.shape).toEqual([2, 1, 4]);
});

it('says what is missing, and what a model cannot see', () => {
  const policyOf = (ask: () => unknown) => {
    try {
      ask();
    } catch (thrown) {
      return (thrown as { policy: string }).policy;
    }
    return undefined;
  };
  const [beam, other] = plan.beams;
  if (beam === undefined || other === undefined) throw new Error('the fake plan has two beams');
  const uneven = fakePlan({ beams: [beam, { ...other, columns: 3 }] });
  expect(policyOf(() => packModelInputs(plan, undefined, ['beams']))).toBe('invalid-input');
  const bare = { ...geometry, tensors: {} };
  expect(policyOf(() => packModelInputs(plan, bare, ['column_norm']))).toBe('invalid-input');
  expect(policyOf(() => packModelInputs(uneven, geometry, ['column_norm']))).toBe('not-applicable');
  expect(
    policyOf(() => packModelInputs(uneven, geometry, ['structures', 'beams'])),
  ).toBeUndefined();
});
