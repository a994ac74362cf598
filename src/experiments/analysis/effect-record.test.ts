import { describe, expect, it } from 'vitest';
import type { SequenceState } from '../statistics/confidence-sequence.js';
import { EffectRecord } from './effect-record.js';

const metric = { name: 'f', direction: 'lower', scale: 'ratio', range: undefined } as const;
const state = (count: number, low: number, high: number): SequenceState => ({
  count,
  low,
  high,
  mean: (low + high) / 2,
  logE: count / 10,
});
const follow = (margin: number | undefined, ...states: readonly SequenceState[]) => {
  const kind = margin === undefined ? 'primary' : 'guardrail';
  const record = new EffectRecord({ kind, metric, arm: 'new', margin, alpha: 0.05 });
  for (const state of states) record.update(state);
  return record.report();
};

describe('a conclusion', () => {
  it('stands when its interval widens again', () => {
    const report = follow(undefined, state(50, -0.3, -0.1), state(60, -0.3, 0.1));
    expect(report).toMatchObject({ verdict: 'better', decidedAtPlans: 50, logE: 6 });
  });

  it('yields to harm that is found later, and harm to nothing', () => {
    const crossed = [state(50, -0.01, 0.01), state(90, 0.2, 0.4)];
    expect(follow(0.1, ...crossed)).toMatchObject({ verdict: 'beyond', decidedAtPlans: 90 });
    expect(follow(0.1, ...crossed, state(99, -0.01, 0.01), state(120, 0.2, 0.3))).toMatchObject({
      verdict: 'beyond',
      decidedAtPlans: 90,
    });
  });
});

it('a report does not change when its effect goes on', () => {
  const record = new EffectRecord({
    kind: 'primary',
    metric,
    arm: 'new',
    margin: undefined,
    alpha: 0.05,
  });
  record.countUnusable('old');
  const report = record.report();
  record.countUnusable('old');
  record.update(state(50, 1, 2));
  expect(report).toMatchObject({ unusable: { old: 1 }, trace: [], plans: 0 });
});
