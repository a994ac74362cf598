import normalQuantile from '@stdlib/stats-base-dists-normal-quantile';
import { halfWidthInErrors, mixtureScale } from './confidence-sequence.js';

/** What an experiment is to find, and in what noise. */
export interface PowerQuestion {
  /** Difference of means in the scale compared: the logarithm of the ratio for ratios. Not 0. */
  readonly effect: number;
  /** Standard deviation of the metric between plans, in the same scale. */
  readonly deviation: number;
  /** Share of its variance that the features explain, in [0, 1). */
  readonly explained: number;
  /** Share of treated plans among the two arms, in (0, 1). */
  readonly share: number;
  readonly alpha: number;
  /** Chance to find the effect. */
  readonly power: number;
}

/** Plans of both arms together. */
export interface PlannedSize {
  /** For one analysis at the end, by a two-sided test on the adjusted values. */
  readonly fixedPlans: number;
  /** For an analysis after every plan, so that with the wanted power the decision has come by then. */
  readonly sequentialPlans: number;
  /** By which half of the experiments have decided. */
  readonly medianPlans: number;
}

/**
 * How many plans an effect takes. Fixed size: the textbook's (z_(1-alpha/2) + z_power)^2 variance / effect^2 (Cochran, "Sampling
 * techniques"). Sequential: the count n at which effect sqrt(n) / deviation exceeds the sequence's half width at n by z_power; the
 * sequence is tuned to that n. Crossings before n that are lost again by n are not counted, so true power is a little higher.
 *
 * @throws RangeError for an effect of 0, parameters outside their ranges, or more plans than anybody can make.
 */
export function planSize(question: PowerQuestion): PlannedSize {
  const { effect, deviation, explained, share, alpha, power } = question;
  const isBetween = (value: number, low: number, high: number) => value > low && value < high;
  if (effect === 0 || !Number.isFinite(effect)) throw new RangeError('the effect must not be 0');
  if (!(deviation > 0)) throw new RangeError('the deviation must be above 0');
  if (!(explained >= 0 && explained < 1)) throw new RangeError('explained must be in [0, 1)');
  for (const value of [share, alpha, power]) {
    if (!isBetween(value, 0, 1)) throw new RangeError('share, alpha, power must be in (0, 1)');
  }
  const variance = (deviation ** 2 * (1 - explained)) / (share * (1 - share));
  const perPlan = Math.abs(effect) / Math.sqrt(variance);
  const wantedErrors = normalQuantile(1 - alpha / 2, 0, 1) + normalQuantile(power, 0, 1);
  const fixedPlans = Math.ceil((wantedErrors / perPlan) ** 2);
  if (!(fixedPlans <= MAX_PLANS)) throw tooMany();
  return {
    fixedPlans,
    sequentialPlans: sequentialPlans(perPlan, alpha, normalQuantile(power, 0, 1)),
    medianPlans: sequentialPlans(perPlan, alpha, 0),
  };
}

/** More than anybody can make; beyond 2^53 counts are not exact either. */
const MAX_PLANS = 1e12;

const tooMany = () =>
  new RangeError(
    `this takes more than ${MAX_PLANS} plans: name a larger effect, a smaller deviation, or less extreme alpha and power`,
  );

function sequentialPlans(perPlan: number, alpha: number, margin: number): number {
  const isEnough = (count: number) =>
    perPlan * Math.sqrt(count) >=
    halfWidthInErrors(alpha, mixtureScale(alpha, count), count) + margin;
  let high = 2;
  while (!isEnough(high)) {
    high *= 2;
    if (high > MAX_PLANS) throw tooMany();
  }
  let low = high / 2;
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (isEnough(middle)) high = middle;
    else low = middle;
  }
  return high;
}
