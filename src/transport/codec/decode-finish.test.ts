import { expect, it } from 'vitest';
import { HostError } from '../../domain/errors/host-error.js';
import { validateFinish } from '../../domain/session/validate-finish.js';
import { DataType } from '../../generated/dh/advisor/v1/DataType.js';
import type { DoseSlice } from '../../generated/dh/advisor/v1/DoseSlice.js';
import { Plane } from '../../generated/dh/advisor/v1/Plane.js';
import type { PlanFinish as WireFinish } from '../../generated/dh/advisor/v1/PlanFinish.js';
import { fakePlan } from '../../plugin-sdk/testing/index.js';
import { decodeFinish } from './decode-finish.js';

const points = [
  { doseGy: 0, volumeFraction: 1 },
  { doseGy: 35, volumeFraction: 0.75 },
];

function slice(rows = 2, columns = 3, fields: Partial<DoseSlice> = {}): DoseSlice {
  const data = Buffer.from(Float32Array.from({ length: rows * columns }, (_, k) => k).buffer);
  const doseGy = { dataType: DataType.DATA_TYPE_FLOAT32, shape: [rows, columns], data };
  return { plane: Plane.PLANE_AXIAL, doseGy, rowSpacingMm: 2.5, columnSpacingMm: 3, ...fields };
}

function messageOf(wire: WireFinish): string {
  try {
    validateFinish(decodeFinish(wire, new Set()), fakePlan());
    return '';
  } catch (thrown) {
    if (!HostError.is(thrown)) throw thrown;
    return `${thrown.code}: ${thrown.message}`;
  }
}

it('reads curves, slices and the plan without advice', () => {
  const unadvised = { referenceObjective: 2, curves: [{ structure: 0, points }] };
  const finish = decodeFinish(
    { curves: [{ structure: 0, points }], slices: [slice()], unadvised },
    new Set(),
  );
  expect([...(finish.curves[0]?.dosesGy ?? [])]).toEqual([0, 35]);
  expect([...(finish.curves[0]?.volumeFractions ?? [])]).toEqual([1, 0.75]);
  expect(finish.slices[0]).toMatchObject({ plane: 'axial', columnSpacingMm: 3 });
  expect([...(finish.slices[0]?.doseGy.data ?? [])]).toEqual([0, 1, 2, 3, 4, 5]);
  expect(finish.unadvised).toMatchObject({ referenceObjective: 2, callEquivalents: 0 });
  expect(messageOf({ curves: [{ structure: 0, points }], slices: [slice()], unadvised })).toBe('');
});

it('knows nothing of what an older client does not send', () => {
  expect(decodeFinish({}, new Set())).toMatchObject({
    curves: [],
    slices: [],
    unadvised: undefined,
  });
});

it('leaves out planes of a newer client', () => {
  const wire = { slices: [slice(2, 2, { plane: 9 as Plane }), slice()] };
  expect(decodeFinish(wire, new Set()).slices).toHaveLength(1);
});

const many = Array.from({ length: 202 }, (_, k) => ({ doseGy: k, volumeFraction: 0 }));

it.each<[string, RegExp, WireFinish]>([
  ['too many points', /curves\[0\]\.points.*202.*at most 201/, { curves: [{ points: many }] }],
  [
    'a structure twice',
    /curves\[1\]\.structure.*second time/,
    { curves: [{ points }, { points }] },
  ],
  [
    'a structure that is not there',
    /curves\[0\]\.structure.*is 99/,
    { curves: [{ structure: 99 }] },
  ],
  [
    'doses that fall',
    /points\[1\]\.dose_gy.*ascend/,
    { curves: [{ points: [...points].reverse() }] },
  ],
  [
    'a volume above 1',
    /points\[0\]\.volume_fraction.*\[0, 1\]/,
    { curves: [{ points: [{ doseGy: 0, volumeFraction: 1.5 }] }] },
  ],
  [
    'a dose that is no number',
    /points\[0\]\.dose_gy.*finite/,
    { curves: [{ points: [{ doseGy: Number.NaN }] }] },
  ],
  ['too many rows', /slices\[0\]\.dose_gy\.shape.*\(257, 2\)/, { slices: [slice(257, 2)] }],
  ['no pixels', /slices\[0\]\.dose_gy\.shape.*\(0, 2\)/, { slices: [slice(0, 2)] }],
  ['a slice without a dose', /dose_gy\.shape/, { slices: [{ plane: Plane.PLANE_AXIAL }] }],
  ['a plane twice', /slices\[1\]\.plane.*axial a second time/, { slices: [slice(), slice()] }],
  [
    'a spacing of nothing',
    /slices\[0\]\.row_spacing_mm.*above 0/,
    { slices: [slice(2, 2, { rowSpacingMm: 0 })] },
  ],
  [
    'a figure of the other plan that is none',
    /unadvised\.reference_objective.*finite/,
    { unadvised: { referenceObjective: Number.POSITIVE_INFINITY } },
  ],
  [
    'a metric of the other plan with a long name',
    /unadvised\.metrics\[0\]\.name/,
    { unadvised: { metrics: [{ name: 'x'.repeat(65) }] } },
  ],
])('refuses %s, naming the field', (_what, message, wire) => {
  expect(messageOf(wire)).toMatch(message);
  expect(messageOf(wire)).toMatch(/^invalid-field: /);
});
