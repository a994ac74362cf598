/**
 * e-BH: which hypotheses may be rejected so that the expected share of false ones among them is at most alpha, however the e-values
 * depend on one another. Source: Wang, Ramdas, "False discovery rate control with e-values", JRSS B 84 (2022).
 *
 * Valid at any analysis, as long as the e-values are those of that analysis: the highest ones so far are no e-values.
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
