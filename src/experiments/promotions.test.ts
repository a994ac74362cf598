import { describe, expect, it } from 'vitest';
import { HostError } from '../domain/errors/host-error.js';
import type { PromoteRequest } from '../domain/experiments/experiment-control.js';
import type { Decision } from '../domain/experiments/experiment-report.js';
import type { RampPosition, StoredExperiment } from '../domain/experiments/experiments.js';
import type { ChangeOrigin, ChangeRequest } from '../domain/operations/operations.js';
import { FakeConfigControl } from '../domain/testing/fake-operations.js';
import { FakeLog } from '../domain/testing/fakes.js';
import { memoryStores } from '../domain/testing/memory-stores.js';
import { testExperiment } from '../domain/testing/test-experiment.js';
import { ExperimentOperations } from './experiment-operations.js';
import { labelMoves, Promotions, runningOf } from './promotions.js';
import { startRamp } from './ramp.js';

const experiment = testExperiment({ promote: { label: 'stable' } });
const { id } = experiment;
const promoted: RampPosition = {
  ...startRamp(experiment, 0),
  ...{ state: 'promoted', reason: 'new is better.', promotedArm: 'new' },
};
const stored: readonly StoredExperiment[] = [{ experiment, ramp: promoted, updatedAtMs: 0 }];

/** A configuration that refuses changes while `refuses` is set, and keeps those it takes. */
class Configuration extends FakeConfigControl {
  refuses: HostError | undefined;

  override async change(request: ChangeRequest) {
    if (this.refuses !== undefined) throw this.refuses;
    const { origin, change } = request;
    const report = await super.change(request);
    if (change.kind === 'label') {
      const what = `label ${change.model} ${change.label} ${change.version}`;
      this.records.unshift({ ...origin, generation: 2, atMs: 0, what, differences: [] });
    }
    return report;
  }
}

function host(stores = memoryStores(), control = new Configuration()) {
  const state = { nowMs: 1_000_000 };
  const log = new FakeLog();
  const promotions = new Promotions({
    ...{ control, configuration: 'here', log, wallMs: () => state.nowMs },
  });
  return { promotions, control, log, state, stores };
}

