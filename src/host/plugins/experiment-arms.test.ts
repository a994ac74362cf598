import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import type { RoleOverrides } from '../../domain/experiments/experiments.js';
import { fakeModels } from '../../domain/testing/fake-models.js';
import { CountingMetrics, FakeLog } from '../../domain/testing/fakes.js';
import { testConfig } from '../../domain/testing/test-config.js';
import { testExperiment } from '../../domain/testing/test-experiment.js';
import { seededRandom } from '../../plugin-sdk/internal/seeded-random.js';
import { FakeClock } from '../../plugin-sdk/testing/index.js';
import { withArms } from './experiment-arms.js';
import { PluginHost } from './plugin-host.js';

const fixtures = (folder: string) =>
  fileURLToPath(new URL(`../../../test/fixtures/${folder}`, import.meta.url));
const override = { plugin: undefined, model: undefined, settings: {} };

function start(arm: RoleOverrides) {
  const log = new FakeLog();
  const services = { clock: new FakeClock(), log, random: seededRandom };
  const home = { builtInDirectory: fixtures('plugins'), packagesFrom: fixtures('') };
  const plugins = new PluginHost({ ...services, metrics: new CountingMetrics() }, home);
  const experiment = testExperiment();
  const arms = experiment.arms.map((entry) =>
    entry.id === 'new' ? { ...entry, roles: arm } : entry,
  );
  const roles = { initialization: { plugin: 'constant-start' } };
  const config = testConfig({ roles, experiments: [{ ...experiment, arms }] });
  return { plugins, log, config };
}

it('an experiment whose arms are ready puts their roles in place, and names all of them', async () => {
  const { plugins, config } = start({
    initialization: { ...override, settings: { fraction: 0.5 } },
  });
  const set = await plugins.activate(config, fakeModels());
  expect(set.experiments).toHaveLength(1);
  for (const arm of ['old', 'new']) {
    const served = withArms(set, new Map([['warm-start-2', arm]]));
    expect(served.roles.map(({ binding }) => binding.arm)).toEqual([
      `warm-start-2/${arm}`,
      '',
      '',
      '',
      '',
      '',
    ]);
    // Control has nothing of its own: the plugin runs once.
    const isShared = served.roles[0]?.loaded === set.roles[0]?.loaded;
    expect(isShared).toBe(arm === 'old');
  }
  expect(withArms(set, new Map())).toBe(set);
  expect(withArms(set, new Map([['another', 'new']]))).toBe(set);
  await plugins.dispose();
});

it.each([
  ['a role that is off', { 'early-stopping': { ...override, model: 'm@1' } }, /the role is off/],
  ['no such plugin', { initialization: { ...override, plugin: 'nowhere' } }, /plugin-not-found/],
])(
  'an experiment with an arm of %s takes no plans, and leaves nothing running',
  async (_, arm, reason) => {
    const { plugins, config, log } = start(arm);
    const set = await plugins.activate(config, fakeModels());
    expect(set.experiments).toEqual([]);
    const line = log.lines.find(({ message }) => message === 'experiment takes no plans');
    expect(line?.fields['reason']).toMatch(reason);
    // The same fault again is no news; without experiments it is gone.
    const again = await plugins.prepare(config, fakeModels());
    expect(again.refused.map((refused) => again.isOldExperiment(refused))).toEqual([true]);
    await again.discard();
    await plugins.dispose();
  },
);

it('nothing is started for an experiment that has ended', async () => {
  const { plugins, config } = start({ initialization: { ...override, plugin: 'nowhere' } });
  const experiments = config.experiments.map((experiment) => ({
    ...experiment,
    state: 'ended' as const,
  }));
  const set = await plugins.activate({ ...config, experiments }, fakeModels());
  expect(set.experiments).toEqual([]);
  expect(plugins.plugins().find(({ id }) => id === 'constant-start')?.state).toBe('active');
  await plugins.dispose();
});
