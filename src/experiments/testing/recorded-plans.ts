import type { Advice } from '../../domain/advice/advice.js';
import {
  advicePartsOf,
  type RecordedAdvice,
  type RecordedPlan,
  type RecordedStep,
} from '../../domain/replay/replay.js';
import { fakeBasis, finishEvent } from '../../domain/testing/play-session.js';
import type { AdviceOf, Role, StopReason } from '../../plugin-sdk/index.js';
import { fakePlan } from '../../plugin-sdk/testing/index.js';

/** What a role says now. */
export function replayed<R extends Role>(
  role: R,
  value: AdviceOf<R> | undefined,
  more: Partial<Advice> = {},
) {
  const outcome = value === undefined ? 'default' : 'applied';
  const fixed = { role, generation: 1, reason: '', isFailure: false, latencyUs: 5 };
  return { ...fixed, outcome, value, outOfDistributionScore: 0, ...more } as unknown as Advice;
}

/** What a role had said when the plan ran. */
export function recorded<R extends Role>(
  role: R,
  value: AdviceOf<R> | undefined,
  reason = '',
): RecordedAdvice {
  const outcome = value === undefined ? 'default' : 'applied';
  return { role, outcome, reason, score: 0, value: value && advicePartsOf(value) };
}

export interface StageOptions {
  readonly objectives: readonly number[];
  readonly recordedStop?: number;
  readonly newStop?: number;
  readonly decision?: 'stop-level' | 'stop-all';
  readonly ended?: StopReason;
}

/** Plans of some stages; every iteration costs a gradient call and two value calls. */
export function planOf(stages: readonly StageOptions[], hasFinish = true) {
  const steps: { step: RecordedStep; advice: Advice | undefined }[] = [];
  let done = 0;
  const event = (
    sent: Extract<RecordedStep, { kind: 'event' }>['event'],
    answer?: RecordedAdvice,
    advice?: Advice,
  ) => {
    const answers = new Map(answer === undefined ? [] : [[answer.role, answer] as const]);
    steps.push({ step: { kind: 'event', atMs: 0, event: sent, answer: answers }, advice });
  };
  for (const [stage, { objectives, recordedStop, newStop, decision, ended }] of stages.entries()) {
    const place = { level: stages.length - 1 - stage, stage };
    const sigmas = { beamletCount: 4, histogramSigmaGy: 2, varianceLowerGy2: 1 };
    const rest = { varianceUpperGy2: 2, objective: 99, tensors: {} };
    event({ kind: 'level-start', ...place, ...sigmas, ...rest });
    for (const [iteration, objective] of objectives.entries()) {
      done += 1;
      const counts = { gradientCalls: done, valueCalls: 2 * done, elapsedMs: done };
      const says = (stop: number | undefined) => {
        const isStop = stop !== undefined && iteration >= stop;
        return { decision: isStop ? (decision ?? 'stop-level') : ('continue' as const) };
      };
      const scalars = { iteration, objective, gradientNorm: 1, stepLength: 1, tensors: {} };
      event(
        { kind: 'iteration', ...place, ...scalars, ...counts },
        recorded('early-stopping', says(recordedStop)),
        replayed('early-stopping', says(newStop)),
      );
    }
    const end = { iterations: objectives.length, valueCalls: 0, gradientCalls: 0, elapsedMs: 0 };
    const objective = objectives.at(-1) ?? 0;
    const stopReason = ended ?? 'tolerance';
    event({ kind: 'level-end', ...place, ...end, objective, stopReason });
  }
  if (hasFinish) {
    const counts = { iterations: done, gradientCalls: done, valueCalls: 2 * done };
    // A value call is worth half a pair.
    event({ ...finishEvent, ...counts, callEquivalents: 2 * done });
  }
  const plan: RecordedPlan = {
    sessionId: 'one',
    planId: 'p',
    client: 'test',
    adviceMode: 'advise',
    seed: 1,
    plan: fakePlan(),
    bindings: [],
    basis: fakeBasis(),
    recorded: [],
    volumes: [],
    steps: steps.map(({ step }) => step),
    missing: undefined,
    outcome: 'finished',
  };
  return { plan, steps };
}