describe('a promotion', () => {
  it('points the label at the version of the arm, says who and why, and is made once', async () => {
    const { promotions, control, stores, log } = host();
    await promotions.run(stores.promotions, stored);
    await promotions.run(stores.promotions, stored);
    expect(control.requests).toHaveLength(1);
    expect(control.requests[0]).toEqual({
      change: { kind: 'label', model: 'warm-start', label: 'stable', version: '2' },
      origin: {
        ...{ who: `experiment ${id}`, via: 'experiment' },
        why: 'arm new was promoted: new is better.',
      },
      ...{ isDryRun: false, expectedGeneration: undefined },
    });
    expect(log.lines.map(({ message }) => message)).toEqual(['promoted: labels have moved']);
  });

  it('is one of all hosts that share the file, also when they come at once', async () => {
    const one = host();
    const other = host(one.stores, one.control);
    await Promise.all([
      one.promotions.run(one.stores.promotions, stored),
      other.promotions.run(one.stores.promotions, stored),
    ]);
    expect(one.control.requests).toHaveLength(1);
  });

  it('moves nothing without a label, or before it is decided', async () => {
    const { promotions, control, stores } = host();
    const silent = { ...experiment, promote: undefined };
    await promotions.run(stores.promotions, [{ ...stored[0], experiment: silent } as never]);
    const ramp = startRamp(experiment, 0);
    await promotions.run(stores.promotions, [{ experiment, ramp, updatedAtMs: 0 }]);
    expect(control.requests).toEqual([]);
  });

  it('that is refused is told and tried again, later each time, until it is taken', async () => {
    const { promotions, control, stores, log, state } = host();
    control.refuses = new HostError('config-edited', { file: 'host.yaml' });
    await promotions.run(stores.promotions, stored);
    expect(log.lines[0]?.message).toMatch(/labels could not be moved; it is tried again/);
    expect(log.lines[0]?.fields['reason']).toMatch(/holds an edit that is not in force/);
    expect(stores.promotions.kept.get(`${id} here`)).toMatchObject({
      state: 'failed',
      attempts: 1,
    });
    state.nowMs += 59_000;
    await promotions.run(stores.promotions, stored);
    expect(log.lines).toHaveLength(1);
    state.nowMs += 1_000;
    await promotions.run(stores.promotions, stored);
    state.nowMs += 60_000;
    await promotions.run(stores.promotions, stored);
    expect(log.lines).toHaveLength(2);
    control.refuses = undefined;
    state.nowMs += 60_000;
    await promotions.run(stores.promotions, stored);
    expect(control.requests).toHaveLength(1);
    expect(stores.promotions.kept.get(`${id} here`)).toMatchObject({ state: 'moved', attempts: 3 });
  });

  it('that an edit of the file was in the way of is made as soon as the edit is in force', async () => {
    const { promotions, control, stores } = host();
    control.refuses = new HostError('config-edited', { file: 'host.yaml' });
    await promotions.run(stores.promotions, stored);
    control.refuses = undefined;
    await promotions.run(stores.promotions, stored);
    expect(control.requests).toEqual([]);
    const edit = { who: 'physicist', via: 'file', why: '', what: 'edit of the file' } as const;
    control.records.unshift({ ...edit, generation: 2, atMs: 0, differences: [] });
    await promotions.run(stores.promotions, stored);
    expect(control.requests).toHaveLength(1);
    expect(stores.promotions.kept.get(`${id} here`)).toMatchObject({ state: 'moved', attempts: 2 });
  });

  it('of a host that was killed is taken over, and not made twice when it had been made', async () => {
    const { promotions, control, stores, state } = host();
    const { replace } = stores.promotions;
    stores.promotions.replace = async (before, next) =>
      next.state === 'moving' ? replace.call(stores.promotions, before, next) : false;
    await promotions.run(stores.promotions, stored);
    stores.promotions.replace = replace;
    state.nowMs += 299_000;
    await promotions.run(stores.promotions, stored);
    expect(stores.promotions.kept.get(`${id} here`)?.state).toBe('moving');
    state.nowMs += 1_000;
    await promotions.run(stores.promotions, stored);
    expect(stores.promotions.kept.get(`${id} here`)?.state).toBe('moved');
    expect(control.requests).toHaveLength(1);
  });

  it('is of experiments that run under the configuration of the host', () => {
    const ended = { experiments: [{ ...experiment, state: 'ended' as const }] };
    expect(runningOf({ experiments: [experiment] }, stored)).toEqual(stored);
    expect(runningOf({ experiments: [] }, stored)).toEqual([]);
    expect(runningOf(ended, stored)).toEqual([]);
  });

  it('needs versions of models, one of each', () => {
    const of = (roles: object) => ({
      ...experiment,
      arms: [{ id: 'new', weight: 1, roles: roles as never }],
    });
    const uses = (model: string | undefined) => ({ plugin: undefined, model, settings: {} });
    expect(() => labelMoves(of({}), 'new', 'stable')).toThrow(/names no version of a model/);
    expect(() => labelMoves(of({}), 'old', 'stable')).toThrow(/the arms are new/);
    const label = { initialization: uses('warm-start@canary') };
    expect(() => labelMoves(of(label), 'new', 'stable')).toThrow(/is no version/);
    const two = { initialization: uses('m@1'), 'histogram-sigma': uses('m@2') };
    expect(() => labelMoves(of(two), 'new', 'stable')).toThrow(/two versions of m/);
  });
});

