import {
  definePlugin,
  NotApplicable,
  type PlanView,
  type ReadonlyVector,
  type SessionEvent,
  type StepDirectionAdvice,
  type Tensors,
  z,
} from '@dh-advisor/plugin-sdk';
import { CurvatureMemory } from './curvature-memory.js';

const configSchema = z.strictObject({
  /** Curvature pairs kept. */
  pairs: z.int().min(1).max(100).default(20),
  /** Without a pair: length of the step as a fraction of the weights' own length. */
  first_step: z.number().positive().max(1).default(0.1),
  /** Pairs of an earlier stage describe another objective; without them a stage starts with its steepest descent. */
  keeps_pairs_across_stages: z.boolean().default(false),
});

type Config = z.output<typeof configSchema>;

// The optimizer keeps weights this far, as a fraction of the ceiling, inside [0, ceiling].
const BOUND_MARGIN = 1e-4;

// Nearer to a bound than this fraction of the range, a beamlet may be sent onto it.
const NEAR = 0.01;

// The host refuses directions whose cosine with the downhill gradient is below 1e-4.
const CLEAR_DESCENT = 1e-3;

function at(values: ReadonlyVector, i: number): number {
  return values[i] as number;
}

function norm(values: ReadonlyVector): number {
  let sum = 0;
  for (const value of values) sum += value * value;
  return Math.sqrt(sum);
}

/** L-BFGS in weight space over what one session has seen. */
class DirectionSession {
  readonly #config: Config;
  readonly #lower: number;
  readonly #upper: number;
  readonly #memory: CurvatureMemory;
  #weights: Float64Array | undefined;
  #gradient: Float64Array | undefined;
  #metric: Float64Array = new Float64Array(0);

  constructor(plan: PlanView, config: Config) {
    this.#config = config;
    this.#lower = BOUND_MARGIN * plan.weightCeiling;
    this.#upper = (1 - BOUND_MARGIN) * plan.weightCeiling;
    this.#memory = new CurvatureMemory(config.pairs);
  }

  observe(event: SessionEvent): void {
    switch (event.kind) {
      case 'level-start': {
        const { beamletCount, tensors } = event;
        const isSameGrid = beamletCount === this.#metric.length;
        if (!isSameGrid || !this.#config.keeps_pairs_across_stages) this.#memory.clear();
        this.#metric = inverseSquares(tensors['column-norm']?.data, beamletCount);
        // The sharpened objective has another gradient at the same point: no pair across the boundary.
        this.#weights = undefined;
        this.#gradient = undefined;
        return;
      }
      case 'iteration':
        this.#remember(event.tensors);
        return;
      case 'receipt':
        // A memory that points uphill, or so wrongly that no step is acceptable, is worth less than none.
        if (event.verdict === 'not-descent') this.#memory.clear();
        return;
      default:
    }
  }

  advise(): StepDirectionAdvice | undefined {
    const weights = this.#weights;
    const gradient = this.#gradient;
    if (weights === undefined || gradient === undefined) return undefined;
    const direction = this.#memory.size > 0 ? this.#newton(weights, gradient) : undefined;
    const advised = direction ?? this.#steepest(weights, gradient);
    return advised && { space: 'weights', direction: advised, stepLength: 1 };
  }

  /**
   * Beamlets that the diagonal model alone would push onto a bound go there; L-BFGS moves the others, in their own
   * subspace, so that the ones on a bound do not bend its direction. Undefined when clipping left no clear descent.
   */
  #newton(weights: Float64Array, gradient: Float64Array): Float64Array | undefined {
    const factor = this.#memory.metricFactor(this.#metric) ?? 0;
    const landing = weights.map((w, i) => w - factor * at(this.#metric, i) * at(gradient, i));
    const isBound = (i: number) => {
      const w = at(weights, i);
      const isNear = Math.min(w - this.#lower, this.#upper - w) <= NEAR * this.#upper;
      return isNear && this.#clamp(at(landing, i)) !== at(landing, i);
    };
    const free = this.#metric.map((value, i) => (isBound(i) ? 0 : value));
    const direction = this.#memory.direction(gradient, free);
    for (let i = 0; i < direction.length; i += 1) {
      if (this.#metric[i] === 0) continue;
      const w = at(weights, i);
      direction[i] = this.#clamp(free[i] === 0 ? at(landing, i) : w + at(direction, i)) - w;
    }
    const slope = direction.reduce((sum, d, i) => sum + d * at(gradient, i), 0);
    return -slope > CLEAR_DESCENT * norm(direction) * norm(gradient) ? direction : undefined;
  }

  /** Down the scaled gradient, cut at the bounds. */
  #steepest(weights: Float64Array, gradient: Float64Array): Float64Array | undefined {
    const direction = gradient.map((g, i) => -at(this.#metric, i) * g);
    for (let i = 0; i < direction.length; i += 1) {
      if (this.#isHeld(i, weights, gradient)) direction[i] = 0;
    }
    const scale = (this.#config.first_step * norm(weights)) / norm(direction);
    if (!Number.isFinite(scale)) return undefined;
    const cut = direction.map((d, i) => {
      const w = at(weights, i);
      return d === 0 ? 0 : this.#clamp(w + scale * d) - w;
    });
    return norm(cut) > 0 ? cut : undefined;
  }

  #remember(tensors: Tensors): void {
    const weights = tensors.weights?.data.slice();
    const gradient = tensors.gradient?.data.slice();
    const n = this.#metric.length;
    if (weights?.length !== n || gradient?.length !== n) {
      this.#weights = undefined;
      this.#gradient = undefined;
      return;
    }
    const before = this.#weights;
    const gradientBefore = this.#gradient;
    if (before !== undefined && gradientBefore !== undefined) {
      this.#memory.add(
        weights.map((w, i) => w - (before[i] as number)),
        gradient.map((g, i) => g - (gradientBefore[i] as number)),
      );
    }
    this.#weights = weights;
    this.#gradient = gradient;
  }

  #isHeld(i: number, weights: Float64Array, gradient: Float64Array): boolean {
    const w = weights[i] as number;
    const g = gradient[i] as number;
    return (w <= this.#lower && g >= 0) || (w >= this.#upper && g <= 0);
  }

  #clamp(weight: number): number {
    return Math.min(Math.max(weight, this.#lower), this.#upper);
  }
}

/** Diagonal of the initial inverse Hessian: beamlets with much dose move little. 0 for excluded beamlets. */
function inverseSquares(columnNorm: ReadonlyVector | undefined, n: number): Float64Array {
  if (columnNorm?.length !== n) return new Float64Array(n).fill(1);
  return Float64Array.from(columnNorm, (value) => (value > 0 ? 1 / (value * value) : 0));
}

export const plugin = definePlugin({
  role: 'step-direction',
  configSchema,
  wants: () => [
    { kind: 'weights', everyN: 1 },
    { kind: 'gradient', everyN: 1 },
    { kind: 'column-norm', everyN: 0 },
  ],
  create: ({ config }) => ({
    openSession: ({ plan }) => {
      // An optimizer that runs L-BFGS has better pairs of its own than its host can see.
      if (plan.solver === 'lbfgs') throw new NotApplicable('the solver is L-BFGS itself');
      const session = new DirectionSession(plan, config);
      return { observe: (event) => session.observe(event), advise: () => session.advise() };
    },
  }),
});
