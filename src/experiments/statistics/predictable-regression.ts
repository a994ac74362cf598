/** A little shrinkage of the slopes, in numbers of plans; the constant has next to none. */
const SLOPE_PRIOR = 1;
const CONSTANT_PRIOR = 1e-6;

/**
 * Linear regression that is asked for a prediction before it learns the value: recursive least squares with a ridge prior
 * (Ljung, "System Identification", 2nd ed., section 11.2, forgetting factor 1). A value costs the square of the features.
 *
 * @param features Numbers per plan, of the order of 1 each; a constant is added.
 */
export class PredictableRegression {
  readonly #size: number;
  readonly #coefficients: Float64Array;
  /** Inverse of the regularised second moments, row by row. */
  readonly #inverse: Float64Array;
  readonly #row: Float64Array;
  readonly #gain: Float64Array;

  constructor(features: number) {
    const size = features + 1;
    this.#size = size;
    this.#coefficients = new Float64Array(size);
    this.#inverse = new Float64Array(size * size);
    this.#row = new Float64Array(size);
    this.#gain = new Float64Array(size);
    for (let i = 0; i < size; i += 1) {
      this.#inverse[i * size + i] = 1 / (i === 0 ? CONSTANT_PRIOR : SLOPE_PRIOR);
    }
  }

  /** The prediction from what was learned before this value, and then learns it. */
  predictThenLearn(features: readonly number[], value: number): number {
    const size = this.#size;
    const row = this.#row;
    row[0] = 1;
    for (let i = 1; i < size; i += 1) row[i] = features[i - 1] ?? 0;
    let prediction = 0;
    let leverage = 1;
    for (let i = 0; i < size; i += 1) {
      let sum = 0;
      for (let j = 0; j < size; j += 1) sum += at(this.#inverse, i * size + j) * at(row, j);
      this.#gain[i] = sum;
      prediction += at(this.#coefficients, i) * at(row, i);
      leverage += at(row, i) * sum;
    }
    const error = (value - prediction) / leverage;
    for (let i = 0; i < size; i += 1) {
      const gain = at(this.#gain, i);
      this.#coefficients[i] = at(this.#coefficients, i) + gain * error;
      for (let j = 0; j < size; j += 1) {
        const index = i * size + j;
        this.#inverse[index] = at(this.#inverse, index) - (gain * at(this.#gain, j)) / leverage;
      }
    }
    return prediction;
  }
}

function at(values: Float64Array, index: number): number {
  return values[index] ?? 0;
}
