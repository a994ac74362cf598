import { describe, expect, it } from 'vitest';
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
import { answerDifference, vectorDistance } from './answer-difference.js';
import { ArmComparison } from './arm-comparison.js';
import { RecordedStops } from './recorded-stops.js';
import { markdownReplay, replayNotes, replayVerdict } from './replay-tables.js';
import { AgreementCounter } from './role-agreement.js';

function now<R extends Role>(role: R, value: AdviceOf<R> | undefined, more: Partial<Advice> = {}) {
  const outcome = value === undefined ? 'default' : 'applied';
  const fixed = { role, generation: 1, reason: '', isFailure: false, latencyUs: 5 };
  return { ...fixed, outcome, value, outOfDistributionScore: 0, ...more } as unknown as Advice;
}

function then<R extends Role>(
  role: R,
  value: AdviceOf<R> | undefined,
  reason = '',
): RecordedAdvice {
  const outcome = value === undefined ? 'default' : 'applied';
  return { role, outcome, reason, score: 0, value: value && advicePartsOf(value) };
}

const weights = (...values: number[]) => ({ weights: Float64Array.from(values) });
const direction = (...values: number[]) => ({
  space: 'weights' as const,
  direction: Float64Array.from(values),
});

describe('an answer', () => {
  it('is the same but for its latency and generation', () => {
    const replayed = now('initialization', weights(1, 2), { generation: 9, latencyUs: 99 });
    expect(answerDifference(then('initialization', weights(1, 2)), replayed)).toBeUndefined();
    expect(answerDifference(undefined, undefined)).toBeUndefined();
  });

  it.each([
    ['answer', then('initialization', weights(1)), undefined, 'applied', 'no answer'],
    [
      'outcome',
      then('initialization', undefined, 'late'),
      now('initialization', weights(1)),
      'default (late)',
      'applied',
    ],
    [
      'score',
      then('initialization', weights(1)),
      now('initialization', weights(1), { outOfDistributionScore: 0.25 }),
      '0',
      '0.25',
    ],
    [
      'space',
      then('step-direction', direction(1)),
      now('step-direction', { ...direction(1), space: 'parameters' }),
      '"weights"',
      '"parameters"',
    ],
    [
      'stepLength',
      then('step-direction', direction(1)),
      now('step-direction', { ...direction(1), stepLength: 0.5 }),
      'nothing',
      '0.5',
    ],
    [
      'direction[1]',
      then('step-direction', direction(1, 0)),
      now('step-direction', direction(1, -0)),
      '0',
      '0',
    ],
    [
      'direction',
      then('step-direction', direction(1)),
      now('step-direction', direction(1, 2)),
      '1 elements',
      '2 elements',
    ],
  ])('that differs in its %s says where, with both values', (what, recorded, replayed, a, b) => {
    expect(answerDifference(recorded, replayed)).toEqual({ what, recorded: a, replayed: b });
  });

  it('lies as far away as its vector does', () => {
    const recorded = then('initialization', weights(3, 4));
    expect(vectorDistance(recorded, now('initialization', weights(3, 4)))).toBe(0);
    expect(vectorDistance(recorded, now('initialization', weights(3, 5)))).toBeCloseTo(0.2, 15);
    expect(vectorDistance(recorded, now('initialization', weights(3)))).toBeUndefined();
    expect(vectorDistance(recorded, undefined)).toBeUndefined();
  });
});

