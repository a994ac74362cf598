import type { ReadonlyVector } from '@dh-advisor/plugin-sdk';

/** One step and the change of gradient along it. */
interface Pair {
  readonly step: Float64Array;
  readonly gradientChange: Float64Array;
}

/** Over the components that are free, those with a positive metric. */
function freeDot(a: ReadonlyVector, b: ReadonlyVector, metric: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i += 1) {
    if (metric[i] !== 0) sum += (a[i] as number) * (b[i] as number);
  }
  return sum;
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
    this.#pairs.push({ step, gradientChange });
  }

  /**
   * Factor that brings the diagonal `metric` to the scale of the inverse Hessian, from the newest pair; undefined
   * without a pair.
   */
  metricFactor(metric: Float64Array): number | undefined {
    const newest = this.#pairs.at(-1);
    if (newest === undefined) return undefined;
    let square = 0;
    for (let i = 0; i < metric.length; i += 1) {
      square += (metric[i] as number) * (newest.gradientChange[i] as number) ** 2;
    }
    const curvature = freeDot(newest.step, newest.gradientChange, metric);
    return square > 0 && curvature > 0 ? curvature / square : undefined;
  }

  /**
   * Minus the inverse Hessian estimate times `gradient`, in the space of the free components: those with a positive
   * `metric`, which is the diagonal of the initial inverse Hessian up to a common factor. The others stay 0.
   */
  direction(gradient: ReadonlyVector, metric: Float64Array): Float64Array {
    const q = Float64Array.from(gradient);
    const used: { readonly pair: Pair; readonly curvature: number; readonly alpha: number }[] = [];
    for (const pair of this.#pairs.toReversed()) {
      // A pair may curve the other way in the subspace, though not in the whole.
      const curvature = freeDot(pair.step, pair.gradientChange, metric);
      if (!(curvature > 0)) continue;
      const alpha = freeDot(pair.step, q, metric) / curvature;
      addScaled(q, -alpha, pair.gradientChange);
      used.push({ pair, curvature, alpha });
    }
    const factor = this.metricFactor(metric) ?? 1;
    for (let i = 0; i < q.length; i += 1) (q[i] as number) *= factor * (metric[i] as number);
    for (const { pair, curvature, alpha } of used.toReversed()) {
      const beta = freeDot(pair.gradientChange, q, metric) / curvature;
      addScaled(q, alpha - beta, pair.step);
    }
    for (let i = 0; i < q.length; i += 1) q[i] = metric[i] === 0 ? 0 : -(q[i] as number);
    return q;
  }
}
