import type { PlanView, VarianceQuestion } from '../../../plugin-sdk/index.js';
import { applied, clamped, noAdvice, type RoleResult } from '../advice.js';
import type { Envelope } from './envelope.js';
import { clampVector, isFiniteVector, toVector } from './vector.js';

/** A vector that is finite, of length n and inside its bounds, or the result that says why it is held back. */
function boundedVector(
  value: unknown,
  length: number,
  lower: number,
  upper: number,
): { readonly vector: Float64Array; readonly isClamped: boolean } | RoleResult<never> {
  const vector = toVector(value, length);
  if (typeof vector === 'string') return noAdvice('rejected', vector, true);
  if (!isFiniteVector(vector)) return noAdvice('rejected', 'not-finite', true);
  const inside = clampVector(vector, lower, upper);
  return { vector: inside, isClamped: inside !== vector };
}

/** Start weights in [0, ceiling]. */
export function initializationEnvelope(plan: PlanView): Envelope<'initialization'> {
  return (value, { beamletCount }) => {
    const bounded = boundedVector(value.weights, beamletCount, 0, plan.weightCeiling);
    if ('outcome' in bounded) return bounded;
    const advice = { weights: bounded.vector };
    return bounded.isClamped ? clamped(advice, 'out-of-bounds') : applied(advice);
  };
}

/** Variance inside the bounds of the level as it started. */
export function adaptiveVarianceEnvelope(plan: PlanView): Envelope<'adaptive-variance'> {
  let lowerGy2 = 0;
  let upperGy2 = 0;
  // The bounds hold for the questions between iterations, too, whatever became of the one at the start.
  const asked = (question: VarianceQuestion) => {
    if (question.kind !== 'level-start') return;
    lowerGy2 = question.varianceLowerGy2;
    upperGy2 = question.varianceUpperGy2;
  };
  const judge: Envelope<'adaptive-variance'> = (value, question: VarianceQuestion) => {
    asked(question);
    const length = plan.levels[question.level]?.beamletCount ?? 0;
    const bounded = boundedVector(value.varianceGy2, length, lowerGy2, upperGy2);
    if ('outcome' in bounded) return bounded;
    const advice = { varianceGy2: bounded.vector };
    return bounded.isClamped ? clamped(advice, 'out-of-bounds') : applied(advice);
  };
  return Object.assign(judge, { asked });
}
