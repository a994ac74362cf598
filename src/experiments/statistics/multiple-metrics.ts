/**
 * Holm's step-down: which of several hypotheses may be rejected so that the chance of any false rejection is at most alpha, however
 * the p-values depend on one another. Source: Holm, Scandinavian Journal of Statistics 6 (1979).
 *
 * @param pValues In [0, 1]; always-valid ones keep it at any time of looking.
 * @returns Adjusted p-values in the same order: reject those at most alpha.
 */
export function holm(pValues: readonly number[]): readonly number[] {
  const order = pValues.map((p, index) => ({ p, index })).sort((a, b) => a.p - b.p);
  const adjusted = new Array<number>(pValues.length).fill(1);
  let highest = 0;
  order.forEach(({ p, index }, rank) => {
    highest = Math.max(highest, Math.min(1, p * (pValues.length - rank)));
    adjusted[index] = highest;
  });
  return adjusted;
}

/**
 * e-BH: which hypotheses may be rejected so that the expected share of false ones among them is at most alpha, however the e-values
 * depend on one another. Source: Wang, Ramdas, "False discovery rate control with e-values", JRSS B 84 (2022).
 *
 * @param logE Logarithms of the e-values.
 * @returns In the same order, whether each is rejected.
 */
export function eBenjaminiHochberg(logE: readonly number[], alpha: number): readonly boolean[] {
  const sorted = [...logE].sort((a, b) => b - a);
  let rejected = 0;
  sorted.forEach((value, index) => {
    const count = index + 1;
    if (value >= Math.log(logE.length / (count * alpha))) rejected = count;
  });
  const limit = sorted[rejected - 1] ?? Number.POSITIVE_INFINITY;
  return logE.map((value) => rejected > 0 && value >= limit);
}
