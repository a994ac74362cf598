import type { Beam, PlanView, Structure } from '../plan-view.js';
import { InvalidInput, NotApplicable } from '../plugin-error.js';
import type { ModelTensor } from '../services.js';
import type { Geometry, StructureGeometry } from '../session-view.js';
import type { ReadonlyVector, TensorKind, Tensors, WantedTensor } from '../tensor.js';

/** Columns of `structures`. */
export const STRUCTURE_FEATURES = [
  'is_target',
  'is_organ',
  'is_normal',
  'objective_weight',
  'goal_low_gy',
  'goal_high_gy',
  'prescribed_dose_gy',
  'volume_cc',
  'sphericity',
  'dose_gradient_gy_per_mm',
  'target_distance_mm',
] as const;

/** Columns of `beams`. */
export const BEAM_FEATURES = [
  'gantry_deg',
  'couch_deg',
  'column_width_mm',
  'row_height_mm',
] as const;

const FRACTION_TOLERANCE = 1e-9;

/**
 * Dose that all of a structure should get (the last point of its curve with the whole volume, 0 without one), and dose
 * that none of it should exceed (the first point with no volume, else the last point).
 */
function goalsGy({ prescription }: Structure): readonly [lowGy: number, highGy: number] {
  const low = prescription.findLast(
    ({ volumeFraction }) => volumeFraction >= 1 - FRACTION_TOLERANCE,
  );
  const high =
    prescription.find(({ volumeFraction }) => volumeFraction <= FRACTION_TOLERANCE) ??
    prescription.at(-1);
  return [low?.doseGy ?? 0, high?.doseGy ?? 0];
}

function structureRow(structure: Structure, geometry: StructureGeometry): readonly number[] {
  const { role, objectiveWeight, prescribedDoseGy = 0, volumeCc } = structure;
  const { sphericity, doseGradientGyPerMm, targetDistanceMm } = geometry;
  return [
    ...[role === 'target', role === 'organ-at-risk', role === 'normal-tissue'].map(Number),
    objectiveWeight,
    ...goalsGy(structure),
    prescribedDoseGy,
    volumeCc,
    sphericity,
    doseGradientGyPerMm,
    targetDistanceMm,
  ];
}

function packStructures(plan: PlanView, geometry: Geometry): ModelTensor {
  const rows = plan.structures.map((structure, index) => {
    const geometryOf = geometry.structures.find((structure) => structure.structure === index);
    if (geometryOf === undefined) {
      throw new InvalidInput(`the geometry says nothing about structure ${index}`);
    }
    return structureRow(structure, geometryOf);
  });
  return {
    shape: [rows.length, STRUCTURE_FEATURES.length],
    data: Float32Array.from(rows.flat()),
  };
}

function packBeams({ beams }: PlanView): ModelTensor {
  const row = (b: Beam) => [b.gantryDeg, b.couchDeg, b.columnWidthMm, b.rowHeightMm];
  return {
    shape: [beams.length, BEAM_FEATURES.length],
    data: Float32Array.from(beams.flatMap(row)),
  };
}

/** [B, R, C] of the finest level. @throws NotApplicable when beams have different grids. */
export function beamGrid({ beams }: PlanView): readonly [number, number, number] {
  const [first] = beams;
  if (first === undefined) throw new NotApplicable('the plan has no beams');
  const { rows, columns } = first;
  if (beams.some((beam) => beam.rows !== rows || beam.columns !== columns)) {
    throw new NotApplicable('the beams have different grids of beamlets');
  }
  return [beams.length, rows, columns];
}

function packPerBeamlet(plan: PlanView, tensors: Tensors, kind: TensorKind): ModelTensor {
  const tensor = tensors[kind];
  if (tensor === undefined) throw new InvalidInput(`the client sent no ${kind}`);
  const grid = beamGrid(plan);
  // Beam, row, column is the order of the wire already.
  const shape = [...grid, ...tensor.shape.slice(1)];
  if (shape.reduce((product, extent) => product * extent, 1) !== tensor.data.length) {
    throw new InvalidInput(`${kind} does not cover the beams' grids`);
  }
  return { shape, data: toFloat32(tensor.data) };
}

/** Single precision, as models take it. */
export function toFloat32(values: ReadonlyVector): Float32Array {
  const packed = new Float32Array(values.length);
  for (let i = 0; i < values.length; i += 1) packed[i] = values[i] as number;
  return packed;
}

/** What `packModelInputs` can make of a plan and its geometry, by the name of the model's input. */
export const PLAN_INPUTS = [
  'structures',
  'beams',
  'structure_mean_dose',
  'structure_max_dose',
  'column_norm',
] as const;

export type PlanInput = (typeof PLAN_INPUTS)[number];

/** Tensors of the geometry that `packModelInputs` needs for all of `PLAN_INPUTS`. */
export const PLAN_INPUT_TENSORS: readonly WantedTensor[] = [
  { kind: 'structure-mean-dose', everyN: 0 },
  { kind: 'structure-max-dose', everyN: 0 },
  { kind: 'column-norm', everyN: 0 },
];

/**
 * A plan as models see it, in single precision and raw physical units; what scaling a model wants is inside it. S
 * structures, B beams, R rows and C columns of beamlets at the finest level.
 *
 * - `structures` [S, 11]: columns as in `STRUCTURE_FEATURES`; Gy, cc, mm.
 * - `beams` [B, 4]: columns as in `BEAM_FEATURES`; degrees, mm.
 * - `structure_mean_dose`, `structure_max_dose` [B, R, C, S]: Gy per unit weight.
 * - `column_norm` [B, R, C]: Gy per unit weight; 0 for an excluded beamlet.
 *
 * Pure. @throws InvalidInput when the geometry lacks something; NotApplicable when beams have different grids and a
 * per-beamlet input is asked for.
 */
export function packModelInputs<Name extends PlanInput>(
  plan: PlanView,
  geometry: Geometry | undefined,
  names: readonly Name[],
): Readonly<Record<Name, ModelTensor>> {
  if (geometry === undefined) throw new InvalidInput('the client sent no geometry');
  const pack = (name: PlanInput): ModelTensor => {
    switch (name) {
      case 'structures':
        return packStructures(plan, geometry);
      case 'beams':
        return packBeams(plan);
      case 'structure_mean_dose':
        return packPerBeamlet(plan, geometry.tensors, 'structure-mean-dose');
      case 'structure_max_dose':
        return packPerBeamlet(plan, geometry.tensors, 'structure-max-dose');
      case 'column_norm':
        return packPerBeamlet(plan, geometry.tensors, 'column-norm');
    }
  };
  return Object.fromEntries(names.map((name) => [name, pack(name)])) as Record<Name, ModelTensor>;
}
