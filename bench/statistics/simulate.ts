import normalQuantile from '@stdlib/stats-base-dists-normal-quantile';
import {
  halfWidthInErrors,
  mixtureScale,
} from '../../src/experiments/statistics/confidence-sequence.js';
import { BURN_IN_PLANS, EffectSequence } from '../../src/experiments/statistics/effect-sequence.js';
import {
  comparedValue,
  featureCount,
  featureVector,
} from '../../src/experiments/statistics/plan-numbers.js';
import {
  PRIOR_ASSIGNED,
  PRIOR_LOST,
  RatioCheck,
} from '../../src/experiments/statistics/ratio-check.js';
import { EmpiricalBernstein } from './empirical-bernstein.js';
import { planSource } from './simulated-plans.js';

/** What is simulated. Two arms; a look after every plan. */
export interface Scenario {
  readonly plans: number;
  /** What the sequence is tuned to. */
  readonly plannedPlans: number;
  readonly seed: number;
  /** Cost under treatment over that under control: 1 = no effect. */
  readonly ratio: number;
  /** Treated share as defined, and as it really comes out. */
  readonly share: number;
  readonly realShare: number;
  /** Chance to lose a session under control and under treatment. */
  readonly loss: number;
  readonly treatedLoss: number;
  readonly isAdjusted: boolean;
  readonly withRival: boolean;
  /** Plans with an outcome at which a fixed-size test looks, once. */
  readonly fixedPlans: number;
  /** `difference` compares costs themselves, winsorised to 10 to 400. */
  readonly scale: 'ratio' | 'difference';
}

/** What one experiment came to; plans are counts of plans so far, undefined = not within the experiment. */
export interface SimulatedExperiment {
  /** First look whose interval leaves out no effect. */
  readonly decidedAt: number | undefined;
  /** Whether that look has the right sign. */
  readonly isRightSign: boolean;
  /** Whether all intervals held the truth. Of ratios only. */
  readonly isCovered: boolean;
  readonly rivalDecidedAt: number | undefined;
  /** Whether the one look of a fixed-size test finds an effect. */
  readonly isFixedSignificant: boolean;
  /** First look at which the check of shares fired, and that of losses. */
  readonly sharesFiredAt: number | undefined;
  readonly lossFiredAt: number | undefined;
}

export const ALPHA = 0.05;
export const CHECK_ALPHA = 0.01;
export const MINIMUM_PLANS = 50;
const WINSOR: readonly [number, number] = [10, 400];
/** Weighted differences of logarithms: costs between 10 and 10,000, half of the plans treated. */
const RIVAL_BOUND = 2 * Math.log(1000);

export function simulate(scenario: Scenario): SimulatedExperiment {
  const { ratio, share, scale } = scenario;
  const source = planSource(scenario.seed);
  const adjust = scenario.isAdjusted
    ? { beamletStrata: [250, 500], features: ['beamlets'] }
    : { beamletStrata: [], features: [] };
  const metric = { name: 'call_equivalents', direction: 'lower', scale, range: WINSOR } as const;
  const counts = { plannedCount: scenario.plannedPlans, minimumCount: MINIMUM_PLANS };
  const effect = new EffectSequence(featureCount(adjust), { alpha: ALPHA, ...counts });
  const shares = { control: 1 - share, treatment: share };
  const [assigned, lost] = [new RatioCheck(PRIOR_ASSIGNED), new RatioCheck(PRIOR_LOST)];
  const rival = new EmpiricalBernstein(ALPHA);
  const truth = Math.log(ratio);
  let rivalMean = 0;
  let isFixedSignificant = false;
  let isCovered = true;
  let isRightSign = true;
  const first: Record<string, number | undefined> = {};
  const note = (what: string, plan: number, isSo: boolean) => {
    if (isSo && first[what] === undefined) first[what] = plan;
  };

  for (let plan = 1; plan <= scenario.plans; plan += 1) {
    const { cost, features } = source.plan();
    const isTreated = source.uniform() < scenario.realShare;
    const arm = isTreated ? 'treatment' : 'control';
    assigned.add(arm, shares);
    note('shares', plan, assigned.pValue <= CHECK_ALPHA);
    if (source.uniform() < (isTreated ? scenario.treatedLoss : scenario.loss)) {
      lost.add(arm, shares);
      note('loss', plan, lost.pValue <= CHECK_ALPHA);
      continue;
    }
    const value = comparedValue(metric, isTreated ? cost * ratio : cost) ?? 0;
    effect.add({ isTreated, share, value, features: featureVector(adjust, features) });
    const { low, high, mean, count } = effect.state();
    if (count === scenario.fixedPlans) {
      const analyses = count - BURN_IN_PLANS;
      const scale = mixtureScale(ALPHA, scenario.plannedPlans);
      const error = (high - low) / 2 / halfWidthInErrors(ALPHA, scale, analyses);
      isFixedSignificant = Math.abs(mean) > normalQuantile(1 - ALPHA / 2, 0, 1) * error;
    }
    if (low > truth || high < truth) isCovered = false;
    if (low > 0 || high < 0) {
      if (first['decision'] === undefined) isRightSign = mean * truth >= 0;
      note('decision', plan, true);
    }
    if (scenario.withRival) {
      const weight = isTreated ? 1 / share : -1 / (1 - share);
      const step = weight * (value - rivalMean);
      rivalMean += (value - rivalMean) / plan;
      rival.add(Math.min(1, Math.max(0, 0.5 + step / (2 * RIVAL_BOUND))));
      note('rival', plan, Math.abs(rival.centre - 0.5) > rival.halfWidth);
    }
  }
  return {
    decidedAt: first['decision'],
    isRightSign,
    isCovered,
    rivalDecidedAt: first['rival'],
    sharesFiredAt: first['shares'],
    lossFiredAt: first['loss'],
    isFixedSignificant,
  };
}
