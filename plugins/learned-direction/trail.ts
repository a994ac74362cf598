import type { ModelTensor, ReadonlyVector, Tensors } from '@dh-advisor/plugin-sdk';

/** Where a stage stands, as the model is told. */
export interface Moment {
  readonly weights: Float32Array;
  readonly gradient: Float32Array;
}

/** Follows one stage: weights, gradient, curvature pairs, what the model remembers, and how often it answered. */
export class Trail {
  readonly #capacity: number;
  /** Changes of the weights, newest first. */
  readonly #steps: Float32Array[] = [];
  /** What each of the steps did to the gradient; zeros when it is not known. */
  readonly #changes: Float32Array[] = [];
  #weights: Float64Array | undefined;
  #gradient: Float64Array | undefined;
  #moment: Moment | undefined;
  #pairs = 0;
  /** What the model remembers of this stage; undefined before its first answer. */
  memory: ModelTensor | undefined;
  /** Answers of this stage. */
  answers = 0;

  /** `capacity`: pairs kept. `weights`: at the start of the stage, when the client sent them. */
  constructor(capacity: number, weights: ReadonlyVector | undefined) {
    this.#capacity = capacity;
    this.#weights = weights?.slice();
  }

  /** The last iteration's moment; undefined when the client sent no weights or no gradient with it. */
  get moment(): Moment | undefined {
    return this.#moment;
  }

  /** Whether the stage has shown any curvature yet: its first iteration has no gradient before it. */
  get hasPair(): boolean {
    return this.#pairs > 0;
  }

  /** Differences are taken in double precision, before anything is rounded. */
  follow(tensors: Tensors): void {
    const weights = tensors.weights?.data.slice();
    const gradient = tensors.gradient?.data.slice();
    if (weights === undefined || gradient?.length !== weights.length) {
      this.#moment = undefined;
    } else {
      this.#moment = { weights: Float32Array.from(weights), gradient: Float32Array.from(gradient) };
      if (this.#gradient !== undefined && this.#weights !== undefined) this.#pairs += 1;
      remember(this.#steps, difference(weights, this.#weights), this.#capacity);
      remember(this.#changes, difference(gradient, this.#gradient), this.#capacity);
    }
    this.#weights = weights;
    this.#gradient = gradient;
  }

  /** Pairs as [capacity, ...grid], newest first; zeros where there is none. */
  pairs(grid: readonly number[]): { readonly steps: ModelTensor; readonly changes: ModelTensor } {
    const shape = [this.#capacity, ...grid];
    return {
      steps: { shape, data: stacked(this.#steps, this.#capacity) },
      changes: { shape, data: stacked(this.#changes, this.#capacity) },
    };
  }
}

function remember(kept: Float32Array[], newest: Float32Array, capacity: number): void {
  kept.unshift(newest);
  kept.length = Math.min(kept.length, capacity);
}

function stacked(rows: readonly Float32Array[], capacity: number): Float32Array {
  const length = rows[0]?.length ?? 0;
  const all = new Float32Array(capacity * length);
  rows.forEach((row, at) => {
    all.set(row, at * length);
  });
  return all;
}

function difference(current: Float64Array, before: Float64Array | undefined): Float32Array {
  const changes = new Float32Array(current.length);
  if (before?.length !== current.length) return changes;
  for (let i = 0; i < current.length; i += 1)
    changes[i] = (current[i] as number) - (before[i] as number);
  return changes;
}
