/**
 * The rival of the sequence that ships: predictable plug-in empirical-Bernstein confidence sequence for the mean of values in [0, 1]. Holds
 * at any count, without limit theorems. Source: Waudby-Smith, Ramdas, "Estimating means of bounded random variables by betting",
 * JRSS B 86 (2024), theorem 2, bets as in its equation 15.
 */
export class EmpiricalBernstein {
  readonly #logTerm: number;
  #count = 0;
  #sum = 0;
  #squares = 0;
  #bets = 0;
  #weighted = 0;
  #penalty = 0;

  constructor(alpha: number) {
    this.#logTerm = Math.log(2 / alpha);
  }

  /** @param value In [0, 1]. */
  add(value: number): void {
    const before = (0.5 + this.#sum) / (this.#count + 1);
    const variance = (0.25 + this.#squares) / (this.#count + 1);
    this.#count += 1;
    const turn = this.#count;
    const bet = Math.min(
      0.5,
      Math.sqrt((2 * this.#logTerm) / (variance * turn * Math.log(1 + turn))),
    );
    this.#sum += value;
    const mean = (0.5 + this.#sum) / (turn + 1);
    this.#squares += (value - mean) ** 2;
    this.#bets += bet;
    this.#weighted += bet * value;
    this.#penalty += (value - before) ** 2 * (-Math.log(1 - bet) - bet);
  }

  /** Centre of the interval. */
  get centre(): number {
    return this.#weighted / this.#bets;
  }

  get halfWidth(): number {
    return (this.#logTerm + this.#penalty) / this.#bets;
  }
}
