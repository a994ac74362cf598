import type { PlanView } from '../plan-view.js';
import { NotApplicable } from '../plugin-error.js';
import type { ReadonlyVector } from '../tensor.js';
import { beamGrid } from './model-inputs.js';

/** Beamlets along one side of a grid at the next coarser level: 39 -> 19 -> 9 -> 5, 8 -> 4 -> 2 -> 1. */
export function halved(count: number): number {
  if (count <= 1) return count;
  return count % 2 === 0 ? count / 2 : 2 * ((count >> 1) >> 1) + 1;
}

/**
 * Share of coarse beamlet `coarse` in fine beamlet `fine` when weights are interpolated: coarse ones lie two fine
 * spacings apart about the same centre.
 */
function share(fineCount: number, fine: number, coarse: number): number {
  const coarseCount = halved(fineCount);
  if (coarseCount === fineCount) return fine === coarse ? 1 : 0;
  const distance = fine - (fineCount - 1) / 2 - 2 * (coarse - (coarseCount - 1) / 2);
  return Math.max(0, 1 - Math.abs(distance) / 2);
}

interface Grid {
  readonly rows: number;
  readonly columns: number;
}

/** The fine beamlets under each coarse one along a side, with their shares. */
function overlaps(fineCount: number): readonly (readonly (readonly [number, number])[])[] {
  return Array.from({ length: halved(fineCount) }, (_, coarse) =>
    Array.from(
      { length: fineCount },
      (_, fine) => [fine, share(fineCount, fine, coarse)] as const,
    ).filter(([, part]) => part > 0),
  );
}

interface Layer {
  readonly values: Float64Array;
  /** How much of a beamlet may carry weight, at least 0; 0 = excluded. */
  readonly mass: Float64Array;
}

function coarsen(fine: Layer, beams: number, grid: Grid): Layer {
  const rows = overlaps(grid.rows);
  const columns = overlaps(grid.columns);
  const count = beams * rows.length * columns.length;
  const values = new Float64Array(count);
  const mass = new Float64Array(count);
  let target = 0;
  for (let beam = 0; beam < beams; beam += 1) {
    for (const row of rows) {
      for (const column of columns) {
        let sum = 0;
        let weight = 0;
        for (const [r, rowShare] of row) {
          for (const [c, columnShare] of column) {
            const source = (beam * grid.rows + r) * grid.columns + c;
            const part = rowShare * columnShare * (fine.mass[source] ?? 0);
            sum += part * (fine.values[source] ?? 0);
            weight += part;
          }
        }
        values[target] = weight > 0 ? sum / weight : 0;
        mass[target] = weight > 0 ? 1 : 0;
        target += 1;
      }
    }
  }
  return { values, mass };
}

/**
 * Values per beamlet of the finest level as averages over the beamlets of a coarser one, with the shares by which the
 * optimizer interpolates weights the other way, so that a constant stays that constant. Excluded beamlets (`columnNorm`
 * 0) do not count. The result is the caller's own. Pure.
 *
 * @throws NotApplicable when beams have different grids, or the optimizer's levels do not halve them.
 */
export function restrictToLevel(
  values: Iterable<number>,
  plan: PlanView,
  level: number,
  columnNorm: ReadonlyVector,
): Float64Array {
  const [beams, rows, columns] = beamGrid(plan);
  let layer: Layer = {
    values: Float64Array.from(values),
    mass: Float64Array.from(columnNorm, (norm) => (norm > 0 ? 1 : 0)),
  };
  let grid: Grid = { rows, columns };
  for (let k = 0; k < level; k += 1) {
    layer = coarsen(layer, beams, grid);
    grid = { rows: halved(grid.rows), columns: halved(grid.columns) };
  }
  const expected = plan.levels[level]?.beamletCount;
  if (layer.values.length !== expected) {
    const has = layer.values.length;
    throw new NotApplicable(`level ${level} has ${expected} beamlets; halved grids have ${has}`);
  }
  return layer.values;
}
