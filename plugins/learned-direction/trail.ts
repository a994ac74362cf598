import type { ModelTensor, ReadonlyVector, Tensors } from 'dh-advisor/plugin-sdk';

/** Where a stage stands, as the model is told. */
export interface Moment {
  readonly weights: Float32Array;
  readonly gradient: Float32Array;
  /** Change of the weights by the last iteration; zeros when it is not known. */
  readonly lastStep: Float32Array;
  /** Change of the gradient by the last iteration; zeros when it is not known. */
  readonly gradientChange: Float32Array;
}

/** Follows one stage: its last weights and gradient, what the model remembers, and how often it was asked. */
export class Trail {
  #weights: Float64Array | undefined;
  #gradient: Float64Array | undefined;
  #moment: Moment | undefined;
  /** What the model remembers of this stage; undefined before its first answer. */
  memory: ModelTensor | undefined;
  /** Answers of this stage. */
  answers = 0;

  /** `weights` at the start of the stage, when the client sent them. */
  constructor(weights: ReadonlyVector | undefined) {
    this.#weights = weights?.slice();
  }

  /** The last iteration's moment; undefined when the client sent no weights or no gradient with it. */
  get moment(): Moment | undefined {
    return this.#moment;
  }

  /** Differences are taken in double precision, before anything is rounded. */
  follow(tensors: Tensors): void {
    const weights = tensors.weights?.data.slice();
    const gradient = tensors.gradient?.data.slice();
    this.#moment =
      weights === undefined || gradient?.length !== weights.length
        ? undefined
        : {
            weights: Float32Array.from(weights),
            gradient: Float32Array.from(gradient),
            lastStep: difference(weights, this.#weights),
            gradientChange: difference(gradient, this.#gradient),
          };
    this.#weights = weights;
    this.#gradient = gradient;
  }
}

function difference(now: Float64Array, before: Float64Array | undefined): Float32Array {
  const changes = new Float32Array(now.length);
  if (before?.length !== now.length) return changes;
  for (let i = 0; i < now.length; i += 1) changes[i] = (now[i] as number) - (before[i] as number);
  return changes;
}
