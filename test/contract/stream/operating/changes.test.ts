// Changes of the configuration over real gRPC, beside open plans.
import { describe, expect, it } from 'vitest';
import type { ConfigFiles } from '../../../../src/config/edit/config-files.js';
import { nodeConfigFiles } from '../../../../src/config/edit/config-files.js';
import { HostError } from '../../../../src/domain/errors/host-error.js';
import type { ConfigChange } from '../../../../src/domain/operations/operations.js';
import { Outcome } from '../../../../src/generated/dh/advisor/v1/Outcome.js';
import { fixtureModels } from '../../../support/model-repository.js';
import { early, startLiveHost } from '../testing/live-host.js';
import { fixtureFolder, startTestHost, until } from '../testing/test-host.js';
import { firstIterations, wireFinish, wireStart } from '../testing/wire-run.js';

type LiveHost = Awaited<ReturnType<typeof startLiveHost>>;

const role = 'early-stopping';
const disable: ConfigChange = { kind: 'disable', role };
const enable: ConfigChange = { kind: 'enable', role };

function use(plugin: string, more: { pluginVersion?: string; model?: string } = {}): ConfigChange {
  return { kind: 'use', role, plugin, pluginVersion: undefined, model: undefined, ...more };
}

async function openPlan(host: LiveHost) {
  const plan = host.client();
  const accepted = (await plan.ask(wireStart()))?.accepted;
  return { plan, accepted };
}

it('disables a role for plans that open afterwards; an open one keeps advice of its generation', async () => {
  const host = await startLiveHost({ yaml: early('objective-floor # the floor') });
  const { plan, accepted } = await openPlan(host);
  await plan.play(firstIterations(1));
  expect(accepted?.configurationGeneration).toBe(1);
  const report = await host.change(disable);
  expect(report).toMatchObject({ generation: 2, isApplied: true });
  expect(report.differences).toEqual([
    { path: `roles.${role}.plugin`, before: 'objective-floor', after: 'off' },
  ]);
  const answers = await plan.play(firstIterations(2).slice(-1));
  expect(answers[0]?.iteration?.earlyStopping?.header).toMatchObject({
    outcome: Outcome.OUTCOME_APPLIED,
    configurationGeneration: 1,
  });
  const next = await openPlan(host);
  expect(next.accepted?.configurationGeneration).toBe(2);
  const later = await next.plan.play(firstIterations(1));
  expect(later.at(-1)?.iteration?.earlyStopping).toBeUndefined();
  expect(host.text()).toContain('plugin: off # the floor');
});

it('goes on to count what open plans of the generation before are answered', async () => {
  const host = await startLiveHost({ yaml: early('objective-floor') });
  const { plan } = await openPlan(host);
  await plan.play(firstIterations(1));
  await host.change(disable);
  await plan.play(firstIterations(2).slice(-1));
  const { roles } = await host.operator.status();
  const status = roles.find(({ binding }) => binding.role === role);
  expect(status?.binding.plugin).toBe('');
  expect(status?.outcomes).toMatchObject([{ outcome: 'applied', count: 2 }]);
});

it('enables a role again with the plugin it had, and keeps who, when and why', async () => {
  const host = await startLiveHost({ yaml: early('objective-floor') });
  await host.change(disable);
  expect(await host.change(enable)).toMatchObject({ generation: 3, isApplied: true });
  expect((await openPlan(host)).accepted?.bindings?.[5]?.plugin).toBe('objective-floor');
  const { generations } = await host.operator.generations(0);
  expect(generations.map(({ generation, what }) => `${generation} ${what}`)).toEqual([
    '3 enable early-stopping',
    '2 disable early-stopping',
    '1 first start',
  ]);
  expect(generations[0]).toMatchObject({ who: 'tester', why: 'a test', via: 'command' });
  expect(await host.operator.textOf(2)).toContain('plugin: off');
});

it('goes on counting after a restart, and takes an edit made meanwhile for a generation', async () => {
  const first = await startLiveHost({ yaml: early('objective-floor') });
  await first.change(disable);
  await first.stop();
  const second = await startLiveHost({ folder: first.folder });
  expect(second.live.current().generation).toBe(2);
  await second.stop();
  second.write(early('objective-floor'));
  const third = await startLiveHost({ folder: first.folder });
  expect(third.live.generations()[0]).toMatchObject({ generation: 3, via: 'file' });
  expect(third.live.generations()[0]?.differences).toHaveLength(1);
});

