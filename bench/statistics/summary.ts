import { planSize } from '../../src/experiments/statistics/power.js';
import { ALPHA, type Scenario, type SimulatedExperiment, simulate } from './simulate.js';
import { COST_DEVIATION, COST_EXPLAINED } from './simulated-plans.js';

/** Planned for the effect with this chance to find it, by the fixed-size test and by the sequence. */
export const POWER = 0.8;
export const EFFECT_RATIO = 0.9;

const question = {
  effect: Math.log(EFFECT_RATIO),
  deviation: COST_DEVIATION,
  share: 0.5,
  alpha: ALPHA,
  power: POWER,
};
/** What the effect takes by formula, with adjustment and without. */
export const adjustedSize = planSize({ ...question, explained: COST_EXPLAINED });
export const plainSize = planSize({ ...question, explained: 0 });

const NO_EFFECT: Omit<Scenario, 'plans' | 'seed'> = {
  ratio: 1,
  share: 0.5,
  realShare: 0.5,
  loss: 0.02,
  treatedLoss: 0.02,
  plannedPlans: 500,
  isAdjusted: true,
  withRival: false,
  scale: 'ratio',
  fixedPlans: adjustedSize.fixedPlans,
};

export type ScenarioName = keyof typeof SCENARIOS;

/** Each differs from no effect in what its name says. */
export const SCENARIOS = {
  'no effect': { withRival: true },
  '10 % cheaper': { ratio: EFFECT_RATIO, withRival: true },
  '10 % cheaper, not adjusted': {
    ratio: EFFECT_RATIO,
    isAdjusted: false,
    fixedPlans: plainSize.fixedPlans,
  },
  // As many plans as the formula says, whatever was asked for: those that decide are the power.
  '10 % cheaper, as planned': {
    ratio: EFFECT_RATIO,
    plans: adjustedSize.sequentialPlans,
    plannedPlans: adjustedSize.sequentialPlans,
  },
  'no effect, a tenth treated': { share: 0.1, realShare: 0.1 },
  'no effect, costs winsorised': { scale: 'difference' },
  'shares 60 to 40': { realShare: 0.6 },
  'shares 55 to 45': { realShare: 0.55 },
  'losses 2 % and 10 %': { treatedLoss: 0.1 },
  'losses 2 % and 5 %': { treatedLoss: 0.05 },
} as const satisfies Readonly<Record<string, Partial<Scenario>>>;

export interface ScenarioSummary {
  /** Share of the experiments whose sequence ever left out no effect, and of those on the wrong side. */
  readonly decided: number;
  readonly wrongSide: number;
  /** Share whose intervals all held the truth; null where no truth is known. */
  readonly coverage: number | null;
  /** Null when fewer than half decided. */
  readonly medianPlans: number | null;
  readonly fixedPlans: number;
  readonly fixedPower: number;
  /** Null when the rival did not take part. */
  readonly rivalDecided: number | null;
  readonly sharesFired: number;
  readonly lossFired: number;
}

/** @param seed Experiment i has seed + i. */
export function summarizeScenario(
  name: ScenarioName,
  experiments: number,
  plans: number,
  seed: number,
): ScenarioSummary {
  const scenario: Omit<Scenario, 'seed'> = { plans, ...NO_EFFECT, ...SCENARIOS[name] };
  const results = Array.from({ length: experiments }, (_, index) =>
    simulate({ ...scenario, seed: seed + index }),
  );
  const rate = (isSo: (result: SimulatedExperiment) => boolean) =>
    results.filter(isSo).length / experiments;
  const decisions = results
    .map(({ decidedAt }) => decidedAt ?? Number.POSITIVE_INFINITY)
    .sort((a, b) => a - b);
  const median = decisions[(decisions.length - 1) >> 1] ?? Number.POSITIVE_INFINITY;
  return {
    decided: rate(({ decidedAt }) => decidedAt !== undefined),
    wrongSide: rate(({ decidedAt, isRightSign }) => decidedAt !== undefined && !isRightSign),
    coverage: scenario.scale === 'ratio' ? rate(({ isCovered }) => isCovered) : null,
    medianPlans: Number.isFinite(median) ? median : null,
    fixedPlans: scenario.fixedPlans,
    fixedPower: rate(({ isFixedSignificant }) => isFixedSignificant),
    rivalDecided: scenario.withRival
      ? rate(({ rivalDecidedAt }) => rivalDecidedAt !== undefined)
      : null,
    sharesFired: rate(({ sharesFiredAt }) => sharesFiredAt !== undefined),
    lossFired: rate(({ lossFiredAt }) => lossFiredAt !== undefined),
  };
}

export type Summaries = Readonly<Record<ScenarioName, ScenarioSummary>>;

/** The figures that are asked for; each from the scenario that its name tells. */
export function headline(summaries: Summaries) {
  const effect = summaries['10 % cheaper'];
  const truths = Object.values(summaries).flatMap(({ coverage }) => coverage ?? []);
  return {
    falsePositiveRate: summaries['no effect'].decided,
    coverage: Math.min(...truths),
    medianPlansRatio: effect.medianPlans === null ? null : effect.medianPlans / effect.fixedPlans,
    srmDetected: summaries['shares 60 to 40'].sharesFired,
    lossDetected: summaries['losses 2 % and 10 %'].lossFired,
    srmFalseAlarms: summaries['no effect'].sharesFired,
    powerAsPlanned: summaries['10 % cheaper, as planned'].decided,
    lossFalseAlarms: summaries['no effect'].lossFired,
  };
}
