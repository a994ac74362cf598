import type { Role } from '../../../plugin-sdk/index.js';
import type { StoredVector } from '../journal/recording-format.js';
import type {
  AdviceByRole,
  IterationRow,
  RecordedSession,
  StageRow,
} from '../journal/session-events.js';
import type { Column, ColumnType } from './parquet-table.js';

type Vectors = ReadonlyMap<string, StoredVector>;

function column<Row>(
  type: ColumnType,
  name: string,
  meaning: string,
  value: Column<Row>['value'],
): Column<Row> {
  return { name, type, meaning, value };
}

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
    column(
      'string',
      `${prefix}_outcome`,
      `what became of the question to ${role}; null when it was not asked`,
      (row) => row.advice.get(role)?.outcome,
    ),
    column(
      'string',
      `${prefix}_reason`,
      'why; empty with `applied`',
      (row) => row.advice.get(role)?.reason,
    ),
    column(
      'double',
      `${prefix}_score`,
      'out-of-distribution score: 0 inside the training ranges, 1 at the refusal threshold',
      (row) => row.advice.get(role)?.score,
    ),
    column(
      'string',
      `${prefix}_verdict`,
      'what the optimizer did with it; null when it did not say',
      (row) => row.advice.get(role)?.verdict,
    ),
  ];
}

/** An iteration with the sigma of its stage. */
export interface IterationOfStage extends IterationRow {
  readonly sigmaGy: number;
}

export const ITERATION_COLUMNS: readonly Column<IterationOfStage>[] = [
  column(
    'int',
    'stage',
    'counts the level starts of the plan from 0',
    ({ header }) => header.stage,
  ),
  column('int', 'level', '0 = the finest', ({ header }) => header.level),
  column('int', 'iteration', 'counts from 0 in each stage', ({ header }) => header.iteration),
  column('double', 'histogram_sigma_gy', 'of the stage, Gy', ({ sigmaGy }) => sigmaGy),
  column(
    'double',
    'objective',
    "the run's own objective after the iteration",
    ({ header }) => header.objective,
  ),
  column('double', 'gradient_norm', 'Euclidean norm of dF/dw', ({ header }) => header.gradientNorm),
  column(
    'double',
    'step_size',
    "length of the step in the solver's own variables",
    ({ header }) => header.stepLength,
  ),
  column('int', 'value_calls', 'of the plan so far', ({ header }) => header.valueCalls),
  column('int', 'gradient_calls', 'of the plan so far', ({ header }) => header.gradientCalls),
  column('double', 'elapsed_ms', 'of the plan so far', ({ header }) => header.elapsedMs),
  vector('weights', 'weights', 'beamlet weights after the iteration, length n of the level'),
  vector('search_direction', 'direction', 'the last step as the change of the weights'),
  vector('adaptive_variance', 'variance', 'per beamlet, Gy^2'),
  vector('gradient', 'gradient', 'dF/dw'),
  ...advice<IterationOfStage>('step-direction'),
  ...advice<IterationOfStage>('early-stopping'),
  ...advice<IterationOfStage>('adaptive-variance'),
];