describe('agreement of a role', () => {
  it('counts what was not asked for, what can not be repeated, and what can not be judged after it', () => {
    const counter = new AgreementCounter('early-stopping');
    counter.sessionStarts('plateau 1.0.0');
    const goOn = { decision: 'continue' as const };
    const told = { ...goOn, predictedFinalObjective: 2 };
    counter.add(then('early-stopping', goOn), now('early-stopping', goOn), false);
    // The same in kind: only the prediction differs.
    expect(counter.add(then('early-stopping', goOn), now('early-stopping', told), false)).toEqual({
      ...{ what: 'predictedFinalObjective', recorded: 'nothing', replayed: '2' },
    });
    counter.add(undefined, now('early-stopping', goOn), false);
    counter.add(then('early-stopping', undefined, 'late'), now('early-stopping', undefined), true);
    expect(
      counter.add(then('early-stopping', goOn), now('early-stopping', told), false),
    ).toBeUndefined();
    counter.sessionStarts('plateau 1.0.0');
    counter.add(then('early-stopping', goOn), undefined, false);
    counter.verdict('accepted');
    expect(counter.report()).toMatchObject({
      ...{ servedBy: 'plateau 1.0.0', questions: 5, same: 1, sameKind: 2, different: 2 },
      ...{ notRepeatable: 1, unjudged: 1, onlyNow: 1, sameShare: 1 / 3, sameKindShare: 2 / 3 },
      ...{ outcomes: { 'applied -> none': 1 }, recordedVerdicts: { accepted: 1 } },
    });
  });

  it('has the ratios of schedules on the same levels only', () => {
    const stage = (level: number, histogramSigmaGy: number) => ({
      ...{ level, histogramSigmaGy, iterationLimit: 0 },
    });
    const counter = new AgreementCounter('pyramid-sigma');
    const recorded = then('pyramid-sigma', { stages: [stage(1, 4), stage(0, 2)] });
    counter.add(recorded, now('pyramid-sigma', { stages: [stage(1, 6), stage(0, 2)] }), false);
    counter.add(recorded, now('pyramid-sigma', { stages: [stage(0, 2)] }), false);
    expect(counter.report().sigmaRatio).toEqual({ count: 2, median: 1.25, low: 1, high: 1.5 });
  });
});

interface StageOptions {
  readonly objectives: readonly number[];
  readonly recordedStop?: number;
  readonly newStop?: number;
  readonly decision?: 'stop-level' | 'stop-all';
  readonly ended?: StopReason;
}

/** Plans of some stages; every iteration costs a gradient call and two value calls. */
function planOf(stages: readonly StageOptions[], hasFinish = true) {
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
    const levelStart = { beamletCount: 4, histogramSigmaGy: 2, varianceLowerGy2: 1 };
    const rest = { varianceUpperGy2: 2, objective: 99, tensors: {} };
    event({ kind: 'level-start', levelStart: { ...place, ...levelStart, ...rest } });
    for (const [iteration, objective] of objectives.entries()) {
      done += 1;
      const counts = { gradientCalls: done, valueCalls: 2 * done, elapsedMs: done };
      const says = (stop: number | undefined) => {
        const isStop = stop !== undefined && iteration >= stop;
        return { decision: isStop ? (decision ?? 'stop-level') : ('continue' as const) };
      };
      const scalars = { iteration, objective, gradientNorm: 1, stepLength: 1, tensors: {} };
      event(
        { kind: 'iteration', iteration: { ...place, ...scalars, ...counts } },
        then('early-stopping', says(recordedStop)),
        now('early-stopping', says(newStop)),
      );
    }
    const end = { iterations: objectives.length, valueCalls: 0, gradientCalls: 0, elapsedMs: 0 };
    const objective = objectives.at(-1) ?? 0;
    const stopReason = ended ?? 'tolerance';
    event({ kind: 'level-end', levelEnd: { ...place, ...end, objective, stopReason } });
  }
  if (hasFinish && finishEvent.kind === 'finish') {
    const { finish } = finishEvent;
    const counts = { iterations: done, gradientCalls: done, valueCalls: 2 * done };
    // A value call is worth half a pair.
    event({ kind: 'finish', finish: { ...finish, ...counts, callEquivalents: 2 * done } });
  }
  const plan: RecordedPlan = {
    ...{ sessionId: 'one', planId: 'p', client: 'test', adviceMode: 'advise', seed: 1 },
    ...{ plan: fakePlan(), bindings: [], basis: fakeBasis(), recorded: [], volumes: [] },
    ...{ steps: steps.map(({ step }) => step), missing: undefined, outcome: 'finished' },
  };
  return { plan, steps };
}

