import type { Advices } from '../../domain/advisor.js';
import type { RecordedPlan, RecordedStep } from '../../domain/replay.js';
import type { IterationRecord, LevelEnd } from '../../plugin-sdk/index.js';

/** What another stop would have done to one recorded plan. */
export interface PlanStopEffect {
  /** Iterations that would not have been made. */
  readonly savedIterations: number;
  readonly recordedIterations: number;
  readonly savedCallEquivalents: number;
  readonly recordedCallEquivalents: number;
  /** Greatest relative rise over the stages: objective where it would have stopped, over that at the stage's end, less 1. */
  readonly objectiveLoss: number;
  /** New less recorded iteration of the first stop, stages where both stop. */
  readonly stopDelays: readonly number[];
}

export type StopPrediction = PlanStopEffect | { readonly unpredictable: string };

interface Stage {
  readonly iterations: IterationRecord[];
  /** Index into `iterations` of the first stop. */
  recordedStop: number | undefined;
  newStop: number | undefined;
  isNewStopOfAll: boolean;
  end: LevelEnd | undefined;
}

interface Decision {
  readonly decision?: string;
}

/** Follows the stages of one plan while it is replayed. */
export class StopFollower {
  readonly #plan: RecordedPlan;
  readonly #stages: Stage[] = [];

  constructor(plan: RecordedPlan) {
    this.#plan = plan;
  }

  add(step: RecordedStep, advices: Advices): void {
    if (step.kind !== 'event') return;
    const { event } = step;
    const stage = this.#stages.at(-1);
    if (event.kind === 'level-start') {
      const stops = { recordedStop: undefined, newStop: undefined, isNewStopOfAll: false };
      this.#stages.push({ iterations: [], ...stops, end: undefined });
    } else if (event.kind === 'level-end' && stage !== undefined) stage.end = event.levelEnd;
    else if (event.kind === 'iteration' && stage !== undefined) {
      const at = stage.iterations.push(event.iteration) - 1;
      const then = step.answer?.get('early-stopping')?.value?.fields as Decision | undefined;
      const now = advices['early-stopping']?.value?.decision ?? 'continue';
      if ((then?.decision ?? 'continue') !== 'continue') stage.recordedStop ??= at;
      if (now === 'continue' || stage.newStop !== undefined) return;
      stage.newStop = at;
      stage.isNewStopOfAll = now === 'stop-all';
    }
  }

  /** From the recording alone: what stands behind the recorded iterations is not known and not guessed. */
  prediction(): StopPrediction {
    const finish = this.#plan.steps.find(
      (step) => step.kind === 'event' && step.event.kind === 'finish',
    );
    if (finish?.kind !== 'event' || finish.event.kind !== 'finish') {
      return { unpredictable: 'the recording has no end of the plan' };
    }
    if (this.#plan.steps.some(({ kind }) => kind === 'resumed')) {
      return { unpredictable: 'the stream broke, and iterations are missing' };
    }
    const { iterations, callEquivalents, gradientCalls, valueCalls } = finish.event.finish;
    if (!(callEquivalents > 0)) return { unpredictable: 'the recording has no counts of calls' };
    const share = valueCalls === 0 ? 0 : (callEquivalents - gradientCalls) / valueCalls;
    let [savedIterations, savedCallEquivalents, objectiveLoss] = [0, 0, 0];
    const stopDelays: number[] = [];
    for (const [index, stage] of this.#stages.entries()) {
      const last = stage.iterations.at(-1);
      if (last === undefined) continue;
      const { newStop, recordedStop, end } = stage;
      if (newStop !== undefined && recordedStop !== undefined) {
        stopDelays.push(newStop - recordedStop);
      }
      if (newStop === undefined) {
        if (end?.stopReason !== 'advice') continue;
        return { unpredictable: 'it would have gone on where the recorded plan was stopped' };
      }
      if (stage.isNewStopOfAll && index < this.#stages.length - 1) {
        return { unpredictable: 'it would have stopped the whole plan before its last stage' };
      }
      const at = stage.iterations[newStop] ?? last;
      const final = end?.objective ?? last.objective;
      savedIterations += last.iteration - at.iteration;
      // Counts of iterations run over the plan, those of a stage's end do not.
      savedCallEquivalents +=
        last.gradientCalls - at.gradientCalls + share * (last.valueCalls - at.valueCalls);
      objectiveLoss = Math.max(objectiveLoss, (at.objective - final) / Math.abs(final));
    }
    return {
      ...{ savedIterations, savedCallEquivalents, objectiveLoss, stopDelays },
      ...{ recordedIterations: iterations, recordedCallEquivalents: callEquivalents },
    };
  }
}
