import { describe, expect, it } from 'vitest';
import { HostError } from '../domain/errors/host-error.js';
import type { StoredExperiment } from '../domain/experiments/experiments.js';
import { labelChanges, runningOf } from './promotions.js';
import { startRamp } from './ramp.js';
import { experiment, host, promoted } from './testing/promoting-host.js';

const { id } = experiment;
const stored: readonly StoredExperiment[] = [{ experiment, ramp: promoted, updatedAtMs: 0 }];

describe('a promotion', () => {
  it('points the label at the version of the arm, says who and why, and is made once', async () => {
    const { promotions, control, stores, log } = host();
    await promotions.run(stores.promotions, stored);
    await promotions.run(stores.promotions, stored);
    expect(control.requests).toHaveLength(1);
    expect(control.requests[0]).toEqual({
      change: { kind: 'label', model: 'warm-start', label: 'stable', version: '2' },
      origin: {
        who: `experiment ${id}`,
        via: 'experiment',
        why: 'arm new was promoted: new is better.',
      },
      isDryRun: false,
      expectedGeneration: undefined,
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
    expect(() => labelChanges(of({}), 'new', 'stable')).toThrow(/names no version of a model/);
    expect(() => labelChanges(of({}), 'old', 'stable')).toThrow(/the arms are new/);
    const label = { initialization: uses('warm-start@canary') };
    expect(() => labelChanges(of(label), 'new', 'stable')).toThrow(/is no version/);
    const two = { initialization: uses('m@1'), 'histogram-sigma': uses('m@2') };
    expect(() => labelChanges(of(two), 'new', 'stable')).toThrow(/two versions of m/);
  });
});
