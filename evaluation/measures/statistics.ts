import { randomLcg } from 'd3-random';
import { medianSorted, quantileSorted, sampleWithReplacement } from 'simple-statistics';

/**
 * A cost that was never reached is Infinity: it takes part in every order statistic as larger than any cost, so that
 * censored patients are counted and never dropped. Documents say null for it.
 */
export const NEVER = Number.POSITIVE_INFINITY;

// A typed array sorts numbers without a comparator, which makes resampling several times faster.
const sorted = (values: readonly number[]) => Array.from(Float64Array.from(values).sort());

/** Median; Infinity when half of the patients or more never got there. NaN without values. */
export function median(values: readonly number[]): number {
  return values.length === 0 ? Number.NaN : medianSorted(sorted(values));
}

/** The quantile that the library takes without interpolation beyond two neighbours; NaN without values. */
export function quantile(values: readonly number[], fraction: number): number {
  return values.length === 0 ? Number.NaN : quantileSorted(sorted(values), fraction);
}

export const worst = (values: readonly number[]): number =>
  values.length === 0 ? Number.NaN : Math.max(...values);

export interface Interval {
  readonly low: number;
  readonly high: number;
}

export const RESAMPLES = 5000;

/** Percentile bootstrap, 95 %, of a statistic over patients. The same seed gives the same interval. */
export function bootstrap95(
  values: readonly number[],
  statistic: (resample: readonly number[]) => number = median,
  { resamples = RESAMPLES, seed = 0.5 }: { resamples?: number; seed?: number } = {},
): Interval {
  if (values.length === 0) return { low: Number.NaN, high: Number.NaN };
  const source = randomLcg(seed);
  const statistics = Array.from({ length: resamples }, () =>
    statistic(sampleWithReplacement([...values], values.length, source)),
  );
  return { low: quantile(statistics, 0.025), high: quantile(statistics, 0.975) };
}

/** Ratio of two costs of one patient, either of which may never have been reached; both never: a tie. */
export function costRatio(cost: number, other: number): number {
  if (cost === NEVER && other === NEVER) return 1;
  if (other === NEVER) return 0;
  return cost / other;
}

export interface WinCounts {
  readonly win: number;
  readonly tie: number;
  readonly loss: number;
}

/** Ratios below 1 win. Within `band` of 1 is a tie: costs are whole calls, and one call is no difference. */
export function countWins(ratios: readonly number[], band = 0.01): WinCounts {
  const win = ratios.filter((ratio) => ratio < 1 - band).length;
  const loss = ratios.filter((ratio) => ratio > 1 + band).length;
  return { win, loss, tie: ratios.length - win - loss };
}

/** What JSON can hold: null for never and for not measured. */
export const orNull = (value: number): number | null => (Number.isFinite(value) ? value : null);

export interface Spread {
  readonly median: number | null;
  readonly p95: number | null;
  readonly worst: number | null;
}

/** Where larger is worse. */
export function spread(values: readonly number[]): Spread {
  return {
    median: orNull(median(values)),
    p95: orNull(quantile(values, 0.95)),
    worst: orNull(worst(values)),
  };
}
