/** Mean and variance of a stream of numbers, by Welford's recurrence; each number costs the same, however many came before. */
export class RunningMoments {
  #count = 0;
  #mean = 0;
  #squares = 0;

  /** @param value Finite. */
  add(value: number): void {
    this.#count += 1;
    const delta = value - this.#mean;
    this.#mean += delta / this.#count;
    this.#squares += delta * (value - this.#mean);
  }

  get count(): number {
    return this.#count;
  }

  /** 0 before the first number. */
  get mean(): number {
    return this.#mean;
  }

  /** Over count - 1; NaN before the second number. */
  get variance(): number {
    return this.#count < 2 ? Number.NaN : this.#squares / (this.#count - 1);
  }
}
