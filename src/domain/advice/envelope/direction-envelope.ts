import type { Iteration, PlanView } from '../../../plugin-sdk/index.js';
import { applied, clamped, noAdvice } from '../advice.js';
import type { Envelope } from './envelope.js';
import { isFiniteNumber, isFiniteVector, toVector } from './vector.js';

/**
 * Cosine between direction and downhill in the direction's own variables, or undefined when the gradient did not come
 * along. For the sigmoid w = W / (1 + exp(-s x)), dF/dx = dF/dw s w (1 - w / W).
 */
function descentCosine(
  direction: Float64Array,
  space: 'weights' | 'parameters',
  question: Iteration,
  plan: PlanView,
): number | undefined {
  const gradient = question.tensors.gradient?.data;
  const weights = question.tensors.weights?.data;
  if (gradient === undefined || gradient.length !== direction.length) return undefined;
  if (space === 'parameters' && weights?.length !== direction.length) return undefined;
  let dot = 0;
  let gradientSquares = 0;
  let directionSquares = 0;
  for (let i = 0; i < direction.length; i += 1) {
    const d = direction[i] as number;
    let g = gradient[i] as number;
    if (space === 'parameters' && weights !== undefined) {
      const w = weights[i] as number;
      g *= plan.weightSteepness * w * (1 - w / plan.weightCeiling);
    }
    dot += d * g;
    gradientSquares += g * g;
    directionSquares += d * d;
  }
  const norms = Math.sqrt(gradientSquares * directionSquares);
  return norms === 0 ? 0 : -dot / norms;
}

/** A finite direction that goes downhill where the gradient is known, with a positive step length or none. */
export function stepDirectionEnvelope(
  plan: PlanView,
  minimumCosine: number,
): Envelope<'step-direction'> {
  return (value, question) => {
    const length = plan.levels[question.level]?.beamletCount ?? 0;
    const direction = toVector(value.direction, length);
    if (typeof direction === 'string') return noAdvice('rejected', direction, true);
    if (!isFiniteVector(direction)) return noAdvice('rejected', 'not-finite', true);
    const { space, stepLength } = value;
    if (space !== 'weights' && space !== 'parameters') {
      return noAdvice('rejected', 'malformed', true);
    }
    const cosine = descentCosine(direction, space, question, plan);
    // Not a defect: near convergence rounding alone can turn a sound direction.
    if (cosine !== undefined && !(cosine >= minimumCosine)) {
      return noAdvice('rejected', 'not-descent');
    }
    if (stepLength === undefined) return applied({ space, direction });
    return isFiniteNumber(stepLength) && stepLength > 0
      ? applied({ space, direction, stepLength })
      : clamped({ space, direction }, 'step-length-dropped');
  };
}