function predicted(stages: readonly StageOptions[], hasFinish = true) {
  const { plan, steps } = planOf(stages, hasFinish);
  const follower = new RecordedStops(plan);
  for (const { step, advice } of steps) {
    follower.add(step, advice === undefined ? {} : { 'early-stopping': advice as never });
  }
  return follower.prediction();
}

describe('another stop', () => {
  it('saves what stands behind it, by hand', () => {
    const stages = [
      { objectives: [8, 6, 5, 4.5, 4], newStop: 2 },
      { objectives: [4, 3, 2.5, 2], newStop: 2, recordedStop: 3, ended: 'advice' as const },
    ];
    // Two iterations of the first stage and one of the second; each costs 1 + 2 halves.
    expect(predicted(stages)).toEqual({
      ...{ savedIterations: 3, servedIterations: 9 },
      ...{ savedCallEquivalents: 6, servedCallEquivalents: 18 },
      ...{ objectiveLoss: 0.25, stopDelays: [-1] },
    });
  });

  it('that changes nothing saves nothing', () => {
    expect(predicted([{ objectives: [3, 2, 1] }])).toMatchObject({
      ...{ savedIterations: 0, savedCallEquivalents: 0, objectiveLoss: 0 },
    });
  });

  it.each([
    [
      /gone on where the plan was stopped/,
      [{ objectives: [2, 1], recordedStop: 1, ended: 'advice' as const }],
    ],
    [
      /before its last stage/,
      [{ objectives: [2, 1], newStop: 0, decision: 'stop-all' as const }, { objectives: [2] }],
    ],
  ])('is not guessed: %s', (reason, stages) => {
    expect(predicted(stages)).toEqual({ unpredictable: expect.stringMatching(reason) });
  });

  it('is not guessed of a plan without an end', () => {
    expect(predicted([{ objectives: [2, 1] }], false)).toEqual({
      unpredictable: 'the recording has no end of the plan',
    });
  });

  it('has an interval over 50 plans, which holds what every plan saves', () => {
    const comparison = new ArmComparison('new', false);
    for (let index = 0; index < 50; index += 1) {
      // Of 10 iterations 4 or 6 are left.
      const newStop = index % 2 === 0 ? 3 : 5;
      const objectives = Array.from({ length: 10 }, (_, i) => 10 - i);
      const { plan, steps } = planOf([{ objectives, newStop }]);
      const session = comparison.session(plan, new Map([['early-stopping', 'new 1']]));
      for (const { step, advice } of steps) {
        const advices = advice === undefined ? {} : { 'early-stopping': advice as never };
        session.add(step, { advices, forced: new Set() });
      }
      session.end();
      if (index === 48) expect(comparison.report().stops?.low).toBeNull();
    }
    const { stops } = comparison.report();
    const mean = Math.sqrt(0.4 * 0.6);
    expect(stops?.costRatio).toBeCloseTo(mean, 12);
    expect(stops?.low).toBeLessThan(mean);
    expect(stops?.low).toBeGreaterThan(0.4);
    expect(stops?.high).toBeGreaterThan(mean);
    expect(stops?.high).toBeLessThan(0.6);
  });
});

describe('what is told', () => {
  it('says what agreement is not, and that no effect of other roles is predicted', () => {
    const comparison = new ArmComparison('new', false);
    const { plan } = planOf([{ objectives: [1] }]);
    comparison.session(plan, new Map([['initialization', 'new 1']])).end('it broke');
    comparison.unable('two', 'it is gone | lost');
    const report = comparison.report();
    expect(report.stops).toBeUndefined();
    expect(replayNotes(report).join()).toContain('no effect is predicted');
    expect(replayVerdict(report)).toBe(
      'new: 1 session(s), 0 events; 1 can not be replayed, 1 only as far as their recordings go.',
    );
    const markdown = markdownReplay([report]);
    expect(markdown).toContain('it is gone \\| lost');
    expect(markdown).toContain('it broke');
  });

  it('does not call nothing a success', () => {
    expect(replayVerdict(new ArmComparison('recorded', true).report())).toContain(
      'Nothing was compared.',
    );
  });
});
