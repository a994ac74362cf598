import { describe, expect, it } from 'vitest';
import type {
  Assignment,
  AssignmentStore,
  RampPosition,
} from '../domain/experiments/experiments.js';
import { MemoryAssignments } from '../domain/testing/memory-assignments.js';
import { testExperiment } from '../domain/testing/test-experiment.js';
import { FakeClock } from '../plugin-sdk/testing/index.js';
import { Assigner, type AssignerOptions } from './assigner.js';

const full: RampPosition = {
  step: 0,
  sinceMs: 0,
  state: 'full',
  reason: 'no ramp',
  stoppedArms: [],
};
const keys = (unit: string) => ({ planKey: unit, patientKey: `patient-of-${unit}` });

/** An assigner at time 5 whose store must not fail, unless told otherwise. */
const assignerOf = (changes: Partial<AssignerOptions> = {}) =>
  new Assigner({
    store: new MemoryAssignments(),
    clock: new FakeClock(),
    deadlineMs: 100,
    wallMs: () => 5,
    onFailure: (_, error) => {
      throw error;
    },
    ...changes,
  });

async function armsOf(
  assigner: Assigner,
  experiment = testExperiment(),
  ramp = full,
  count = 60,
): Promise<readonly (string | undefined)[]> {
  const plans = Array.from({ length: count }, (_, i) => keys(`plan-${i}`));
  const given = await Promise.all(
    plans.map((plan) => assigner.assign([{ experiment, ramp }], plan)),
  );
  return given.map(([one]) => one?.assignment.arm);
}

describe('Assigner', () => {
  it('gives a plan the overrides of its arm', async () => {
    const assigner = assignerOf();
    const [one] = await assigner.assign([{ experiment: testExperiment(), ramp: full }], keys('a'), {
      'warm-start-2': 'new',
    });
    expect(one?.overrides.initialization?.model).toBe('warm-start@2');
    expect(one?.assignment).toMatchObject({ reason: 'forced', atMs: 5 });
  });

  it('keeps a unit’s arm whatever becomes of weights and stopped arms', async () => {
    const assigner = assignerOf();
    const before = await armsOf(assigner);
    const [old, recent] = testExperiment().arms;
    if (old === undefined || recent === undefined) throw new Error('two arms');
    const reweighed = testExperiment({
      arms: [
        { ...old, weight: 1 },
        { ...recent, weight: 50 },
      ],
    });
    expect(await armsOf(assigner, reweighed)).toEqual(before);
    expect(await armsOf(assigner, reweighed, { ...full, stoppedArms: ['new'] })).toEqual(before);
  });

  it('serves no more plans of a unit whose arm was stopped, nor of an experiment that is over', async () => {
    const assigner = assignerOf();
    const experiment = testExperiment();
    const forced = { 'warm-start-2': 'new' };
    const at = async (ramp: RampPosition) => {
      const [one] = await assigner.assign([{ experiment, ramp }], keys('a'), forced);
      return [one?.assignment.arm, one?.isServed, Object.keys(one?.overrides ?? {})];
    };
    expect(await at(full)).toEqual(['new', true, ['initialization']]);
    expect(await at({ ...full, stoppedArms: ['new'] })).toEqual(['new', false, []]);
    expect(await at({ ...full, state: 'promoted' })).toEqual(['new', false, []]);
    expect(await at({ ...full, stoppedArms: ['old'] })).toEqual(['new', true, ['initialization']]);
  });

  it('keeps an excluded unit excluded when the ramp widens', async () => {
    const assigner = assignerOf();
    const experiment = testExperiment({ ramp: [{ percent: 20, minPlans: 1, holdHours: 0 }] });
    const before = await armsOf(assigner, experiment, { ...full, state: 'ramping' });
    expect(before.filter((arm) => arm === undefined).length).toBeGreaterThan(30);
    expect(await armsOf(assigner, experiment, { ...full, step: 1 })).toEqual(before);
  });

  it('randomises patients where the unit is the patient', async () => {
    const assigner = assignerOf();
    const active = [{ experiment: testExperiment({ unit: 'patient' }), ramp: full }];
    for (let plan = 0; plan < 20; plan += 1) {
      const [one] = await assigner.assign(active, { planKey: `${plan}`, patientKey: 'p' });
      const [other] = await assigner.assign(active, { planKey: `again ${plan}`, patientKey: 'p' });
      expect(one?.assignment).toEqual(other?.assignment);
    }
  });

  it('does not force an arm that is none, nor one on a unit that has another', async () => {
    const assigner = assignerOf();
    const active = [{ experiment: testExperiment(), ramp: full }];
    const [odd] = await assigner.assign(active, keys('a'), { 'warm-start-2': 'newest' });
    expect(odd?.assignment.reason).toBe('hashed');
    const other = odd?.assignment.arm === 'new' ? 'old' : 'new';
    const [forced] = await assigner.assign(active, keys('a'), { 'warm-start-2': other });
    expect(forced?.assignment).toEqual(odd?.assignment);
  });

  it('stores nothing for a plan without key', async () => {
    const store = new MemoryAssignments();
    const assigner = assignerOf({ store });
    const [one] = await assigner.assign([{ experiment: testExperiment(), ramp: full }], keys(''));
    expect(one).toMatchObject({ overrides: {}, assignment: { reason: 'no-unit-key' } });
    expect(await store.assignments('warm-start-2')).toEqual([]);
  });

  it('leaves a plan as configured when the store fails, and says so', async () => {
    const broken: AssignmentStore = {
      hasUnits: async () => false,
      assign: () => Promise.reject(new Error('disk full')),
      assignments: () => Promise.resolve([]),
    };
    const told: string[] = [];
    const assigner = assignerOf({
      store: broken,
      onFailure: (id, error) => told.push(`${id}: ${error}`),
    });
    const [one] = await assigner.assign([{ experiment: testExperiment(), ramp: full }], keys('a'));
    expect(one).toMatchObject({
      overrides: {},
      assignment: { arm: undefined, reason: 'store-unavailable' },
    });
    expect(told).toEqual(['warm-start-2: Error: disk full']);
  });

  it('lets no plan wait for a store that does not answer, and takes no answer that is late', async () => {
    const clock = new FakeClock();
    let answer = (_: Assignment) => {};
    const silent: AssignmentStore = {
      hasUnits: async () => false,
      assign: () =>
        new Promise((resolve) => {
          answer = resolve;
        }),
      assignments: () => Promise.resolve([]),
    };
    const told: string[] = [];
    const assigner = assignerOf({
      store: silent,
      clock,
      onFailure: (_, error) => told.push(`${error}`),
    });
    const asked = assigner.assign([{ experiment: testExperiment(), ramp: full }], keys('a'));
    clock.advance(100);
    const [one] = await asked;
    answer({ ...(one?.assignment as Assignment), arm: 'new' });
    expect(one).toMatchObject({ isServed: false, assignment: { reason: 'store-unavailable' } });
    expect(told).toEqual(['Error: the store did not answer in 100 ms']);
    expect(clock.pendingTimers).toBe(0);
  });

  it('leaves no timer behind', async () => {
    const clock = new FakeClock();
    await assignerOf({ clock }).assign([{ experiment: testExperiment(), ramp: full }], keys('a'));
    expect(clock.pendingTimers).toBe(0);
  });
});
