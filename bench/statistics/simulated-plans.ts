import { randomExponential, randomNormal } from 'd3-random';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';

/** One plan before it is given an arm. */
export interface SimulatedPlan {
  /** Call-equivalents under control. */
  readonly cost: number;
  /** What the client says of it at the start. */
  readonly features: { readonly beamlets: number };
}

/**
 * Costs as `npm run evaluate` finds them for annealed L-BFGS (docs/results.md has a later run): median 81 call-equivalents with a 95 % interval of 77 to 101 over 31
 * patients, which is a deviation of about 0.3 of the logarithm, and an eighth of the patients that never come to the goal in
 * hundreds of calls. Size explains part. The bad valleys are a Pareto tail of index 1.4: its variance is infinite before logarithms.
 */
const MEDIAN_COST = 80;
const MEDIAN_BEAMLETS = 350;
const BEAMLETS_DEVIATION = 0.8;
const SIZE_EFFECT = 0.25;
const NOISE = 0.3;
const BAD_VALLEYS = 0.125;
const BAD_VALLEY_LOG = 0.7;

/** Of the logarithm of the cost, as above: what a study would be planned with. */
export const COST_DEVIATION = Math.sqrt(
  SIZE_EFFECT ** 2 +
    NOISE ** 2 +
    BAD_VALLEYS * 2 * BAD_VALLEY_LOG ** 2 -
    (BAD_VALLEYS * BAD_VALLEY_LOG) ** 2,
);
/** Share of the variance that the number of beamlets explains. */
export const COST_EXPLAINED = (SIZE_EFFECT / COST_DEVIATION) ** 2;

/** Plans in an endless row; the same seed gives the same row. */
export interface PlanSource {
  readonly uniform: () => number;
  plan(): SimulatedPlan;
}

export function planSource(seed: number): PlanSource {
  const generator = xoroshiro128plus(seed);
  // 53 bits, never 0 or 1.
  const uniform = () =>
    ((generator.next() >>> 5) * 2 ** 26 + (generator.next() >>> 6) + 0.5) / 2 ** 53;
  const normal = randomNormal.source(uniform)();
  const exponential = randomExponential.source(uniform)(1 / BAD_VALLEY_LOG);
  return {
    uniform,
    plan() {
      const size = normal();
      const valley = uniform() < BAD_VALLEYS ? exponential() : 0;
      return {
        cost: MEDIAN_COST * Math.exp(SIZE_EFFECT * size + NOISE * normal() + valley),
        features: { beamlets: MEDIAN_BEAMLETS * Math.exp(BEAMLETS_DEVIATION * size) },
      };
    },
  };
}
