import type { Metric } from '../../domain/experiments/experiments.js';

/** Ends of a confidence interval of an effect, in the scale compared (logarithms for ratios). */
export interface EffectInterval {
  readonly low: number;
  readonly high: number;
}

export type Comparison = 'better' | 'worse' | 'undecided';
export type MarginConclusion = 'within' | 'beyond' | 'undecided';

/** The interval turned so that above 0 is worse. */
function harm({ direction }: Metric, { low, high }: EffectInterval): EffectInterval {
  return direction === 'lower' ? { low, high } : { low: -high, high: -low };
}

/** Whether the effect is on one side of none. */
export function compare(metric: Metric, interval: EffectInterval): Comparison {
  const { low, high } = harm(metric, interval);
  if (high < 0) return 'better';
  return low > 0 ? 'worse' : 'undecided';
}

/** The margin in the scale compared: a ratio of 1 + margin where less is better, 1 - margin where more is. */
export function comparedMargin({ scale, direction }: Metric, margin: number): number {
  if (scale === 'difference') return margin;
  return direction === 'lower' ? Math.log1p(margin) : -Math.log1p(-margin);
}

/**
 * Non-inferiority: `within` when even the bad end of the interval is less than the margin worse, `beyond` when even the good end is
 * more. Uses the two-sided interval, so that each of the two is wrong with at most half of alpha; a margin of 1 or more of a ratio
 * of which more is better is never exceeded.
 */
export function judgeMargin(
  metric: Metric,
  interval: EffectInterval,
  margin: number,
): MarginConclusion {
  const { low, high } = harm(metric, interval);
  const limit = comparedMargin(metric, margin);
  if (Number.isNaN(limit)) return 'within';
  if (high < limit) return 'within';
  return low > limit ? 'beyond' : 'undecided';
}
