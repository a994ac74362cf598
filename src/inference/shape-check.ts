import type { ModelTensors, TensorSignature } from '../plugin-sdk/index.js';

/** Checks tensors against a signature. One instance serves one model; `problem` runs for every question. */
export class ShapeCheck {
  readonly #signature: readonly TensorSignature[];
  readonly #extents = new Map<string, number>();

  constructor(signature: readonly TensorSignature[]) {
    this.#signature = signature;
  }

  /** What is wrong with the inputs of one question, or undefined. Free extents get their values from it. */
  problem(tensors: ModelTensors): string | undefined {
    this.#extents.clear();
    return this.problemOf(this.#signature, tensors);
  }

  /** The same for other tensors of that question, such as its answer: equal names, equal extents. */
  problemOf(signature: readonly TensorSignature[], tensors: ModelTensors): string | undefined {
    for (const expected of signature) {
      const problem = this.#problemOfOne(expected, tensors);
      if (problem !== undefined) return problem;
    }
    if (Object.keys(tensors).length === signature.length) return undefined;
    const known = signature.map(({ name }) => name);
    const unknown = Object.keys(tensors).filter((name) => !known.includes(name));
    return `unknown: ${unknown.join(', ')}; known: ${known.join(', ')}`;
  }

  #problemOfOne({ name, type, shape }: TensorSignature, tensors: ModelTensors): string | undefined {
    const tensor = tensors[name];
    if (tensor === undefined) return `\`${name}\` is missing`;
    const isTyped =
      type === 'float32' ? tensor.data instanceof Float32Array : tensor.data instanceof Int32Array;
    if (!isTyped) return `\`${name}\` must be ${type}`;
    const wrongShape = () => `\`${name}\` has shape [${tensor.shape}], expected [${shape}]`;
    if (tensor.shape.length !== shape.length) return wrongShape();
    let length = 1;
    for (let axis = 0; axis < shape.length; axis += 1) {
      const actual = tensor.shape[axis] as number;
      let expected = shape[axis] as number | string;
      if (typeof expected === 'string') {
        const free = expected;
        expected = this.#extents.get(free) ?? actual;
        this.#extents.set(free, expected);
      }
      if (actual !== expected) return wrongShape();
      length *= actual;
    }
    if (tensor.data.length === length) return undefined;
    return `\`${name}\` has ${tensor.data.length} values, its shape needs ${length}`;
  }
}