export const STAGE_COLUMNS: readonly Column<StageRow>[] = [
  column(
    'int',
    'stage',
    'counts the level starts of the plan from 0',
    ({ header }) => header.stage,
  ),
  column('int', 'level', '0 = the finest', ({ header }) => header.level),
  column('int', 'beamlet_count', 'n, excluded ones included', ({ header }) => header.beamletCount),
  column('double', 'histogram_sigma_gy', 'in force, Gy', ({ header }) => header.histogramSigmaGy),
  column(
    'double',
    'variance_lower_gy2',
    'bound of the adaptive variance, Gy^2',
    ({ header }) => header.varianceLowerGy2,
  ),
  column(
    'double',
    'variance_upper_gy2',
    'bound of the adaptive variance, Gy^2',
    ({ header }) => header.varianceUpperGy2,
  ),
  column(
    'double',
    'start_objective',
    'objective at the default start',
    ({ header }) => header.objective,
  ),
  vector('weights', 'weights', 'at the default start, before any advice'),
  vector('adaptive_variance', 'variance', 'at the start, Gy^2'),
  vector(
    'column_norm',
    'column-norm',
    'norm of each influence column of the level, Gy per unit weight; 0 = excluded',
  ),
  column('string', 'stop_reason', 'null when the stage did not end', ({ end }) => end?.stopReason),
  column('int', 'iterations', 'of the stage', ({ end }) => end?.iterations),
  column(
    'int',
    'value_calls',
    'as the optimizer counted them at the end',
    ({ end }) => end?.valueCalls,
  ),
  column(
    'int',
    'gradient_calls',
    'as the optimizer counted them at the end',
    ({ end }) => end?.gradientCalls,
  ),
  column('double', 'objective', 'at the end', ({ end }) => end?.objective),
  column(
    'double',
    'elapsed_ms',
    'as the optimizer counted it at the end',
    ({ end }) => end?.elapsedMs,
  ),
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
  column('int', 'beamlet', 'index into every vector of level 0', ({ beamlet }) => beamlet),
  column('int', 'beam', 'index into `anatomy.beam_geometry`', ({ place }) => place?.beam),
  column('int', 'row', 'along the patient', ({ place }) => place?.row),
  column('int', 'column', 'across the patient', ({ place }) => place?.column),
  column(
    'double',
    'final_weight',
    'of the plan, exact; null when it did not finish',
    ({ finalWeight }) => finalWeight,
  ),
  column(
    'float',
    'column_norm',
    'norm of the influence column, Gy per unit weight; 0 = excluded',
    ({ features, beamlet }) => features?.get('column-norm')?.data[beamlet],
  ),
  column(
    'floats',
    'structure_mean_dose',
    'mean dose per unit weight in every structure, Gy',
    (row) => ofBeamlet('structure-mean-dose', row),
  ),
  column(
    'floats',
    'structure_max_dose',
    'maximum dose per unit weight in every structure, Gy',
    (row) => ofBeamlet('structure-max-dose', row),
  ),
  column('floats', 'path_density', 'relative electron density at 100 points of its axis', (row) =>
    ofBeamlet('path-density', row),
  ),
];

export function iterationRows({ stages }: RecordedSession): readonly IterationOfStage[] {
  return stages.flatMap(({ header, iterations }) =>
    iterations.map((row) => ({ ...row, sigmaGy: header.histogramSigmaGy })),
  );
}

/** More than any host accepts: what claims more is no plan, and would take all memory. */
const MAX_BEAMLETS = 16_000_000;

/** Place of each beamlet; undefined when the beams do not add up to `count`, which costs nothing then, whatever they claim. */
function placesOf(beams: RecordedSession['start']['plan']['beams'], count: number) {
  const sum = beams.reduce((total, { rows, columns }) => total + rows * columns, 0);
  if (sum !== count) return undefined;
  return beams.flatMap(({ rows, columns }, beam) =>
    Array.from({ length: rows * columns }, (_, at) => ({
      beam,
      row: Math.floor(at / columns),
      column: at % columns,
    })),
  );
}

/** @throws for more beamlets than a plan can have. */
export function beamletRows({ start, geometry, finish }: RecordedSession): readonly BeamletRow[] {
  const { beams, levels } = start.plan;
  const count = levels[0]?.beamletCount ?? 0;
  if (count > MAX_BEAMLETS) throw new RangeError(`${count} beamlets are more than a plan can have`);
  const places = placesOf(beams, count);
  const weights = finish?.vectors.get('weights')?.data;
  return Array.from({ length: count }, (_, beamlet) => ({
    beamlet,
    place: places?.[beamlet],
    features: geometry?.vectors,
    finalWeight: weights?.[beamlet],
  }));
}
