import type { EarlyStoppingAdvice, Iteration } from '../../../plugin-sdk/index.js';
import type { EnvelopeConfig } from '../../host-config.js';
import { applied, clamped, noAdvice, type RoleResult } from '../advice.js';
import type { Envelope } from './envelope.js';
import { isFiniteNumber } from './vector.js';

type StoppingBounds = Pick<EnvelopeConfig, 'stopGain' | 'stopMinimumIterations' | 'stopPatience'>;

/** The advice with its stop taken back; its prediction still holds. */
function goOn(advice: EarlyStoppingAdvice, reason: string): RoleResult<'early-stopping'> {
  return clamped({ ...advice, decision: 'continue' }, reason);
}

/** A stage ends no higher than it has come: a forecast that the objective has passed is not told. */
function withoutPassedForecast(
  result: RoleResult<'early-stopping'>,
  objective: number,
): RoleResult<'early-stopping'> {
  const { value, reason } = result;
  if (value?.predictedFinalObjective === undefined) return result;
  if (value.predictedFinalObjective <= objective) return result;
  const { predictedFinalObjective, predictedStandardDeviation, ...rest } = value;
  return clamped(rest, reason || 'forecast-passed');
}

/** What is known of the questions of a stage, answered or not. */
class StageCourse {
  #question: Iteration | undefined;
  #gain = Number.POSITIVE_INFINITY;
  #stops = 0;
  #hasStopped = false;

  /** A question that is asked twice counts once. */
  asked(question: Iteration): void {
    const before = this.#question;
    if (before === question) return;
    this.#question = question;
    if (before === undefined || before.stage !== question.stage) {
      this.#gain = Number.POSITIVE_INFINITY;
      this.#stops = 0;
    } else {
      const iterations = Math.max(question.iteration - before.iteration, 1);
      this.#gain = (before.objective - question.objective) / iterations;
      // Stops are consecutive only when no question lies between them, whatever became of it.
      if (!this.#hasStopped) this.#stops = 0;
    }
    this.#hasStopped = false;
  }

  /** Gain of an iteration since the question before. */
  get gain(): number {
    return this.#gain;
  }

  /** @returns how often running a stop has been asked for. */
  stop(): number {
    this.#hasStopped = true;
    this.#stops += 1;
    return this.#stops;
  }
}

/**
 * Passes a stop on only after a floor of iterations, when the last iteration gained little, and when the plugin has
 * said so several times running; and a forecast only while it can still be right.
 */
export function earlyStoppingEnvelope(bounds: StoppingBounds): Envelope<'early-stopping'> {
  const course = new StageCourse();
  const judgeDecision: Envelope<'early-stopping'> = (advice, question) => {
    course.asked(question);
    for (const value of [advice.predictedFinalObjective, advice.predictedStandardDeviation]) {
      if (value !== undefined && !isFiniteNumber(value)) {
        return noAdvice('rejected', 'not-finite', true);
      }
    }
    switch (advice.decision) {
      case 'continue':
        return applied(advice);
      case 'stop-level':
      case 'stop-all':
        break;
      default:
        return noAdvice('rejected', 'malformed', true);
    }
    if (typeof advice.explanation !== 'string' || advice.explanation.trim() === '') {
      return noAdvice('rejected', 'no-explanation', true);
    }
    const stops = course.stop();
    if (question.iteration + 1 < bounds.stopMinimumIterations) return goOn(advice, 'too-early');
    if (course.gain > bounds.stopGain * Math.abs(question.objective)) {
      return goOn(advice, 'still-improving');
    }
    if (stops < bounds.stopPatience) return goOn(advice, 'patience');
    return applied(advice);
  };
  const judge: Envelope<'early-stopping'> = (advice, question) =>
    withoutPassedForecast(judgeDecision(advice, question), question.objective);
  return Object.assign(judge, { asked: (question: Iteration) => course.asked(question) });
}
