/** Part of a curve as it is sent: everything from point `from` on. Another `epoch` means that earlier points moved. */
export interface CurvePart {
  readonly epoch: number;
  readonly from: number;
  /** Iterations of the whole plan, counted from 1, ascending. */
  readonly iterations: readonly number[];
  /** The run's own objective after each; null when it was not finite. */
  readonly objectives: readonly (number | null)[];
}

/**
 * The objective over the iterations of a plan in bounded memory, allocated once. When it is full every second point is
 * dropped and from then on only every second iteration is kept, so a plan of any length is covered evenly.
 */
export class Curve {
  readonly #iterations: Uint32Array;
  readonly #objectives: Float64Array;
  #length = 0;
  #stride = 1;
  #epoch = 0;
  /** The newest point, kept or not. */
  #count = 0;
  #latest = Number.NaN;

  /** `capacity`: an even number of points. */
  constructor(capacity = 512) {
    this.#iterations = new Uint32Array(capacity);
    this.#objectives = new Float64Array(capacity);
  }

  /** Iterations seen. */
  get count(): number {
    return this.#count;
  }

  get latest(): number {
    return this.#latest;
  }

  get epoch(): number {
    return this.#epoch;
  }

  /** Points kept. */
  get length(): number {
    return this.#length;
  }

  add(objective: number): void {
    this.#count += 1;
    this.#latest = objective;
    if ((this.#count - 1) % this.#stride !== 0) return;
    if (this.#length === this.#iterations.length) this.#thin();
    if ((this.#count - 1) % this.#stride !== 0) return;
    this.#iterations[this.#length] = this.#count;
    this.#objectives[this.#length] = objective;
    this.#length += 1;
  }

  /** The points from `from` on. The newest is always the last, though it may not stay. */
  part(epoch: number, from: number): CurvePart {
    const start = epoch === this.#epoch ? Math.min(from, this.#length) : 0;
    const iterations: number[] = [];
    const objectives: (number | null)[] = [];
    for (let k = start; k < this.#length; k += 1) {
      iterations.push(this.#iterations[k] ?? 0);
      objectives.push(finite(this.#objectives[k]));
    }
    if (this.#count > 0 && (this.#iterations[this.#length - 1] ?? 0) < this.#count) {
      iterations.push(this.#count);
      objectives.push(finite(this.#latest));
    }
    return { epoch: this.#epoch, from: start, iterations, objectives };
  }

  #thin(): void {
    const half = this.#length >> 1;
    for (let k = 0; k < half; k += 1) {
      this.#iterations[k] = this.#iterations[2 * k] ?? 0;
      this.#objectives[k] = this.#objectives[2 * k] ?? Number.NaN;
    }
    this.#length = half;
    this.#stride *= 2;
    this.#epoch += 1;
  }
}

function finite(value: number | undefined): number | null {
  return value !== undefined && Number.isFinite(value) ? value : null;
}
