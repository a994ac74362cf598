import { describe, expect, it } from 'vitest';
import { recorded, replayed } from '../testing/recorded-plans.js';
import { answerDifference, vectorDistance } from './answer-difference.js';
import { AgreementCounter } from './role-agreement.js';

const weights = (...values: number[]) => ({ weights: Float64Array.from(values) });
const direction = (...values: number[]) => ({
  space: 'weights' as const,
  direction: Float64Array.from(values),
});

describe('an answer', () => {
  it('is the same but for its latency and generation', () => {
    const again = replayed('initialization', weights(1, 2), { generation: 9, latencyUs: 99 });
    expect(answerDifference(recorded('initialization', weights(1, 2)), again)).toBeUndefined();
    expect(answerDifference(undefined, undefined)).toBeUndefined();
  });

  it.each([
    ['answer', recorded('initialization', weights(1)), undefined, 'applied', 'no answer'],
    [
      'outcome',
      recorded('initialization', undefined, 'late'),
      replayed('initialization', weights(1)),
      'default (late)',
      'applied',
    ],
    [
      'score',
      recorded('initialization', weights(1)),
      replayed('initialization', weights(1), { outOfDistributionScore: 0.25 }),
      '0',
      '0.25',
    ],
    [
      'space',
      recorded('step-direction', direction(1)),
      replayed('step-direction', { ...direction(1), space: 'parameters' }),
      '"weights"',
      '"parameters"',
    ],
    [
      'stepLength',
      recorded('step-direction', direction(1)),
      replayed('step-direction', { ...direction(1), stepLength: 0.5 }),
      'nothing',
      '0.5',
    ],
    [
      'direction[1]',
      recorded('step-direction', direction(1, 0)),
      replayed('step-direction', direction(1, -0)),
      '0',
      '0',
    ],
    [
      'direction',
      recorded('step-direction', direction(1)),
      replayed('step-direction', direction(1, 2)),
      '1 elements',
      '2 elements',
    ],
  ])('that differs in its %s says where, with both values', (what, recorded, replayed, a, b) => {
    expect(answerDifference(recorded, replayed)).toEqual({ what, recorded: a, replayed: b });
  });

  it('lies as far away as its vector does', () => {
    const before = recorded('initialization', weights(3, 4));
    expect(vectorDistance(before, replayed('initialization', weights(3, 4)))).toBe(0);
    expect(vectorDistance(before, replayed('initialization', weights(3, 5)))).toBeCloseTo(0.2, 15);
    expect(vectorDistance(before, replayed('initialization', weights(3)))).toBeUndefined();
    expect(vectorDistance(before, undefined)).toBeUndefined();
  });
});

describe('agreement of a role', () => {
  it('counts what was not asked for, what can not be repeated, and what can not be judged after it', () => {
    const counter = new AgreementCounter('early-stopping');
    counter.sessionStarts('plateau 1.0.0');
    const goOn = { decision: 'continue' as const };
    const told = { ...goOn, predictedFinalObjective: 2 };
    counter.add(recorded('early-stopping', goOn), replayed('early-stopping', goOn), false);
    // The same in kind: only the prediction differs.
    expect(
      counter.add(recorded('early-stopping', goOn), replayed('early-stopping', told), false),
    ).toEqual({
      what: 'predictedFinalObjective',
      recorded: 'nothing',
      replayed: '2',
    });
    counter.add(undefined, replayed('early-stopping', goOn), false);
    counter.add(
      recorded('early-stopping', undefined, 'late'),
      replayed('early-stopping', undefined),
      true,
    );
    expect(
      counter.add(recorded('early-stopping', goOn), replayed('early-stopping', told), false),
    ).toBeUndefined();
    counter.sessionStarts('plateau 1.0.0');
    counter.add(recorded('early-stopping', goOn), undefined, false);
    counter.verdict('accepted');
    expect(counter.report()).toMatchObject({
      servedBy: 'plateau 1.0.0',
      questions: 5,
      same: 1,
      sameKind: 2,
      different: 2,
      notRepeatable: 1,
      unjudged: 1,
      onlyNow: 1,
      sameShare: 1 / 3,
      sameKindShare: 2 / 3,
      outcomes: { 'applied -> none': 1 },
      recordedVerdicts: { accepted: 1 },
    });
  });

  it('has the ratios of schedules on the same levels only', () => {
    const stage = (level: number, histogramSigmaGy: number) => ({
      level,
      histogramSigmaGy,
      iterationLimit: 0,
    });
    const counter = new AgreementCounter('pyramid-sigma');
    const before = recorded('pyramid-sigma', { stages: [stage(1, 4), stage(0, 2)] });
    counter.add(before, replayed('pyramid-sigma', { stages: [stage(1, 6), stage(0, 2)] }), false);
    counter.add(before, replayed('pyramid-sigma', { stages: [stage(0, 2)] }), false);
    expect(counter.report().sigmaRatio).toEqual({ count: 2, median: 1.25, low: 1, high: 1.5 });
  });
});
