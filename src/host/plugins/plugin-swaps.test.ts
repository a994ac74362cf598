import { cpSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import type { RoleConfig } from '../../domain/host-config.js';
import type { PreparedModels } from '../../domain/operations/activation.js';
import { fakeModels } from '../../domain/testing/fake-models.js';
import { CountingMetrics, FakeLog } from '../../domain/testing/fakes.js';
import { noExperiments, noShadows } from '../../domain/testing/no-experiments.js';
import { testConfig } from '../../domain/testing/test-config.js';
import { seededRandom } from '../../plugin-sdk/internal/seeded-random.js';
import { FakeClock, FakeInference } from '../../plugin-sdk/testing/index.js';
import { Activation } from '../activation.js';
import { PluginHost } from './plugin-host.js';

/** Code of a plugin that opens a model and says on the log when it starts and when it is released. */
function code(version: string): string {
  return `export const plugin = ({ definePlugin, services, z }) => definePlugin({
  role: 'early-stopping',
  configSchema: z.strictObject({ model: z.string().default('m'), patience: z.number().default(1) }),
  requires: { logger: services.logger, inference: services.inference },
  create: async ({ config, services: { logger, inference } }) => {
    await inference.open(config.model);
    logger.info('started ${version}');
    return {
      openSession: () => ({ advise: () => ({ decision: 'continue' }) }),
      dispose: () => { logger.info('released'); if (config.patience === 13) throw new Error('no'); },
    };
  },
});
`;
}

function install(directory: string, folder: string, version = '1.0.0'): string {
  const place = join(directory, folder);
  cpSync(new URL('../../../test/fixtures/plugins/objective-floor', import.meta.url), place, {
    recursive: true,
  });
  const manifest = {
    sdk: '^1.0.0',
    role: 'early-stopping',
    stability: 'stable',
    entry: 'index.js',
  };
  const described = { ...manifest, id: 'watched', version, description: 'For tests.' };
  writeFileSync(join(place, 'plugin.json'), JSON.stringify(described));
  writeFileSync(join(place, 'index.js'), code(version));
  return place;
}

function swapping() {
  const directory = mkdtempSync(join(tmpdir(), 'dh-advisor-plugins-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  const log = new FakeLog();
  const clock = new FakeClock();
  const metrics = new CountingMetrics();
  const services = { clock, log, metrics, random: seededRandom };
  const plugins = new PluginHost(services, {
    builtInDirectory: directory,
    packagesFrom: directory,
  });
  const model = { id: 'm', version: '1', sha256: '0' };
  const models = fakeModels(new FakeInference({ m: { model } as never, n: { model } as never }));
  const activator = {
    discarded: 0,
    prepare: async (): Promise<PreparedModels> => ({
      view: models,
      faults: [],
      commit: () => undefined,
      discard: async () => {
        activator.discarded += 1;
      },
    }),
  };
  const activation = new Activation(plugins, activator, noExperiments, noShadows);
  let generation = 0;
  const config = (role: Partial<RoleConfig>) => {
    generation += 1;
    return { ...testConfig({ roles: { 'early-stopping': role } }), generation };
  };
  const offer = (settings: Record<string, unknown> = {}, plugin = 'watched') =>
    activation.prepare(config({ plugin, settings }));
  const said = () =>
    log.lines.map(({ message }) => message).filter((m) => /^(started|released)/.test(m));
  const settled = () => new Promise((resolve) => setTimeout(resolve, 20));
  return { directory, plugins, models, activation, offer, said, settled, activator, clock, log };
}

it('goes on with a plugin whose code, settings and models are the same', async () => {
  const { directory, plugins, offer, said } = swapping();
  install(directory, 'watched');
  (await offer()).commit();
  const before = plugins.active.roles[5]?.loaded;
  const next = await offer();
  expect(next.isDifferent).toBe(false);
  next.commit();
  expect(plugins.active.generation).toBe(2);
  expect(plugins.active.roles[5]?.loaded).toBe(before);
  expect(said()).toEqual(['started 1.0.0']);
});

it('starts it anew for other settings or another model, and lets the former go with its last session', async () => {
  const { directory, plugins, models, offer, said, settled } = swapping();
  install(directory, 'watched');
  (await offer()).commit();
  const release = plugins.active.retain();
  (await offer({ patience: 2 })).commit();
  await settled();
  expect(said()).toEqual(['started 1.0.0', 'started 1.0.0']);
  expect(models.released).toBe(0);
  release();
  release();
  await settled();
  expect(said()).toEqual(['started 1.0.0', 'started 1.0.0', 'released']);
  expect(models.released).toBe(1);
  models.versions.set('m', 'm/2');
  const next = await offer({ patience: 2 });
  expect(next.isDifferent).toBe(true);
  next.commit();
  await settled();
  expect(models.released).toBe(2);
});

it('releases what was only tried', async () => {
  const { directory, plugins, models, offer, said, activator } = swapping();
  install(directory, 'watched');
  (await offer()).commit();
  await (await offer({ patience: 2 })).discard();
  expect(said()).toEqual(['started 1.0.0', 'started 1.0.0', 'released']);
  expect(plugins.active.generation).toBe(1);
  expect([models.released, activator.discarded]).toEqual([1, 1]);
});

it('keeps an open breaker when another role changes', async () => {
  const { directory, plugins, offer, clock } = swapping();
  install(directory, 'watched');
  (await offer()).commit();
  const breaker = plugins.active.roles[5]?.breaker;
  for (let failure = 0; failure < 10; failure += 1) breaker?.fail(clock.nowMs());
  (await offer()).commit();
  expect(plugins.roles()[5]).toMatchObject({ breaker: 'open', isHealthy: false });
});

it('names a fault where the configuration has it, and says whether it is new', async () => {
  const { directory, offer } = swapping();
  install(directory, 'watched');
  const first = await offer({}, 'nowhere');
  expect(first.faults).toMatchObject([
    {
      path: ['roles', 'early-stopping', 'plugin'],
      error: { code: 'plugin-not-found' },
      isOld: false,
    },
  ]);
  first.commit();
  expect((await offer({}, 'nowhere')).faults).toMatchObject([{ isOld: true }]);
  expect((await offer({ patience: 'much' })).faults).toMatchObject([
    { path: ['roles', 'early-stopping', 'settings'], isOld: false },
  ]);
});

it('refuses files that changed under code that is loaded, and takes a new version from a new folder', async () => {
  const { directory, plugins, offer, said } = swapping();
  const place = install(directory, 'watched');
  (await offer()).commit();
  writeFileSync(join(place, 'index.js'), code('changed'));
  const [fault] = (await offer({ patience: 2 })).faults;
  expect(fault?.error).toMatchObject({ code: 'plugin-changed' });
  rmSync(place, { recursive: true });
  install(directory, 'watched-2', '2.0.0');
  (await offer()).commit();
  expect(plugins.active.roles[5]?.binding.pluginVersion).toBe('2.0.0');
  expect(said()).toContain('started 2.0.0');
});

it('may fix a manifest whose code was never loaded', async () => {
  const { directory, offer } = swapping();
  const place = install(directory, 'watched');
  const manifest = join(place, 'plugin.json');
  renameSync(manifest, `${manifest}.good`);
  cpSync(`${manifest}.good`, manifest);
  writeFileSync(manifest, readFileSync(manifest, 'utf8').replace('^1.0.0', '^9.0.0'));
  expect((await offer()).faults).toMatchObject([{ error: { code: 'plugin-sdk-range' } }]);
  renameSync(`${manifest}.good`, manifest);
  expect((await offer()).faults).toEqual([]);
});

it('goes on when a plugin cannot release what it holds', async () => {
  const { directory, plugins, models, offer, log } = swapping();
  install(directory, 'watched');
  (await offer({ patience: 13 })).commit();
  await plugins.dispose();
  expect(log.lines.some(({ message }) => message === 'plugin failed to dispose')).toBe(true);
  expect(models.released).toBe(1);
});
