/** How far the running stage has to go, as its own curve and the predicted end tell. */
export interface TimeToEnd {
  readonly iterations: number;
  readonly ms: number;
}

interface Point {
  readonly objective: number;
  readonly atMs: number;
}

const WINDOW = 24;
const LEAST_POINTS = 6;
/** Beyond this nobody plans by it. */
const MOST_ITERATIONS = 9999;

/**
 * The newest iterations of the running stage. The distance to the predicted end falls about geometrically: its logarithm over the
 * iterations is fitted by a line, which is followed to where the solver's own tolerance would stop it.
 */
export class StagePace {
  #points: Point[] = [];
  #made = 0;
  #limit = 0;
  #tolerance = 0;

  /** `limit`: iterations of the stage at most, 0 = none. `tolerance`: relative change at which it stops. */
  start(limit: number, tolerance: number): void {
    this.#points = [];
    this.#made = 0;
    this.#limit = limit;
    this.#tolerance = tolerance;
  }

  add(objective: number, atMs: number): void {
    this.#made += 1;
    this.#points.push({ objective, atMs });
    if (this.#points.length > WINDOW) this.#points.shift();
  }

  /** Null where nothing can be said: too few iterations, no fall, or a pace that never gets there. */
  toEnd(predicted: number): TimeToEnd | null {
    const points = this.#points;
    const [first, last] = [points[0], points.at(-1)];
    if (first === undefined || last === undefined || points.length < LEAST_POINTS) return null;
    const gaps = points.map(({ objective }) => objective - predicted);
    if (!(Math.abs(predicted) > 0) || gaps.some((gap) => !(gap > 0))) return null;
    const slope = slopeOf(gaps.map(Math.log));
    if (!(slope < 0)) return null;
    // The change of the next iteration is this share of the gap that is left.
    const fall = -Math.expm1(slope);
    const target = (Math.max(this.#tolerance, 1e-6) * Math.abs(predicted)) / fall;
    const gap = last.objective - predicted;
    const fitted = Math.max(0, Math.ceil(Math.log(target / gap) / slope));
    const left = this.#limit > 0 ? this.#limit - this.#made : MOST_ITERATIONS;
    const iterations = Math.min(fitted, Math.max(left, 0));
    if (!(iterations <= MOST_ITERATIONS) || fitted > MOST_ITERATIONS) return null;
    const msEach = (last.atMs - first.atMs) / (points.length - 1);
    return { iterations, ms: Math.round(iterations * msEach) };
  }
}

/** Least squares over 0, 1, 2, ... */
function slopeOf(values: readonly number[]): number {
  const middle = (values.length - 1) / 2;
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  let [above, below] = [0, 0];
  for (const [k, value] of values.entries()) {
    above += (k - middle) * (value - mean);
    below += (k - middle) ** 2;
  }
  return above / below;
}