describe('a change is refused, and nothing has changed', () => {
  it('when the plugin serves another role, with file, line and path', async () => {
    const host = await startLiveHost({ yaml: early('objective-floor') });
    expect(await host.refusal(use('constant-start'))).toMatch(
      /^config-refused: .*host\.yaml:7: roles\.early-stopping\.plugin .*`initialization`.*\(plugin-role\)/s,
    );
    const { refusals } = await host.operator.generations(1);
    expect(refusals).toMatchObject([
      { code: 'config-refused', what: `use ${role} constant-start` },
    ]);
  });

  it('when there is no such plugin, version or model', async () => {
    const host = await startLiveHost({ yaml: early('objective-floor') });
    expect(await host.refusal(use('nowhere'))).toMatch(/plugin-not-found/);
    expect(await host.refusal(use('objective-floor', { pluginVersion: '9.0.0' }))).toMatch(
      /^plugin-version: .*installed in version 0\.1\.0, not 9\.0\.0/,
    );
    expect(await host.refusal(use('objective-floor', { model: 'convergence' }))).toMatch(
      /roles\.early-stopping\.settings .*plugin-settings/,
    );
    const installed = await host.change(use('objective-floor', { pluginVersion: '0.1.0' }));
    expect(installed.isApplied).toBe(false);
  });

  it('when the role was never on', async () => {
    const host = await startLiveHost({ yaml: early('off') });
    expect(await host.refusal(enable)).toMatch(/^role-never-on/);
  });

  it('when it was meant for another generation', async () => {
    const host = await startLiveHost({ yaml: early('objective-floor') });
    expect(await host.refusal(disable, { expected: 7 })).toMatch(/^config-conflict: .*7.*1/);
    expect(await host.change(disable, { expected: 1 })).toMatchObject({ generation: 2 });
  });

  it('when somebody edits the file meanwhile', async () => {
    const host = await startLiveHost({ yaml: early('objective-floor') });
    host.write('roles: {');
    expect(await host.refusal(disable)).toMatch(/^config-edited: .*host\.yaml/);
  });

  it('when there is no text of the generation', async () => {
    const host = await startLiveHost({ yaml: early('objective-floor') });
    expect(await host.refusal({ kind: 'rollback', generation: 9 })).toMatch(
      /^generation-unknown: .*9.*Kept: 1/,
    );
    expect(await host.refusal({ kind: 'rollback', generation: undefined })).toMatch(/unknown/);
    await expect(host.operator.textOf(9)).rejects.toThrow('no text of generation 9');
  });

  it('when an alias would take the change elsewhere', async () => {
    const yaml = 'roles:\n  early-stopping: &one { plugin: off }\n  step-direction: *one\n';
    const host = await startLiveHost({ yaml });
    expect(await host.refusal(use('objective-floor'))).toMatch(/^config-not-editable: /);
  });

  it('when the file cannot be written', async () => {
    const replace: ConfigFiles['replace'] = async (file) => {
      throw new HostError('config-not-writable', { file, problem: 'read-only file system' });
    };
    const files = { ...nodeConfigFiles, replace };
    const host = await startLiveHost({ yaml: early('objective-floor'), files });
    expect(await host.refusal(disable)).toMatch(/^config-not-writable: .*read-only/);
  });

  it('when the configuration comes from no file', async () => {
    const host = await startTestHost({ roles: { [role]: { plugin: 'objective-floor' } } });
    const live = await startLiveHost({ yaml: early('off'), operatorAddress: host.operatorAddress });
    await expect(live.change(disable)).rejects.toMatchObject({ code: 'config-fixed' });
  });

  it('when nobody says who and why', async () => {
    const host = await startLiveHost({ yaml: early('objective-floor') });
    const origin = { who: ' ', why: 'a test', via: 'command' } as const;
    const asked = { change: disable, origin, isDryRun: false, expectedGeneration: undefined };
    await expect(host.operator.change(asked)).rejects.toMatchObject({ code: 'invalid-field' });
    await expect(host.operator.stopAdvice(origin)).rejects.toThrow('`origin.who` is empty');
  });
});

