/**
 * How strongly the check expects the shares to hold, in units per arm: large values find small deviations among many units, small
 * values large deviations among few. Chosen by simulation, see docs/experiments.md; the error rate does not depend on it.
 */
export const PRIOR_ASSIGNED = 30;
export const PRIOR_LOST = 2;

/**
 * Whether units fall on arms as they should, looked at after each of them: an e-process of the shares against a Dirichlet mixture
 * of others. Its chance of ever reaching 1/alpha is at most alpha when the shares hold, whatever the number of analyses.
 *
 * Source: Lindon, Malek, "Anytime-valid inference for multinomial count data", NeurIPS 2022, whose Bayes factor is taken one unit at a
 * time here; any prediction made from earlier units keeps it valid (Ville's inequality), so that shares may change on the way.
 *
 * The same holds for lost sessions: when a loss has nothing to do with the arm, the arms of lost sessions have the shares of the
 * arms. That is the check of differential loss.
 */
export class RatioCheck {
  readonly #counts = new Map<string, number>();
  /** Units of each arm over their shares: as many as there are units, when the shares hold. */
  readonly #weighted = new Map<string, number>();
  #logE = 0;
  #highestLogE = 0;
  #units = 0;
  readonly #priorPerArm: number;

  /** @param priorPerArm `PRIOR_ASSIGNED` for assigned units, `PRIOR_LOST` for lost sessions. */
  constructor(priorPerArm: number) {
    this.#priorPerArm = priorPerArm;
  }

  /**
   * @param arm The unit's arm.
   * @param shares Share of each arm at that moment, those that add up to 1; the unit's arm has one above 0.
   */
  add(arm: string, shares: Readonly<Record<string, number>>): void {
    let total = 0;
    let predicted = 0;
    const arms = Object.keys(shares);
    const prior = this.#priorPerArm * arms.length;
    for (const id of arms) {
      const tilt = (prior + (this.#weighted.get(id) ?? 0)) / (prior + this.#units);
      const weight = (shares[id] ?? 0) * tilt;
      total += weight;
      if (id === arm) predicted = weight;
    }
    const share = shares[arm] ?? 0;
    this.#logE += Math.log(predicted / total / share);
    this.#highestLogE = Math.max(this.#highestLogE, this.#logE);
    this.#units += 1;
    this.#counts.set(arm, (this.#counts.get(arm) ?? 0) + 1);
    this.#weighted.set(arm, (this.#weighted.get(arm) ?? 0) + 1 / share);
  }

  get units(): number {
    return this.#units;
  }

  counts(): ReadonlyMap<string, number> {
    return this.#counts;
  }

  /** Anytime-valid p-value: 1 over the highest e-value so far. In (0, 1]. */
  get pValue(): number {
    return Math.exp(-this.#highestLogE);
  }
}
