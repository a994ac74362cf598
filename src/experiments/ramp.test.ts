import { describe, expect, it } from 'vitest';
import type { ArmAction, ExperimentReport } from '../domain/experiments/experiment-report.js';
import type { Experiment, RampPosition } from '../domain/experiments/experiments.js';
import { testExperiment } from '../domain/testing/test-experiment.js';
import { analyse } from './analysis/analyse.js';
import { isRunning, nextRamp, rampPercent, releaseRamp, startRamp } from './ramp.js';
import { simulatedData } from './testing/simulated-data.js';

const HOUR_MS = 3_600_000;
const experiment = testExperiment({
  ramp: [
    { percent: 10, minPlans: 20, holdHours: 2 },
    { percent: 50, minPlans: 30, holdHours: 0 },
  ],
});
const begun = startRamp(experiment, 0);

/** A report whose decision is as given. */
function reported(
  ramp: RampPosition,
  changes: Partial<ExperimentReport> = {},
  of: Experiment = experiment,
): ExperimentReport {
  return { ...analyse({ ...simulatedData(of, 0), ramp }, 3 * HOUR_MS), ...changes };
}
const decided = (kind: ArmAction['kind'], arm: string | undefined = 'new') => ({
  decision: { kind, arm, reason: `because ${kind}` },
  armDecisions: [{ kind, arm: 'new', reason: `because ${kind}` }],
});

describe('a ramp', () => {
  it('begins with its first step, or full without steps', () => {
    expect(begun).toMatchObject({ step: 0, state: 'ramping', sinceMs: 0 });
    expect(rampPercent(experiment, begun)).toBe(10);
    const without = startRamp(testExperiment(), 7);
    expect(without).toMatchObject({ state: 'full', sinceMs: 7 });
    expect(rampPercent(testExperiment(), without)).toBe(100);
  });

  it('goes on after its plans and hours, not before', () => {
    expect(nextRamp(reported(begun, { endedInStep: 19 }))).toBe(begun);
    expect(nextRamp(reported(begun, { endedInStep: 20, atMs: HOUR_MS }))).toBe(begun);
    const second = nextRamp(reported(begun, { endedInStep: 20 }));
    expect(second).toMatchObject({ step: 1, state: 'ramping', sinceMs: 3 * HOUR_MS });
    expect(second.reason).toBe('50 % of the units after 20 plans and 3.0 h at 10 %');
    expect(rampPercent(experiment, second)).toBe(50);
    const last = nextRamp(reported(second, { endedInStep: 30 }));
    expect(last).toMatchObject({ step: 2, state: 'full' });
    expect(rampPercent(experiment, last)).toBe(100);
    expect(nextRamp(reported(last, { endedInStep: 999 }))).toBe(last);
  });

  it('holds, keeps its width, and goes on only when an operator releases it', () => {
    const held = nextRamp(reported(begun, { ...decided('hold', undefined), endedInStep: 20 }));
    expect(held).toMatchObject({ step: 0, state: 'held', reason: 'because hold' });
    expect(rampPercent(experiment, held)).toBe(10);
    expect(nextRamp(reported(held, decided('hold', undefined)))).toBe(held);
    expect(nextRamp(reported(held, { endedInStep: 99 }))).toBe(held);
    expect(nextRamp(reported(held, decided('promote')))).toBe(held);
    const released = releaseRamp(experiment, held, 'the counting was fixed', 9);
    expect(released).toMatchObject({ state: 'ramping', sinceMs: 9, step: 0 });
    expect(releaseRamp(experiment, begun, 'nothing to release', 9)).toBe(begun);
    expect(releaseRamp(testExperiment(), { ...held, step: 0 }, 'x', 9).state).toBe('full');
  });

  it('is rolled back when no arm but control is left, for good', () => {
    const back = nextRamp(reported(begun, decided('stop')));
    expect(back).toMatchObject({ state: 'rolled-back', stoppedArms: ['new'] });
    expect(rampPercent(experiment, back)).toBe(0);
    expect(nextRamp(reported(back, decided('promote')))).toBe(back);
  });

  it('stops a bad arm and goes on with the others, even while held', () => {
    const [old, recent] = experiment.arms;
    if (old === undefined || recent === undefined) throw new Error('two arms');
    const three = { ...experiment, arms: [old, recent, { ...recent, id: 'other' }] };
    const one = nextRamp(reported(begun, decided('stop'), three));
    expect(one).toMatchObject({ state: 'ramping', step: 0, stoppedArms: ['new'] });
    expect(nextRamp(reported(one, decided('stop'), three))).toBe(one);
    const held = { ...begun, state: 'held' as const };
    expect(nextRamp(reported(held, decided('stop'), three)).stoppedArms).toEqual(['new']);
  });

  it('ends with a promotion, unless it is to go on', () => {
    const promoted = nextRamp(reported(begun, decided('promote')));
    expect(promoted).toMatchObject({ state: 'promoted', promotedArm: 'new' });
    expect(promoted.reason).toMatch(
      /^because promote No label moves by itself: .* --arm new --reason WHY -c FILE/,
    );
    const labelled = { ...reported(begun, decided('promote')) };
    labelled.experiment = { ...labelled.experiment, promote: { label: 'stable' } };
    expect(nextRamp(labelled).reason).toBe('because promote Label stable moves to its versions.');
    expect(rampPercent(experiment, promoted)).toBe(0);
    const going = { ...experiment, stop: { maxPlans: undefined, whenDecided: false } };
    expect(nextRamp(reported(begun, { ...decided('promote'), endedInStep: 0 }, going))).toBe(begun);
  });

  it('ends without a finding when all plans are there', () => {
    expect(nextRamp(reported(begun, decided('undecided', undefined)))).toMatchObject({
      state: 'rolled-back',
      reason: 'because undecided',
    });
  });
});

it('an experiment runs from its date until it is ended', () => {
  const dated = testExperiment({ start: { notBefore: '2026-11-25T00:00:00Z', minPlans: 50 } });
  const dateMs = Date.UTC(2026, 10, 25);
  expect([isRunning(dated, dateMs - 1), isRunning(dated, dateMs)]).toEqual([false, true]);
  expect(isRunning(testExperiment(), 0)).toBe(true);
  expect(isRunning(testExperiment({ state: 'ended' }), 0)).toBe(false);
});
