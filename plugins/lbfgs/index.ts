import {
  definePlugin,
  type PlanView,
  type ReadonlyVector,
  type SessionEvent,
  type StepDirectionAdvice,
  type Tensors,
  z,
} from 'dh-advisor/plugin-sdk';
import { CurvatureMemory } from './curvature-memory.js';

const configSchema = z.strictObject({
  /** Curvature pairs kept. */
  pairs: z.int().min(1).max(100).default(20),
  /** Without a pair: length of the step as a fraction of the weights' own length. */
  first_step: z.number().positive().max(1).default(0.1),
  /** Pairs of an earlier stage describe another objective, but one of the same shape at large. */
  keeps_pairs_across_stages: z.boolean().default(true),
});

type Config = z.output<typeof configSchema>;

// The optimizer keeps weights this far, as a fraction of the ceiling, inside [0, ceiling].
const BOUND_MARGIN = 1e-4;

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
        const { beamletCount, tensors } = event.levelStart;
        const isSameGrid = beamletCount === this.#metric.length;
        if (!isSameGrid || !this.#config.keeps_pairs_across_stages) this.#memory.clear();
        this.#metric = inverseSquares(tensors['column-norm']?.data, beamletCount);
        // The sharpened objective has another gradient at the same point: no pair across the boundary.
        this.#weights = undefined;
        this.#gradient = undefined;
        return;
      }
      case 'iteration':
        this.#remember(event.iteration.tensors);
        return;
      case 'receipt':
        // A memory that points uphill, or so wrongly that no step is acceptable, is worth less than none.
        if (event.receipt.verdict === 'not-descent') this.#memory.clear();
        return;
      default:
    }
  }

  advise(): StepDirectionAdvice | undefined {
    const weights = this.#weights;
    const gradient = this.#gradient;
    if (weights === undefined || gradient === undefined) return undefined;
    // Beamlets on a bound that the gradient pushes outwards can't move; they must not bend the others' direction.
    const freeMetric = this.#metric.map((value, i) =>
      this.#isHeld(i, weights, gradient) ? 0 : value,
    );
    const direction = this.#memory.direction(gradient, freeMetric);
    if (this.#memory.size === 0) {
      const scale = (this.#config.first_step * norm(weights)) / norm(direction);
      if (!Number.isFinite(scale)) return undefined;
      for (let i = 0; i < direction.length; i += 1) (direction[i] as number) *= scale;
    }
    // A step of length 1 ends inside the bounds, so that what the optimizer tries is what was meant.
    for (let i = 0; i < direction.length; i += 1) {
      const from = weights[i] as number;
      if (direction[i] !== 0) direction[i] = this.#clamp(from + (direction[i] as number)) - from;
    }
    return norm(direction) > 0 ? { space: 'weights', direction, stepLength: 1 } : undefined;
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
      const session = new DirectionSession(plan, config);
      return { observe: (event) => session.observe(event), advise: () => session.advise() };
    },
  }),
});
