import { type PlanView, QUALITIES, qualityOf } from '../../plugin-sdk/index.js';
import type { VerdictCount } from '../session/advisor.js';
import type { PlanFinish } from '../session/plan-finish.js';

/** Metrics of every plan; `dose:NAME:STRUCTURE` comes beside them for each figure of the finish message. */
export const PLAN_METRICS = [
  'call_equivalents',
  'iterations',
  'value_calls',
  'gradient_calls',
  'optimization_ms',
  'advice_wait_ms',
  'reference_objective',
  'refused_advice',
] as const;

/** What is known of a plan before any advice and makes it dear or cheap. */
export const PLAN_FEATURES = [
  'beamlets',
  'beams',
  'structures',
  'targets',
  'target_cc',
  'organ_cc',
  'prescribed_gy',
  'quality',
] as const;

type Named<Name extends string> = Readonly<Record<Name, number>>;

/**
 * Sizes from the start message: counts, cubic centimetres, the highest prescribed dose in Gy, and the quality as a rank, from 0,
 * strict, to 2, fast.
 */
export function featuresOf(plan: PlanView): Named<(typeof PLAN_FEATURES)[number]> {
  const { beams, levels, structures } = plan;
  const targets = structures.filter(({ role }) => role === 'target');
  const organs = structures.filter(({ role }) => role === 'organ-at-risk');
  const volume = (chosen: typeof structures) =>
    chosen.reduce((sum, { volumeCc }) => sum + volumeCc, 0);
  return {
    beamlets: levels[0]?.beamletCount ?? 0,
    beams: beams.length,
    structures: structures.length,
    targets: targets.length,
    target_cc: volume(targets),
    organ_cc: volume(organs),
    prescribed_gy: Math.max(0, ...targets.map(({ prescribedDoseGy }) => prescribedDoseGy ?? 0)),
    quality: QUALITIES.indexOf(qualityOf(plan)),
  };
}

/**
 * The numbers of a plan's outcome, by metric. A cancelled plan has none: what it cost until then is not what a plan costs.
 *
 * @param verdicts How often the optimizer said what of advice; all but `accepted` are refusals.
 */
export function metricsOf(
  finish: PlanFinish,
  { structures }: PlanView,
  verdicts: readonly VerdictCount[],
): Readonly<Record<string, number>> {
  if (finish.stopReason === 'cancelled') return {};
  const named: Named<(typeof PLAN_METRICS)[number]> = {
    call_equivalents: finish.callEquivalents,
    iterations: finish.iterations,
    value_calls: finish.valueCalls,
    gradient_calls: finish.gradientCalls,
    optimization_ms: finish.optimizationMs,
    advice_wait_ms: finish.adviceWaitMs,
    reference_objective: finish.referenceObjective,
    refused_advice: verdicts
      .filter(({ verdict }) => verdict !== 'accepted')
      .reduce((sum, { count }) => sum + count, 0),
  };
  const dose = finish.metrics.flatMap(({ structure, name, value }) => {
    const structureName = structures[structure]?.name;
    return structureName === undefined ? [] : [[`dose:${name}:${structureName}`, value] as const];
  });
  return { ...named, ...Object.fromEntries(dose) };
}
