import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { HostConfig, RoleConfig } from '../../domain/host-config.js';
import { fakeModels } from '../../domain/testing/fake-models.js';
import { CountingMetrics, FakeLog } from '../../domain/testing/fakes.js';
import { testConfig } from '../../domain/testing/test-config.js';
import type { Role } from '../../plugin-sdk/index.js';
import { seededRandom } from '../../plugin-sdk/internal/seeded-random.js';
import { FakeClock } from '../../plugin-sdk/testing/index.js';
import { PluginHost } from './plugin-host.js';

const fixtures = (folder: string) =>
  fileURLToPath(new URL(`../../../test/fixtures/${folder}`, import.meta.url));

function host(clock = new FakeClock()) {
  const log = new FakeLog();
  const services = {
    clock,
    log,
    random: seededRandom,
    metrics: new CountingMetrics(),
  };
  const home = { builtInDirectory: fixtures('plugins'), packagesFrom: fixtures('') };
  return { host: new PluginHost(services, home), log };
}

function config(roles: Partial<Record<Role, Partial<RoleConfig>>>): HostConfig {
  return testConfig({ roles, directories: [fixtures('bad-plugins')] });
}

async function refusalOf(plugin: string, settings: Record<string, unknown> = {}): Promise<string> {
  const { host: plugins } = host();
  const set = await plugins.activate(
    config({ 'early-stopping': { plugin, settings } }),
    fakeModels(),
  );
  const role = set.roles.find((active) => active.role === 'early-stopping');
  expect(role?.loaded).toBeUndefined();
  expect(role?.binding.plugin).toBe('');
  return `${role?.refusal?.code}: ${role?.refusal?.message}`;
}

it('starts the plugins of a configuration and reports every role', async () => {
  const { host: plugins } = host();
  const set = await plugins.activate(
    config({ 'early-stopping': { plugin: 'objective-floor' } }),
    fakeModels(),
  );
  expect(set.roles.map(({ role, binding }) => [role, binding.plugin])).toEqual([
    ['initialization', ''],
    ['histogram-sigma', ''],
    ['pyramid-sigma', ''],
    ['adaptive-variance', ''],
    ['step-direction', ''],
    ['early-stopping', 'objective-floor'],
  ]);
  expect(plugins.roles().every((role) => role.isHealthy)).toBe(true);
  const states = new Map(plugins.plugins().map((plugin) => [plugin.id, plugin.state]));
  expect(states.get('objective-floor')).toBe('active');
  expect(states.get('constant-start')).toBe('available');
  expect(states.get('broken-manifest')).toBe('refused');
});

describe('refuses a plugin with one clear message, and goes on with the role off', () => {
  it.each([
    ['wrong-sdk', /^plugin-sdk-range: .*`\^9\.0\.0`.*1\.0\.0/],
    ['bad-schema', /^plugin-schema: .*not a zod schema/],
    ['throwing-factory', /^plugin-create-failed: .*licence server/],
    ['unknown-service', /^plugin-requires: .*`file-system`.*logger/],
    ['no-export', /^plugin-entry: .*does not export/],
    ['broken-manifest', /^plugin-manifest: .*plugin\.json/],
    ['incomplete-manifest', /^plugin-manifest: .*id: must be kebab-case.*role: /],
    ['constant-start', /^plugin-role: .*`initialization`.*`early-stopping`/],
    ['nowhere', /^plugin-not-found: .*`nowhere`.*Known: .*objective-floor/],
  ])('%s', async (plugin, message) => {
    expect(await refusalOf(plugin)).toMatch(message);
  });

  it('role-mismatch', async () => {
    const { host: plugins } = host();
    const set = await plugins.activate(
      config({ initialization: { plugin: 'role-mismatch' } }),
      fakeModels(),
    );
    expect(set.roles[0]?.refusal?.message).toMatch(/early-stopping.*initialization.*plugin\.json/);
  });

  it('settings it does not know', async () => {
    expect(await refusalOf('objective-floor', { flor: 1 })).toMatch(/^plugin-settings: .*flor/);
  });

  it('hanging-factory, once the load time is up', async () => {
    const clock = new FakeClock();
    const { host: plugins } = host(clock);
    const activating = plugins.activate(
      config({ 'early-stopping': { plugin: 'hanging-factory' } }),
      fakeModels(),
    );
    // The import settles in real time, and only then does the factory hang.
    while (clock.pendingTimers < 1) await new Promise(setImmediate);
    await import(`${fixtures('bad-plugins')}/hanging-factory/index.js`);
    await new Promise(setImmediate);
    clock.advance(5000);
    const set = await activating;
    expect(set.roles[5]?.refusal?.code).toBe('plugin-create-timeout');
    expect(plugins.roles()[5]?.isHealthy).toBe(false);
  });
});

it('never runs the code of a plugin that is not configured, nor of one for another SDK', async () => {
  const { host: plugins } = host();
  await plugins.activate(config({ 'early-stopping': { plugin: 'wrong-sdk' } }), fakeModels());
  expect(plugins.plugins().find(({ id }) => id === 'wrong-sdk')?.state).toBe('refused');
});

it('refuses the second of two plugins with one id', async () => {
  const { host: plugins, log } = host();
  await plugins.activate(testConfig({ directories: [fixtures('plugins')] }), fakeModels());
  const codes = log.lines.map((line) => line.fields['code']);
  expect(codes).toContain('plugin-duplicate');
});

it('names a plugin directory that is not there', async () => {
  const { host: plugins } = host();
  await plugins.activate(testConfig({ directories: ['/no/such/plugins'] }), fakeModels());
  expect(plugins.plugins().at(-1)).toMatchObject({ id: '/no/such/plugins', state: 'refused' });
});
