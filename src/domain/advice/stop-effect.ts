import type { EarlyStoppingAdvice, IterationRecord } from '../../plugin-sdk/index.js';
import type { PlanEvent } from '../session/advisor.js';
import type { PlanFinish } from '../session/plan-finish.js';

type StopDecision = EarlyStoppingAdvice['decision'];

/** What another stop would have done to one plan. */
export interface PlanStopEffect {
  /** Iterations that would not have been made. */
  readonly savedIterations: number;
  readonly servedIterations: number;
  readonly savedCallEquivalents: number;
  readonly servedCallEquivalents: number;
  /** Greatest relative rise over the stages: objective where it would have stopped, over that at the stage's end, less 1. */
  readonly objectiveLoss: number;
  /** Other less served iteration of the first stop, stages where both stop. */
  readonly stopDelays: readonly number[];
}

export type StopPrediction = PlanStopEffect | { readonly unpredictable: string };

/** What the whole plan took. */
export type FinishCounts = Pick<
  PlanFinish,
  'iterations' | 'valueCalls' | 'gradientCalls' | 'callEquivalents'
>;

/** All that is kept of an iteration: a plan may have thousands, and their vectors are large. */
type Kept = Pick<IterationRecord, 'iteration' | 'objective' | 'valueCalls' | 'gradientCalls'>;

interface Stage {
  readonly iterations: Kept[];
  /** Index into `iterations` of the first stop. */
  servedStop: number | undefined;
  otherStop: number | undefined;
  isOtherStopOfAll: boolean;
  end: { readonly objective: number; readonly stopReason: string } | undefined;
}

/** Follows the stages of one plan, with the stops that were served and others that were not. */
export class StopEffectEstimator {
  readonly #stages: Stage[] = [];

  add(event: PlanEvent, served: StopDecision | undefined, other: StopDecision | undefined): void {
    const stage = this.#stages.at(-1);
    if (event.kind === 'level-start') {
      const stops = { servedStop: undefined, otherStop: undefined, isOtherStopOfAll: false };
      this.#stages.push({ iterations: [], ...stops, end: undefined });
    } else if (event.kind === 'level-end' && stage !== undefined) {
      const { objective, stopReason } = event;
      stage.end = { objective, stopReason };
    } else if (event.kind === 'iteration' && stage !== undefined) {
      const { iteration, objective, valueCalls, gradientCalls } = event;
      const at = stage.iterations.push({ iteration, objective, valueCalls, gradientCalls }) - 1;
      if ((served ?? 'continue') !== 'continue') stage.servedStop ??= at;
      if ((other ?? 'continue') === 'continue' || stage.otherStop !== undefined) return;
      stage.otherStop = at;
      stage.isOtherStopOfAll = other === 'stop-all';
    }
  }

  /** From what happened alone: what stands behind the iterations that were made is not known and not guessed. */
  prediction(finish: FinishCounts): StopPrediction {
    const { iterations, callEquivalents, gradientCalls, valueCalls } = finish;
    if (!(callEquivalents > 0)) return { unpredictable: 'the plan has no counts of calls' };
    const share = valueCalls === 0 ? 0 : (callEquivalents - gradientCalls) / valueCalls;
    let [savedIterations, savedCallEquivalents, objectiveLoss] = [0, 0, 0];
    const stopDelays: number[] = [];
    for (const [index, stage] of this.#stages.entries()) {
      const last = stage.iterations.at(-1);
      if (last === undefined) continue;
      const { otherStop, servedStop, end } = stage;
      if (otherStop !== undefined && servedStop !== undefined) {
        stopDelays.push(otherStop - servedStop);
      }
      if (otherStop === undefined) {
        if (end?.stopReason !== 'advice') continue;
        return { unpredictable: 'it would have gone on where the plan was stopped' };
      }
      if (stage.isOtherStopOfAll && index < this.#stages.length - 1) {
        return { unpredictable: 'it would have stopped the whole plan before its last stage' };
      }
      const at = stage.iterations[otherStop] ?? last;
      const final = end?.objective ?? last.objective;
      savedIterations += last.iteration - at.iteration;
      // Counts of iterations run over the plan, those of a stage's end do not.
      savedCallEquivalents +=
        last.gradientCalls - at.gradientCalls + share * (last.valueCalls - at.valueCalls);
      objectiveLoss = Math.max(objectiveLoss, (at.objective - final) / Math.abs(final));
    }
    return {
      savedIterations,
      savedCallEquivalents,
      objectiveLoss,
      stopDelays,
      servedIterations: iterations,
      servedCallEquivalents: callEquivalents,
    };
  }
}
