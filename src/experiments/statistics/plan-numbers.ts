import type { Experiment, Metric } from '../../domain/experiments/experiments.js';

/** Name of the feature that strata are made of: beamlets at the finest level. */
export const BEAMLETS = 'beamlets';

/**
 * A metric as it is compared: the natural logarithm for ratios, so that a plan ten times as dear counts as one ten times as cheap;
 * winsorised to the metric's range for differences.
 *
 * @returns Undefined for what can't be compared: not finite, or not positive where logarithms are.
 */
export function comparedValue(metric: Metric, value: number | undefined): number | undefined {
  if (value === undefined || !Number.isFinite(value)) return undefined;
  if (metric.scale === 'ratio') return value > 0 ? Math.log(value) : undefined;
  const [low, high] = metric.range ?? [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
  return Math.min(high, Math.max(low, value));
}

/** An effect or the end of its interval as people read it: ratio (1 = none) or difference (0 = none). */
export function readableEffect(metric: Metric, effect: number): number {
  return metric.scale === 'ratio' ? Math.exp(effect) : effect;
}

/**
 * What the regression knows of a plan: a step at each limit between strata of beamlets, the logarithm of each feature with its sign
 * (sizes act as factors), and whether any was missing. As long for each plan of an experiment.
 *
 * @param features By name; what the client did not send is missing.
 */
export function featureVector(
  adjust: Experiment['adjust'],
  features: Readonly<Record<string, number>>,
): readonly number[] {
  let isMissing = 0;
  const numberOf = (name: string) => {
    const value = features[name];
    if (value !== undefined && Number.isFinite(value)) return value;
    isMissing = 1;
    return 0;
  };
  const beamlets = adjust.beamletStrata.length > 0 ? numberOf(BEAMLETS) : 0;
  const strata = adjust.beamletStrata.map((limit) => (beamlets >= limit ? 1 : 0));
  const logs = adjust.features.map((name) => {
    const value = numberOf(name);
    return Math.sign(value) * Math.log1p(Math.abs(value));
  });
  return [...strata, ...logs, isMissing];
}

/** Length of `featureVector`. */
export function featureCount({ beamletStrata, features }: Experiment['adjust']): number {
  return beamletStrata.length + features.length + 1;
}
