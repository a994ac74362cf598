import type { Role } from '../plugin-sdk/index.js';
import type { Column } from './parquet-table.js';
import type { StoredVector } from './recording-format.js';
import type { AdviceByRole, IterationRow, RecordedSession, StageRow } from './session-events.js';

type Vectors = ReadonlyMap<string, StoredVector>;

function vector<Row extends { readonly vectors: Vectors }>(
  name: string,
  kind: string,
  meaning: string,
): Column<Row> {
  return { name, type: 'floats', meaning, value: ({ vectors }) => vectors.get(kind)?.data };
}

/** Four columns that account for a role's advice. */
function advice<Row extends { readonly advice: AdviceByRole }>(role: Role): readonly Column<Row>[] {
  const prefix = role.replaceAll('-', '_');
  return [
    {
      name: `${prefix}_outcome`,
      type: 'string',
      meaning: `what became of the question to ${role}; null when it was not asked`,
      value: (row) => row.advice.get(role)?.outcome,
    },
    {
      name: `${prefix}_reason`,
      type: 'string',
      meaning: 'why; empty with `applied`',
      value: (row) => row.advice.get(role)?.reason,
    },
    {
      name: `${prefix}_score`,
      type: 'double',
      meaning:
        'out-of-distribution score: 0 inside the training ranges, 1 at the refusal threshold',
      value: (row) => row.advice.get(role)?.score,
    },
    {
      name: `${prefix}_verdict`,
      type: 'string',
      meaning: 'what the optimizer did with it; null when it did not say',
      value: (row) => row.advice.get(role)?.verdict,
    },
  ];
}

/** An iteration with the sigma of its stage. */
export interface IterationOfStage extends IterationRow {
  readonly sigmaGy: number;
}

export const ITERATION_COLUMNS: readonly Column<IterationOfStage>[] = [
  {
    name: 'stage',
    type: 'int',
    meaning: 'counts the level starts of the plan from 0',
    value: ({ facts }) => facts.stage,
  },
  { name: 'level', type: 'int', meaning: '0 = the finest', value: ({ facts }) => facts.level },
  {
    name: 'iteration',
    type: 'int',
    meaning: 'counts from 0 in each stage',
    value: ({ facts }) => facts.iteration,
  },
  {
    name: 'histogram_sigma_gy',
    type: 'double',
    meaning: 'of the stage, Gy',
    value: ({ sigmaGy }) => sigmaGy,
  },
  {
    name: 'objective',
    type: 'double',
    meaning: "the run's own objective after the iteration",
    value: ({ facts }) => facts.objective,
  },
  {
    name: 'gradient_norm',
    type: 'double',
    meaning: 'Euclidean norm of dF/dw',
    value: ({ facts }) => facts.gradientNorm,
  },
  {
    name: 'step_size',
    type: 'double',
    meaning: "length of the step in the solver's own variables",
    value: ({ facts }) => facts.stepLength,
  },
  {
    name: 'value_calls',
    type: 'int',
    meaning: 'of the plan so far',
    value: ({ facts }) => facts.valueCalls,
  },
  {
    name: 'gradient_calls',
    type: 'int',
    meaning: 'of the plan so far',
    value: ({ facts }) => facts.gradientCalls,
  },
  {
    name: 'elapsed_ms',
    type: 'double',
    meaning: 'of the plan so far',
    value: ({ facts }) => facts.elapsedMs,
  },
  vector('weights', 'weights', 'beamlet weights after the iteration, length n of the level'),
  vector('search_direction', 'direction', 'the last step as the change of the weights'),
  vector('adaptive_variance', 'variance', 'per beamlet, Gy^2'),
  vector('gradient', 'gradient', 'dF/dw'),
  ...advice<IterationOfStage>('step-direction'),
  ...advice<IterationOfStage>('early-stopping'),
  ...advice<IterationOfStage>('adaptive-variance'),
];

