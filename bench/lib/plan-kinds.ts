// Plans as benchmarks send them. What a host does with them costs the same whatever their doses are.
import type { GeometryInit } from '../../src/generated/dh/advisor/v1/Geometry.js';
import type { LevelPlanInit } from '../../src/generated/dh/advisor/v1/LevelPlan.js';
import type { LevelStartInit } from '../../src/generated/dh/advisor/v1/LevelStart.js';
import type { NamedTensorInit } from '../../src/generated/dh/advisor/v1/NamedTensor.js';
import type { PlanStartInit } from '../../src/generated/dh/advisor/v1/PlanStart.js';
import type { StructureInit } from '../../src/generated/dh/advisor/v1/Structure.js';

/** What a plan sends before its iterations. */
export interface BenchPlan {
  readonly start: PlanStartInit;
  readonly geometry: GeometryInit;
  readonly levelStart: LevelStartInit;
}

const sigmas = { histogramSigmaGy: 2.5, varianceLowerGy2: 1.5, varianceUpperGy2: 9 };
const level = (beamletCount: number): LevelPlanInit => ({
  level: 0,
  beamletCount,
  ...sigmas,
  iterationLimit: 500,
  tolerance: 1e-6,
});
const levelStart = (beamletCount: number): LevelStartInit => ({
  level: 0,
  stage: 0,
  beamletCount,
  ...sigmas,
});

function structure(name: string, role: 'TARGET' | 'ORGAN_AT_RISK', bit: number): StructureInit {
  const isTarget = role === 'TARGET';
  return {
    name,
    role: `STRUCTURE_ROLE_${role}`,
    volumeCc: 100,
    voxelCount: 800,
    bit,
    objectiveWeight: 1,
    ...(isTarget && { prescribedDoseGy: 70 }),
    prescription: [
      { doseGy: isTarget ? 70 : 20, volumeFraction: 1 },
      { doseGy: isTarget ? 72 : 30, volumeFraction: 0 },
    ],
  };
}

const common: PlanStartInit = {
  protocol: { major: 1, minor: 0 },
  client: 'bench',
  solver: 'SOLVER_DH',
  adviceMode: 'ADVICE_MODE_ADVISE',
  weightCeiling: 0.2,
  weightSteepness: 0.5,
  accepts: ['ROLE_INITIALIZATION', 'ROLE_EARLY_STOPPING', 'ROLE_ADAPTIVE_VARIANCE'],
};
const grid = (columns: number, rows: number) => ({
  columns,
  rows,
  columnWidthMm: 5,
  rowHeightMm: 5,
});

/** One beamlet, one target, no tensors. */
const smallPlan: BenchPlan = {
  start: {
    ...common,
    structures: [structure('PTV70', 'TARGET', 0)],
    beams: [{ gantryDeg: 0, couchDeg: 0, ...grid(1, 1) }],
    levels: [level(1)],
  },
  geometry: {},
  levelStart: levelStart(1),
};

/** The small plan under a name by which the plugin `keep-busy` knows it. */
export const busyStart: PlanStartInit = {
  ...smallPlan.start,
  planKey: 'busy',
  structures: [structure('KEEP_BUSY', 'TARGET', 0)],
  accepts: ['ROLE_INITIALIZATION'],
};

const BEAMS = 5;
const [COLUMNS, ROWS] = [10, 10];
const BEAMLETS = BEAMS * COLUMNS * ROWS;
const names = ['PTV70', 'SpinalCord', 'Parotid_L', 'Parotid_R'];
const KINDS = ['STRUCTURE_MEAN_DOSE', 'STRUCTURE_MAX_DOSE', 'COLUMN_NORM'] as const;

/** Smooth, positive, alike in every run. */
function tensor(kind: (typeof KINDS)[number], ...shape: number[]): NamedTensorInit {
  const data = Float64Array.from(
    { length: shape.reduce((product, extent) => product * extent, 1) },
    (_, i) => 1 + 0.5 * Math.sin(0.37 * i),
  );
  return {
    kind: `TENSOR_KIND_${kind}`,
    tensor: { dataType: 'DATA_TYPE_FLOAT64', shape, data: Buffer.from(data.buffer) },
  };
}

/** Five beams of a hundred beamlets and four structures, with what learned starts take of them. */
const largePlan: BenchPlan = {
  start: {
    ...common,
    structures: names.map((name, bit) =>
      structure(name, bit === 0 ? 'TARGET' : 'ORGAN_AT_RISK', bit),
    ),
    beams: Array.from({ length: BEAMS }, (_, beam) => ({
      gantryDeg: 72 * beam,
      couchDeg: 0,
      ...grid(COLUMNS, ROWS),
    })),
    levels: [level(BEAMLETS)],
    offers: KINDS.map((kind) => `TENSOR_KIND_${kind}` as const),
  },
  geometry: {
    structures: names.map((_, index) => ({
      structure: index,
      sphericity: 0.6,
      doseGradientGyPerMm: 0.5,
      targetDistanceMm: 10 * index,
    })),
    tensors: [
      tensor('STRUCTURE_MEAN_DOSE', BEAMLETS, names.length),
      tensor('STRUCTURE_MAX_DOSE', BEAMLETS, names.length),
      tensor('COLUMN_NORM', BEAMLETS),
    ],
  },
  levelStart: levelStart(BEAMLETS),
};

export const PLAN_KINDS = { small: smallPlan, large: largePlan } as const;
