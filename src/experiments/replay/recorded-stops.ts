import { StopEffectEstimator, type StopPrediction } from '../../domain/advice/stop-effect.js';
import type { RecordedPlan, RecordedStep } from '../../domain/replay/replay.js';
import type { Advices } from '../../domain/session/advisor.js';
import type { EarlyStoppingAdvice } from '../../plugin-sdk/index.js';

/** What other stops would have done to one recorded plan, followed while it is replayed. */
export class RecordedStops {
  readonly #plan: RecordedPlan;
  readonly #effect = new StopEffectEstimator();

  constructor(plan: RecordedPlan) {
    this.#plan = plan;
  }

  add(step: RecordedStep, advices: Advices): void {
    if (step.kind !== 'event') return;
    const recorded = step.answer?.get('early-stopping')?.value?.fields as
      | Partial<EarlyStoppingAdvice>
      | undefined;
    this.#effect.add(step.event, recorded?.decision, advices['early-stopping']?.value?.decision);
  }

  prediction(): StopPrediction {
    const { steps } = this.#plan;
    const end = steps.find((step) => step.kind === 'event' && step.event.kind === 'finish');
    if (end?.kind !== 'event' || end.event.kind !== 'finish') {
      return { unpredictable: 'the recording has no end of the plan' };
    }
    if (steps.some(({ kind }) => kind === 'resumed')) {
      return { unpredictable: 'the stream broke, and iterations are missing' };
    }
    return this.#effect.prediction(end.event);
  }
}
