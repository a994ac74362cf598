import {
  ConfidenceSequence,
  type SequenceSettings,
  type SequenceState,
} from './confidence-sequence.js';
import { PredictableRegression } from './predictable-regression.js';

/** One plan of the two arms that are compared. */
export interface ComparedPlan {
  readonly isTreated: boolean;
  /** Chance that the plan had to be treated, given that it is in one of the two arms: in (0, 1). */
  readonly share: number;
  /** The metric: its logarithm for ratios. */
  readonly value: number;
  /** Known before any advice, of the order of 1; as many for each plan. */
  readonly features: readonly number[];
}

/** Plans that only teach the regression. */
export const BURN_IN_PLANS = 10;

/**
 * The effect of an arm over control with a confidence sequence: mean of the metric under treatment minus that under control.
 *
 * Each plan gives h (y - g(x)) with h = treated / share - untreated / (1 - share), whose mean is the effect whatever g is as long as g is
 * made from earlier plans only: inverse-propensity weighting with an augmentation by regression. g is a linear regression on
 * strata of beamlets and difficulty features, so that differences between plans that were known beforehand don't widen the
 * sequence: what CUPED does (Deng, Xu, Kohavi, Walker, WSDM 2013), with predictable coefficients (source of the sequence:
 * section 3 of Waudby-Smith et al. 2024).
 *
 * Assumes that arms were drawn independently with the shares given, and that plans come in the order of assignment: the order of
 * finishing depends on the arm. Values may be heavy-tailed as long as the variance exists; costs are compared as logarithms,
 * differences winsorised, for that.
 */
export class EffectSequence {
  readonly #regression: PredictableRegression;
  readonly #sequence: ConfidenceSequence;
  #plans = 0;

  /** Counts of the settings are plans of both arms. */
  constructor(features: number, settings: SequenceSettings) {
    this.#regression = new PredictableRegression(features);
    this.#sequence = new ConfidenceSequence({
      ...settings,
      minimumCount: Math.max(2, settings.minimumCount - BURN_IN_PLANS),
    });
  }

  add({ isTreated, share, value, features }: ComparedPlan): void {
    const expected = this.#regression.predictThenLearn(features, value);
    this.#plans += 1;
    if (this.#plans <= BURN_IN_PLANS) return;
    const weight = isTreated ? 1 / share : -1 / (1 - share);
    this.#sequence.add(weight * (value - expected));
  }

  /** `count` is plans of both arms, those of the burn-in included. */
  state(): SequenceState {
    return { ...this.#sequence.state(), count: this.#plans };
  }
}

/**
 * The same for plans that went through both arms: shadow and replay. Each gives the difference of its two values, so that what
 * makes plans differ falls out; needs no shares and no features.
 */
export class PairedSequence {
  readonly #sequence: ConfidenceSequence;

  constructor(settings: SequenceSettings) {
    this.#sequence = new ConfidenceSequence(settings);
  }

  /** @param value The metric under treatment, @param control and under control: logarithms for ratios. */
  add(value: number, control: number): void {
    this.#sequence.add(value - control);
  }

  state(): SequenceState {
    return this.#sequence.state();
  }
}
