import type { ReadonlyVector } from 'dh-advisor/plugin-sdk';

/** One step and the change of gradient along it. */
interface Pair {
  readonly step: Float64Array;
  readonly gradientChange: Float64Array;
  /** 1 / (step . gradientChange), positive. */
  readonly inverseCurvature: number;
}

function dot(a: ReadonlyVector, b: ReadonlyVector): number {
  let sum = 0;
  for (let i = 0; i < a.length; i += 1) sum += (a[i] as number) * (b[i] as number);
  return sum;
}

/** y += factor * x */
function addScaled(y: Float64Array, factor: number, x: Float64Array): void {
  for (let i = 0; i < y.length; i += 1) (y[i] as number) += factor * (x[i] as number);
}

/**
 * The last curvature pairs of a run, and the two-loop recursion over them (Nocedal & Wright, Numerical Optimization,
 * 2nd ed., algorithm 7.4) with a diagonal initial matrix.
 */
export class CurvatureMemory {
  readonly #capacity: number;
  /** Oldest first. */
  readonly #pairs: Pair[] = [];

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  get size(): number {
    return this.#pairs.length;
  }

  clear(): void {
    this.#pairs.length = 0;
  }

  /** Remembers a pair unless its curvature is not clearly positive, which a non-convex objective allows. */
  add(step: Float64Array, gradientChange: Float64Array): void {
    const curvature = dot(step, gradientChange);
    const scale = Math.sqrt(dot(step, step) * dot(gradientChange, gradientChange));
    if (!(curvature > 1e-8 * scale)) return;
    if (this.#pairs.length >= this.#capacity) this.#pairs.shift();
    this.#pairs.push({ step, gradientChange, inverseCurvature: 1 / curvature });
  }

  /**
   * Minus the inverse Hessian estimate times `gradient`. `metric` is the diagonal of the initial inverse Hessian up to
   * a common factor, which the newest pair sets. Components whose metric is 0 stay 0.
   */
  direction(gradient: ReadonlyVector, metric: Float64Array): Float64Array {
    const q = Float64Array.from(gradient);
    const coefficients: number[] = [];
    for (const pair of this.#pairs.toReversed()) {
      const alpha = pair.inverseCurvature * dot(pair.step, q);
      addScaled(q, -alpha, pair.gradientChange);
      coefficients.push(alpha);
    }
    const factor = this.#metricFactor(metric);
    for (let i = 0; i < q.length; i += 1) (q[i] as number) *= factor * (metric[i] as number);
    for (const pair of this.#pairs) {
      const beta = pair.inverseCurvature * dot(pair.gradientChange, q);
      addScaled(q, (coefficients.pop() as number) - beta, pair.step);
    }
    for (let i = 0; i < q.length; i += 1) q[i] = metric[i] === 0 ? 0 : -(q[i] as number);
    return q;
  }

  #metricFactor(metric: Float64Array): number {
    const newest = this.#pairs.at(-1);
    if (newest === undefined) return 1;
    let square = 0;
    for (let i = 0; i < metric.length; i += 1) {
      square += (metric[i] as number) * (newest.gradientChange[i] as number) ** 2;
    }
    return square > 0 ? 1 / (newest.inverseCurvature * square) : 1;
  }
}
