import { RunningMoments } from './running-moments.js';

export interface SequenceSettings {
  /** Chance that the sequence ever leaves the truth out, in (0, 1). */
  readonly alpha: number;
  /** Count at which it is narrowest; it holds at any. */
  readonly plannedCount: number;
  /** First count with an interval: before it the variance is not known well enough. */
  readonly minimumCount: number;
}

/** What a confidence sequence says after so many values. */
export interface SequenceState {
  readonly count: number;
  readonly mean: number;
  /** -Infinity and Infinity before the minimum count. */
  readonly low: number;
  readonly high: number;
  /** Logarithm of the e-value against a mean of 0; 0 before the minimum count. */
  readonly logE: number;
}

/** Squared scale of the mixture that makes the sequence narrowest at a count (source: see ConfidenceSequence, section on tuning). */
export function mixtureScale(alpha: number, plannedCount: number): number {
  const log = -2 * Math.log(alpha);
  return (log + Math.log(1 + log)) / plannedCount;
}

/** Half width of the sequence at a count, in standard errors of the mean. About 3 at the planned count for alpha 0.05. */
export function halfWidthInErrors(alpha: number, scale: number, count: number): number {
  const spread = count * scale;
  return Math.sqrt(((2 * (spread + 1)) / spread) * (Math.log(spread + 1) / 2 - Math.log(alpha)));
}

/**
 * Asymptotic confidence sequence for a mean: intervals that hold for all counts from the minimum on together, so that one may
 * analyse after every value and stop whenever one likes.
 *
 * Source: Waudby-Smith, Arbour, Sinha, Kennedy, Ramdas, "Time-uniform central limit theory and asymptotic confidence sequences",
 * Annals of Statistics 52 (2024), theorem 2.2 (Robbins' normal mixture) and its tuning in appendix B.2.
 *
 * Assumes that each value has the same mean given those before it, and more than two moments. Error rates hold in the limit of a
 * large minimum count; `npm run bench -- statistics` measures them for what optimizers cost. Chosen over empirical-Bernstein
 * sequences, which hold at any count and need bounds: there they need several times the plans (same bench).
 */
export class ConfidenceSequence {
  readonly #alpha: number;
  readonly #scale: number;
  readonly #minimumCount: number;
  readonly #moments = new RunningMoments();

  constructor({ alpha, plannedCount, minimumCount }: SequenceSettings) {
    this.#alpha = alpha;
    this.#scale = mixtureScale(alpha, plannedCount);
    this.#minimumCount = minimumCount;
  }

  /** @param value Finite. */
  add(value: number): void {
    this.#moments.add(value);
  }

  state(): SequenceState {
    const { count, mean, variance } = this.#moments;
    if (count < Math.max(2, this.#minimumCount)) {
      return {
        count,
        mean,
        logE: 0,
        low: Number.NEGATIVE_INFINITY,
        high: Number.POSITIVE_INFINITY,
      };
    }
    const halfWidth =
      halfWidthInErrors(this.#alpha, this.#scale, count) * Math.sqrt(variance / count);
    return {
      count,
      mean,
      low: mean - halfWidth,
      high: mean + halfWidth,
      logE: this.#logE(count, mean, variance),
    };
  }

  /** At least -log(alpha) exactly when 0 is outside the interval. */
  #logE(count: number, mean: number, variance: number): number {
    if (variance === 0) return mean === 0 ? 0 : Number.POSITIVE_INFINITY;
    const spread = count * this.#scale;
    const squaredErrors = (mean * mean * count) / variance;
    return (squaredErrors * spread) / (2 * (spread + 1)) - Math.log(spread + 1) / 2;
  }
}
