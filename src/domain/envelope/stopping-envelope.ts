import type { EarlyStoppingAdvice } from '../../plugin-sdk/index.js';
import { applied, clamped, type Ruling, withheld } from '../advice.js';
import type { EnvelopeConfig } from '../host-config.js';
import type { Envelope } from './envelope.js';
import { isFiniteNumber } from './vector.js';

type StoppingBounds = Pick<EnvelopeConfig, 'stopGain' | 'stopMinimumIterations' | 'stopPatience'>;

/** The advice with its stop taken back; its prediction still holds. */
function goOn(advice: EarlyStoppingAdvice, reason: string): Ruling<'early-stopping'> {
  return clamped({ ...advice, decision: 'continue' }, reason);
}

/**
 * Passes a stop on only after a floor of iterations, when the last iteration gained little, and when the plugin has
 * said so several times running.
 */
export function earlyStoppingEnvelope(bounds: StoppingBounds): Envelope<'early-stopping'> {
  let stage = -1;
  let previousObjective = Number.POSITIVE_INFINITY;
  let consecutiveStops = 0;
  return (advice, question) => {
    if (question.stage !== stage) {
      stage = question.stage;
      previousObjective = Number.POSITIVE_INFINITY;
      consecutiveStops = 0;
    }
    const gain = previousObjective - question.objective;
    previousObjective = question.objective;
    for (const value of [advice.predictedFinalObjective, advice.predictedStandardDeviation]) {
      if (value !== undefined && !isFiniteNumber(value)) {
        return withheld('rejected', 'not-finite', true);
      }
    }
    switch (advice.decision) {
      case 'continue':
        consecutiveStops = 0;
        return applied(advice);
      case 'stop-level':
      case 'stop-all':
        break;
      default:
        return withheld('rejected', 'malformed', true);
    }
    if (typeof advice.explanation !== 'string' || advice.explanation.trim() === '') {
      return withheld('rejected', 'no-explanation', true);
    }
    consecutiveStops += 1;
    if (question.iteration + 1 < bounds.stopMinimumIterations) return goOn(advice, 'too-early');
    if (gain > bounds.stopGain * Math.abs(question.objective)) {
      return goOn(advice, 'still-improving');
    }
    if (consecutiveStops < bounds.stopPatience) return goOn(advice, 'patience');
    return applied(advice);
  };
}
