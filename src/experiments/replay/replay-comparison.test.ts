import { describe, expect, it } from 'vitest';
import { planOf, type StageOptions } from '../testing/recorded-plans.js';
import { ArmComparison } from './arm-comparison.js';
import { RecordedStops } from './recorded-stops.js';
import { markdownReplay, replayNotes, replaySummary } from './replay-tables.js';

function predicted(stages: readonly StageOptions[], hasFinish = true) {
  const { plan, steps } = planOf(stages, hasFinish);
  const stops = new RecordedStops(plan);
  for (const { step, advice } of steps) {
    stops.add(step, advice === undefined ? {} : { 'early-stopping': advice as never });
  }
  return stops.prediction();
}

describe('another stop', () => {
  it('saves what stands behind it, by hand', () => {
    const stages = [
      { objectives: [8, 6, 5, 4.5, 4], newStop: 2 },
      { objectives: [4, 3, 2.5, 2], newStop: 2, recordedStop: 3, ended: 'advice' as const },
    ];
    // Two iterations of the first stage and one of the second; each costs 1 + 2 halves.
    expect(predicted(stages)).toEqual({
      savedIterations: 3,
      servedIterations: 9,
      savedCallEquivalents: 6,
      servedCallEquivalents: 18,
      objectiveLoss: 0.25,
      stopDelays: [-1],
    });
  });

  it('that changes nothing saves nothing', () => {
    expect(predicted([{ objectives: [3, 2, 1] }])).toMatchObject({
      savedIterations: 0,
      savedCallEquivalents: 0,
      objectiveLoss: 0,
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
    expect(replaySummary(report)).toBe(
      'new: 1 session(s), 0 events; 1 can not be replayed, 1 only as far as their recordings go.',
    );
    const markdown = markdownReplay([report]);
    expect(markdown).toContain('it is gone \\| lost');
    expect(markdown).toContain('it broke');
  });

  it('does not call nothing a success', () => {
    expect(replaySummary(new ArmComparison('recorded', true).report())).toContain(
      'Nothing was compared.',
    );
  });
});