export const STAGE_COLUMNS: readonly Column<StageRow>[] = [
  {
    name: 'stage',
    type: 'int',
    meaning: 'counts the level starts of the plan from 0',
    value: ({ facts }) => facts.stage,
  },
  { name: 'level', type: 'int', meaning: '0 = the finest', value: ({ facts }) => facts.level },
  {
    name: 'beamlet_count',
    type: 'int',
    meaning: 'n, excluded ones included',
    value: ({ facts }) => facts.beamletCount,
  },
  {
    name: 'histogram_sigma_gy',
    type: 'double',
    meaning: 'in force, Gy',
    value: ({ facts }) => facts.histogramSigmaGy,
  },
  {
    name: 'variance_lower_gy2',
    type: 'double',
    meaning: 'bound of the adaptive variance, Gy^2',
    value: ({ facts }) => facts.varianceLowerGy2,
  },
  {
    name: 'variance_upper_gy2',
    type: 'double',
    meaning: 'bound of the adaptive variance, Gy^2',
    value: ({ facts }) => facts.varianceUpperGy2,
  },
  {
    name: 'start_objective',
    type: 'double',
    meaning: 'objective at the default start',
    value: ({ facts }) => facts.objective,
  },
  vector('weights', 'weights', 'at the default start, before any advice'),
  vector('adaptive_variance', 'variance', 'at the start, Gy^2'),
  vector(
    'column_norm',
    'column-norm',
    'norm of each influence column of the level, Gy per unit weight; 0 = excluded',
  ),
  {
    name: 'stop_reason',
    type: 'string',
    meaning: 'null when the stage did not end',
    value: ({ end }) => end?.stopReason,
  },
  { name: 'iterations', type: 'int', meaning: 'of the stage', value: ({ end }) => end?.iterations },
  {
    name: 'value_calls',
    type: 'int',
    meaning: 'as the optimizer counted them at the end',
    value: ({ end }) => end?.valueCalls,
  },
  {
    name: 'gradient_calls',
    type: 'int',
    meaning: 'as the optimizer counted them at the end',
    value: ({ end }) => end?.gradientCalls,
  },
  { name: 'objective', type: 'double', meaning: 'at the end', value: ({ end }) => end?.objective },
  {
    name: 'elapsed_ms',
    type: 'double',
    meaning: 'as the optimizer counted it at the end',
    value: ({ end }) => end?.elapsedMs,
  },
  ...advice<StageRow>('initialization'),
  ...advice<StageRow>('adaptive-variance'),
];

/** A beamlet of the finest level. */
export interface BeamletRow {
  readonly beamlet: number;
  /** Undefined when the beams do not add up to the beamlets of the level. */
  readonly place:
    | { readonly beam: number; readonly row: number; readonly column: number }
    | undefined;
  readonly features: Vectors | undefined;
  readonly finalWeight: number | undefined;
}

function ofBeamlet(kind: string, { features, beamlet }: BeamletRow): ArrayLike<number> | undefined {
  const table = features?.get(kind);
  const width = table?.shape[1] ?? 0;
  return table?.data.subarray(beamlet * width, (beamlet + 1) * width);
}

export const BEAMLET_COLUMNS: readonly Column<BeamletRow>[] = [
  {
    name: 'beamlet',
    type: 'int',
    meaning: 'index into every vector of level 0',
    value: ({ beamlet }) => beamlet,
  },
  {
    name: 'beam',
    type: 'int',
    meaning: 'index into `anatomy.beam_geometry`',
    value: ({ place }) => place?.beam,
  },
  { name: 'row', type: 'int', meaning: 'along the patient', value: ({ place }) => place?.row },
  {
    name: 'column',
    type: 'int',
    meaning: 'across the patient',
    value: ({ place }) => place?.column,
  },
  {
    name: 'final_weight',
    type: 'double',
    meaning: 'of the plan, exact; null when it did not finish',
    value: ({ finalWeight }) => finalWeight,
  },
  {
    name: 'column_norm',
    type: 'float',
    meaning: 'norm of the influence column, Gy per unit weight; 0 = excluded',
    value: ({ features, beamlet }) => features?.get('column-norm')?.data[beamlet],
  },
  {
    name: 'structure_mean_dose',
    type: 'floats',
    meaning: 'mean dose per unit weight in every structure, Gy',
    value: (row) => ofBeamlet('structure-mean-dose', row),
  },
  {
    name: 'structure_max_dose',
    type: 'floats',
    meaning: 'maximum dose per unit weight in every structure, Gy',
    value: (row) => ofBeamlet('structure-max-dose', row),
  },
  {
    name: 'path_density',
    type: 'floats',
    meaning: 'relative electron density at 100 points of its axis',
    value: (row) => ofBeamlet('path-density', row),
  },
];

export function iterationRows({ stages }: RecordedSession): readonly IterationOfStage[] {
  return stages.flatMap(({ facts, iterations }) =>
    iterations.map((row) => ({ ...row, sigmaGy: facts.histogramSigmaGy })),
  );
}

export function beamletRows({ start, geometry, finish }: RecordedSession): readonly BeamletRow[] {
  const { beams, levels } = start.plan;
  const places = beams.flatMap(({ rows, columns }, beam) =>
    Array.from({ length: rows * columns }, (_, at) => ({
      ...{ beam, row: Math.floor(at / columns), column: at % columns },
    })),
  );
  const count = levels[0]?.beamletCount ?? 0;
  const weights = finish?.vectors.get('weights')?.data;
  return Array.from({ length: count }, (_, beamlet) => ({
    beamlet,
    place: places.length === count ? places[beamlet] : undefined,
    features: geometry?.vectors,
    finalWeight: weights?.[beamlet],
  }));
}
