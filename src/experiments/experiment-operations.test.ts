import { describe, expect, it } from 'vitest';
import { HostError } from '../domain/errors/host-error.js';
import type { PromoteRequest } from '../domain/experiments/experiment-control.js';
import type { ArmAction } from '../domain/experiments/experiment-report.js';
import type { ChangeOrigin } from '../domain/operations/operations.js';
import { ExperimentOperations } from './experiment-operations.js';
import { startRamp } from './ramp.js';
import { experiment, host, promoted } from './testing/promoting-host.js';

const { id } = experiment;

describe('an operator', () => {
  const origin: ChangeOrigin = { who: 'physicist', why: 'looked into', via: 'command' };
  const better: ArmAction = { kind: 'promote', arm: 'new', reason: 'new is better than control.' };

  async function operating(decisions: readonly ArmAction[] = [better]) {
    const made = host();
    const { stores, promotions, state } = made;
    await stores.experiments.put(experiment, startRamp(experiment, 0), 0);
    let moved = 0;
    const operations = new ExperimentOperations({
      stores: () => stores,
      promotions,
      wallMs: () => state.nowMs,
      decide: () => Promise.resolve(decisions),
      onRampChange: () => {
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
      decision: { kind: 'promote', reason: better.reason },
      isOverridden: false,
      isApplied: true,
      moves: [{ model: 'warm-start', label: 'stable', version: '2' }],
    });
    const all = await stores.experiments.list();
    expect(all[0]?.ramp).toMatchObject({ state: 'promoted', promotedArm: 'new' });
    await promotions.run(stores.promotions, all);
    expect(control.requests.map((request) => request.origin)).toEqual([origin]);
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
    await stores.experiments.replaceRamp(id, ramp, { ...ramp, ...changes }, 1);
    await expect(operations.promote(request)).rejects.toThrow(`decides \`${kind}\``);
  });

  it('promotes once more what an analysis had promoted', async () => {
    const { operations, request, stores } = await operating([{ ...better, kind: 'continue' }]);
    await stores.experiments.replaceRamp(id, startRamp(experiment, 0), promoted, 1);
    const { decision, isOverridden } = await operations.promote({ ...request, isOverride: true });
    expect(decision).toEqual({ kind: 'promote', reason: promoted.reason });
    expect(isOverridden).toBe(false);
  });

  it('sees in a dry run what would move and what is decided, and nothing moves', async () => {
    const waits = { ...better, kind: 'continue' as const };
    const { operations, request, control, stores, moves } = await operating([waits]);
    const report = await operations.promote({ ...request, isDryRun: true });
    expect(report).toMatchObject({
      state: 'full',
      isApplied: false,
      isOverridden: false,
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
      stores: () => stores,
      promotions,
      wallMs: () => 0,
      onRampChange: () => undefined,
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
    await stores.experiments.replaceRamp(id, ramp, { ...ramp, state: 'held' }, 1);
    expect(await operations.release(id, origin)).toEqual({
      state: 'full',
      reason: 'released by physicist: looked into',
    });
    const parts = { promotions: host().promotions, wallMs: () => 0, onRampChange: () => undefined };
    const decide = () => Promise.resolve([]);
    const closed = new ExperimentOperations({ ...parts, decide, stores: () => undefined });
    await expect(closed.release(id, origin)).rejects.toThrow(/it is not open/);
  });
});