it('refuses a request that names no role, or no change', async () => {
  const host = await startLiveHost({ yaml: early('objective-floor') });
  const invalid = { code: 'invalid-field', cause: { code: 3 } };
  const nobody: ConfigChange = { kind: 'disable', role: 'late-stopping' as never };
  await expect(host.change(nobody)).rejects.toMatchObject(invalid);
  await expect(host.change({ kind: 'rename' } as never)).rejects.toMatchObject(invalid);
  await expect(host.change(use(''))).rejects.toThrow('`use.plugin` is empty');
  expect(host.live.current().generation).toBe(1);
});

it('tries a change and makes none of it', async () => {
  const host = await startLiveHost({ yaml: early('objective-floor') });
  const before = host.text();
  const report = await host.change(disable, { dryRun: true });
  expect(report.differences).toHaveLength(1);
  expect(report).toMatchObject({ generation: 1, isApplied: false });
  expect(host.text()).toBe(before);
  await expect(host.change(use('nowhere'), { dryRun: true })).rejects.toThrow('nowhere');
  expect(host.live.refusals()).toEqual([]);
});

it('rolls back to what an earlier generation said, as a new one', async () => {
  const host = await startLiveHost({ yaml: early('objective-floor') });
  const original = host.text();
  await host.change(disable);
  expect(await host.change({ kind: 'rollback', generation: undefined })).toMatchObject({
    generation: 3,
  });
  expect(host.text()).toBe(original);
  expect(await host.change({ kind: 'rollback', generation: 2 })).toMatchObject({ generation: 4 });
  expect(host.text()).toContain('plugin: off');
});

it('says what needs a restart', async () => {
  const host = await startLiveHost({ yaml: early('off') });
  host.write(`logging: { level: debug }\n${early('off')}`);
  const report = await host.change({ kind: 'reload' });
  expect(report).toMatchObject({ generation: 2, needsRestart: ['logging.level'] });
});

describe('models', () => {
  const dist = fixtureFolder('../../dist/plugins');
  const yaml = [
    `plugins: { directories: ["${dist}"] }`,
    `models: { directory: "${fixtureModels}", inline_below_ms: 10000 }`,
    early('convergence'),
  ].join('\n');
  const label = (version: string): ConfigChange => ({
    kind: 'label',
    model: 'convergence',
    label: 'stable',
    version,
  });

  it('a label moves new plans to its version, and the former one goes with its last plan', async () => {
    const host = await startLiveHost({ yaml });
    const { plan, accepted } = await openPlan(host);
    expect(accepted?.bindings?.[5]?.model).toBe('convergence/2');
    expect(await host.change(label('1'))).toMatchObject({ generation: 2, isApplied: true });
    expect((await openPlan(host)).accepted?.bindings?.[5]?.model).toBe('convergence/1');
    const ready = async () =>
      (await host.operator.models())
        .filter(({ id, state }) => id === 'convergence' && state === 'ready')
        .map(({ version, labels }) => [version, ...labels].join(' '));
    expect(await ready()).toEqual(['1 stable', '2']);
    await plan.play(firstIterations(2));
    expect((await plan.ask(wireFinish))?.summary).toBeDefined();
    await until(async () => (await ready()).length === 1);
    expect(await ready()).toEqual(['1 stable']);
  });

  it('a label only points at a version that becomes ready', async () => {
    const host = await startLiveHost({ yaml });
    expect(await host.refusal(label('9'))).toMatch(
      /models\.labels\.convergence\.stable .*not ready.*\(model-label\)/,
    );
    expect(await host.refusal(label('newest'))).toMatch(/^config-invalid: .*version in quotes/s);
    expect((await openPlan(host)).accepted?.bindings?.[5]?.model).toBe('convergence/2');
  });

  it('a plugin takes the model that it is told', async () => {
    const host = await startLiveHost({ yaml });
    await host.change(use('convergence', { model: 'convergence@1' }));
    expect((await openPlan(host)).accepted?.bindings?.[5]?.model).toBe('convergence/1');
    expect(host.text()).toMatch(/settings:\s+model: convergence@1/);
  });
});

it('starts with a role off whose plugin is unknown, and lets other roles change all the same', async () => {
  const host = await startLiveHost({
    yaml: `${early('nowhere')}  initialization:\n    plugin: constant-start\n`,
  });
  expect(await host.change({ kind: 'disable', role: 'initialization' })).toMatchObject({
    generation: 2,
  });
  expect(await host.refusal(use('elsewhere'))).toMatch(/plugin-not-found/);
  expect(await host.change(disable)).toMatchObject({ generation: 3 });
});