describe('an operator', () => {
  const origin: ChangeOrigin = { who: 'physicist', why: 'looked into', via: 'command' };
  const better: Decision = { kind: 'promote', arm: 'new', reason: 'new is better than control.' };

  async function operating(decisions: readonly Decision[] = [better]) {
    const made = host();
    const { stores, promotions, state } = made;
    await stores.experiments.put(experiment, startRamp(experiment, 0), 0);
    let moved = 0;
    const operations = new ExperimentOperations({
      ...{ stores: () => stores, promotions, wallMs: () => state.nowMs },
      decide: () => Promise.resolve(decisions),
      onMove: () => {
        moved += 1;
      },
    });
    const asked = { experiment: id, arm: 'new', label: undefined, origin };
    const request: PromoteRequest = { ...asked, isOverride: false, isDryRun: false };
    return { ...made, operations, request, moves: () => moved };
  }

  it('promotes an arm by hand: nothing is left to do by itself', async () => {
    const { operations, request, control, stores, promotions, moves } = await operating();
    expect(await operations.promote(request)).toEqual({
      state: 'promoted',
      reason: 'new promoted by physicist: looked into; warm-start@stable is 2',
      ...{ decision: { kind: 'promote', reason: better.reason }, isOverridden: false },
      ...{ isApplied: true, moves: [{ model: 'warm-start', label: 'stable', version: '2' }] },
    });
    const all = await stores.experiments.list();
    expect(all[0]?.ramp).toMatchObject({ state: 'promoted', promotedArm: 'new' });
    await promotions.run(stores.promotions, all);
    expect(control.requests.map((one) => one.origin)).toEqual([origin]);
    expect(moves()).toBe(1);
  });

  it.each(['continue', 'hold', 'stop', 'undecided'] as const)(
    'does not promote by accident where the analysis says %s, and by an override is told so',
    async (kind) => {
      const decision = { kind, reason: 'the numbers.' };
      const { operations, request, control, stores, moves } = await operating([
        { ...decision, arm: 'new' },
      ]);
      await expect(operations.promote(request)).rejects.toMatchObject({
        code: 'experiment-not-decided',
        message: expect.stringMatching(`decides \`${kind}\`. the numbers. .*--override`),
      });
      expect([control.requests, moves()]).toEqual([[], 0]);
      expect((await stores.experiments.get(id))?.ramp.state).toBe('full');

      const report = await operations.promote({ ...request, isOverride: true });
      expect(report).toMatchObject({ state: 'promoted', decision, isOverridden: true });
      expect(control.requests[0]?.origin.why).toBe(`looked into; override: ${kind}`);
      const kept = (await stores.experiments.get(id))?.ramp;
      expect(kept).toMatchObject({ promotedArm: 'new', overriddenDecision: kind });
      // What was overridden is no decision, so another label needs its own override.
      const other = { ...request, label: 'canary' };
      await expect(operations.promote(other)).rejects.toThrow(/is not promoted/);
    },
  );

  it.each([
    ['of which the analysis says nothing', [], {}, 'continue'],
    ['that was stopped', [better], { stoppedArms: ['new'] }, 'stop'],
    ['another of which is better', [{ ...better, arm: 'newer' }], {}, 'continue'],
    ['that turned out harmful', [{ ...better, kind: 'stop' as const }], promoted, 'stop'],
  ])('does not promote an arm %s', async (_, decisions, changes, kind) => {
    const { operations, request, stores } = await operating(decisions);
    const ramp = startRamp(experiment, 0);
    await stores.experiments.moveRamp(id, ramp, { ...ramp, ...changes }, 1);
    await expect(operations.promote(request)).rejects.toThrow(`decides \`${kind}\``);
  });

  it('promotes once more what an analysis had promoted', async () => {
    const { operations, request, stores } = await operating([{ ...better, kind: 'continue' }]);
    await stores.experiments.moveRamp(id, startRamp(experiment, 0), promoted, 1);
    const { decision, isOverridden } = await operations.promote({ ...request, isOverride: true });
    expect(decision).toEqual({ kind: 'promote', reason: promoted.reason });
    expect(isOverridden).toBe(false);
  });

  it('sees in a dry run what would move and what is decided, and nothing moves', async () => {
    const waits = { ...better, kind: 'continue' as const };
    const { operations, request, control, stores, moves } = await operating([waits]);
    const report = await operations.promote({ ...request, isDryRun: true });
    expect(report).toMatchObject({
      ...{ state: 'full', isApplied: false, isOverridden: false },
      decision: { kind: 'continue' },
      moves: [{ model: 'warm-start', label: 'stable', version: '2' }],
    });
    expect(control.requests.map(({ isDryRun }) => isDryRun)).toEqual([true]);
    expect(stores.promotions.kept.size).toBe(0);
    expect((await stores.experiments.get(id))?.ramp.state).toBe('full');
    expect(moves()).toBe(0);
  });

  it('promotes nothing without an analysis, whatever is overridden', async () => {
    const { stores, promotions, request, control } = await operating();
    const operations = new ExperimentOperations({
      ...{ stores: () => stores, promotions, wallMs: () => 0, onMove: () => undefined },
      decide: () => Promise.reject(new HostError('experiment-store', { problem: 'locked' })),
    });
    const asked = operations.promote({ ...request, isOverride: true });
    await expect(asked).rejects.toThrow(/locked/);
    expect(control.requests).toEqual([]);
  });

  it('cannot promote the control, another arm, or while the change is refused', async () => {
    const { operations, request, control, stores } = await operating();
    await expect(operations.promote({ ...request, arm: 'old' })).rejects.toThrow(/is the control/);
    await expect(operations.promote({ ...request, arm: 'x' })).rejects.toThrow(/the arms are/);
    const unknown = operations.promote({ ...request, experiment: 'x' });
    await expect(unknown).rejects.toThrow(/holds no experiment `x`/);
    control.refuses = new HostError('config-edited', { file: 'host.yaml' });
    await expect(operations.promote(request)).rejects.toThrow(/holds an edit/);
    expect((await stores.experiments.get(id))?.ramp.state).toBe('full');
  });

  it('releases what is held, and is told where there is no database', async () => {
    const { operations, stores } = await operating();
    await expect(operations.release(id, origin)).rejects.toThrow(/is not held: it is full/);
    const ramp = startRamp(experiment, 0);
    await stores.experiments.moveRamp(id, ramp, { ...ramp, state: 'held' }, 1);
    expect(await operations.release(id, origin)).toEqual({
      ...{ state: 'full', reason: 'released by physicist: looked into' },
    });
    const parts = { promotions: host().promotions, wallMs: () => 0, onMove: () => undefined };
    const decide = () => Promise.resolve([]);
    const closed = new ExperimentOperations({ ...parts, decide, stores: () => undefined });
    await expect(closed.release(id, origin)).rejects.toThrow(/it is not open/);
  });
});
