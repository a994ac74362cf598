// Starts that an optimizer alone has not: the best plan known of a case, and plans of training patients.
import { mkdirSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { randomLcg, randomLogNormal } from 'd3-random';
import { sha256 } from '../fingerprint.js';
import { writeWhole } from '../write-whole.js';

/** Highest weight of a beamlet; see `final_weights` in docs/result-format.md. */
const WEIGHT_CEILING = 0.2;

/** What a start needs of a result file. Grids of all cases are centred on the isocentre, with odd rows and columns. */
export interface PlannedWeights {
  readonly beams: number;
  readonly rows: number;
  readonly columns: number;
  /** Order beam, row, column. */
  readonly weights: readonly number[];
  /** Planned voxels of each structure. */
  readonly voxels: ReadonlyMap<string, number>;
}

export function readPlan(resultFile: string): PlannedWeights {
  const result = JSON.parse(readFileSync(resultFile, 'utf8')) as {
    plan: { beams: unknown[]; rows: number; columns: number };
    structures: { name: string; planned_voxels: number }[];
    final_weights: number[];
  };
  return {
    beams: result.plan.beams.length,
    rows: result.plan.rows,
    columns: result.plan.columns,
    weights: result.final_weights,
    voxels: new Map(result.structures.map(({ name, planned_voxels }) => [name, planned_voxels])),
  };
}

/** Weights times log-normal noise, kept below the ceiling. The same name draws the same noise. */
export function withNoise(
  weights: readonly number[],
  noise: number,
  name: string,
): readonly number[] {
  const seed = Number.parseInt(sha256(name).slice(0, 8), 16) / 2 ** 32;
  const factor = randomLogNormal.source(randomLcg(seed))(0, noise);
  // Without noise, too: a weight at the ceiling may lie a rounding above it.
  return weights.map((weight) => Math.min(WEIGHT_CEILING, weight * factor()));
}

/** The plans' mean weight at the same place of the same beam; a beamlet that no plan has gets none. */
export function meanWeights(
  grid: Omit<PlannedWeights, 'weights'>,
  plans: readonly PlannedWeights[],
): readonly number[] {
  const { beams, rows, columns } = grid;
  const weights: number[] = [];
  for (let beam = 0; beam < beams; beam += 1) {
    for (let row = 0; row < rows; row += 1) {
      for (let column = 0; column < columns; column += 1) {
        const found = plans.flatMap((plan) => {
          const weight = weightAt(plan, beam, row - (rows >> 1), column - (columns >> 1));
          return weight === undefined ? [] : [weight];
        });
        const sum = found.reduce((all, weight) => all + weight, 0);
        weights.push(found.length === 0 ? 0 : Math.min(WEIGHT_CEILING, sum / found.length));
      }
    }
  }
  return weights;
}

/** Row and column counted from the isocentre. */
function weightAt(plan: PlannedWeights, beam: number, row: number, column: number) {
  const [r, c] = [row + (plan.rows >> 1), column + (plan.columns >> 1)];
  if (beam >= plan.beams || r < 0 || r >= plan.rows || c < 0 || c >= plan.columns) return undefined;
  return plan.weights[(beam * plan.rows + r) * plan.columns + c];
}

/** The index of the plan whose structures have the most similar planned volumes, on a logarithmic scale. */
export function nearestPlan(
  grid: Pick<PlannedWeights, 'voxels'>,
  plans: readonly PlannedWeights[],
): number {
  const distance = ({ voxels }: PlannedWeights) => {
    const names = new Set([...voxels.keys(), ...grid.voxels.keys()]);
    const log = (of: ReadonlyMap<string, number>, name: string) => Math.log1p(of.get(name) ?? 0);
    return [...names].reduce(
      (sum, name) => sum + (log(voxels, name) - log(grid.voxels, name)) ** 2,
      0,
    );
  };
  const distances = plans.map(distance);
  return distances.indexOf(Math.min(...distances));
}

/** Writes a file that `rtmodel optimize --start-from` reads; returns the hash of the weights. */
export function writeStart(weights: readonly number[], file: string): string {
  mkdirSync(dirname(file), { recursive: true });
  const start = { format: 'rtmodel-result', version: 1, final_weights: weights };
  writeWhole(file, JSON.stringify(start));
  return sha256(JSON.stringify(weights));
}
