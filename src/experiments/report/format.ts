import type { EffectReport } from '../../domain/experiments/experiment-report.js';
import type { Metric } from '../../domain/experiments/experiments.js';

/** A p-value as people read it. */
export function formatP(pValue: number): string {
  return pValue < 0.001 ? 'below 0.001' : pValue.toFixed(3);
}

/** A share or a relative difference, such as `12.3 %`. */
export function formatShare(share: number): string {
  return `${Number((100 * share).toPrecision(3))} %`;
}

/** A ratio as percent more or less, a difference with its sign. */
export function formatEffect({ scale }: Metric, value: number | null): string {
  if (value === null) return 'unbounded';
  if (scale === 'ratio') {
    const percent = 100 * (value - 1);
    return `${percent < 0 ? '-' : '+'}${Math.abs(percent).toFixed(1)} %`;
  }
  return `${value < 0 ? '-' : '+'}${Number(Math.abs(value).toPrecision(3))}`;
}

/** Such as `-12.1 % (-20.3 % to -3.0 %, 412 plans)`. */
export function formatInterval({ metric, estimate, low, high, plans }: EffectReport): string {
  if (low === null || high === null) return `not known yet (${plans} plans)`;
  const ends = `${formatEffect(metric, low)} to ${formatEffect(metric, high)}`;
  return `${formatEffect(metric, estimate)} (${ends}, ${plans} plans)`;
}

export function formatMargin({ metric, margin }: EffectReport): string {
  if (margin === undefined) return '';
  return metric.scale === 'ratio' ? `${Number((100 * margin).toPrecision(3))} %` : `${margin}`;
}
