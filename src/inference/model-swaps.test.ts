import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, onTestFinished } from 'vitest';
import type { ModelsConfig } from '../domain/host-config.js';
import { CountingMetrics, nobodyThere } from '../domain/testing/fakes.js';
import { testModels } from '../domain/testing/test-config.js';
import { ModelRepository } from './model-repository.js';
import { FakeLog, fixtures, iterationQuestion, noSignal, workerEntry } from './testing/fixtures.js';
import { edit, ModelCopies } from './testing/model-copy.js';

let copies: ModelCopies;
beforeEach(() => {
  copies = new ModelCopies();
  copies.add(fixtures, 'convergence/1');
  copies.add(fixtures, 'convergence/2');
});
afterEach(() => copies.dispose());

const stable = (version: string) => ({ convergence: { stable: version } });

/** Every model inline, however busy the machine. */
function configOf(config: Partial<ModelsConfig> = {}): ModelsConfig {
  return testModels({ directory: copies.directory, inlineBelowMs: 10_000, ...config });
}

function repository(config: Partial<ModelsConfig> = {}) {
  const log = new FakeLog();
  const models = new ModelRepository({
    config: configOf(config),
    builtInDirectory: fixtures,
    workerEntry,
    connectRemote: nobodyThere,
    log,
    metrics: new CountingMetrics(),
  });
  onTestFinished(() => models.dispose());
  const states = () => models.models().map(({ version, state }) => `${version} ${state}`);
  const loads = () => log.lines.filter(({ message }) => message === 'model ready').length;
  const settled = () => new Promise((resolve) => setTimeout(resolve, 50));
  return { models, states, loads, settled };
}

it('a label moves new leases, and a version stays while somebody holds it', async () => {
  const { models, states, loads, settled } = repository();
  const before = await models.prepare(configOf({ labels: stable('1') }));
  before.commit();
  const lease = before.view.lease();
  const handle = await lease.open('convergence');
  const after = await models.prepare(configOf({ labels: stable('2') }));
  expect(after.faults).toEqual([]);
  after.commit();
  const next = after.view.lease();
  expect((await next.open('convergence')).model.version).toBe('2');
  await settled();
  expect(states()).toEqual(['1 ready', '2 ready']);
  await expect(handle.run(iterationQuestion(1), noSignal)).resolves.toHaveProperty('ood_score');
  await lease.release();
  expect(states()).toEqual(['1 available', '2 ready']);
  await expect(handle.run(iterationQuestion(1), noSignal)).rejects.toMatchObject({
    policy: 'model-unavailable',
  });
  expect(loads()).toBe(2);
});

it('a version that both configurations use is loaded once', async () => {
  const { models, loads } = repository();
  (await models.prepare(configOf({ labels: stable('1') }))).commit();
  const next = await models.prepare(
    configOf({ labels: { convergence: { stable: '1', canary: '1' } } }),
  );
  next.commit();
  await next.view.lease().open('convergence@canary');
  expect(loads()).toBe(1);
  expect(models.models()[0]?.labels).toEqual(['stable', 'canary']);
});

it('what was only tried is released', async () => {
  const { models, states } = repository();
  const tried = await models.prepare(configOf({ labels: stable('2') }));
  expect(states()).toEqual(['1 available', '2 ready']);
  await tried.discard();
  expect(states()).toEqual(['1 available', '2 available']);
});

it('a label on a version that is not there, or not sound, is a fault at its place; an old one says so', async () => {
  const { models } = repository();
  const shown = configOf({ labels: { convergence: { canary: '9' } } });
  const first = await models.prepare(shown);
  expect(first.faults).toMatchObject([
    {
      path: ['models', 'labels', 'convergence', 'canary'],
      error: { code: 'model-label' },
      isOld: false,
    },
  ]);
  first.commit();
  expect((await models.prepare(shown)).faults).toMatchObject([{ isOld: true }]);
  edit(join(copies.directory, 'convergence/2/card.md'), (text) => `${text}!`);
  const invalid = await models.prepare(configOf({ labels: stable('2') }));
  expect(invalid.faults).toMatchObject([{ error: { code: 'model-label' }, isOld: false }]);
});

it('finds versions that came since, and knows content that changed under its name', async () => {
  const { models } = repository();
  const now = await models.prepare(configOf());
  now.commit();
  const two = await now.view.identify('convergence');
  edit(join(copies.directory, 'convergence/2/model.yaml'), (text) => `${text}\n# exported again\n`);
  expect(await now.view.identify('convergence')).not.toBe(two);
  const folder = copies.add(fixtures, 'convergence/2', 'convergence/10');
  edit(join(folder, 'model.yaml'), (text) => text.replace('version: "2"', 'version: "10"'));
  expect((await now.view.lease().open('convergence')).model.version).toBe('10');
  expect(await now.view.identify('nothing')).toBeUndefined();
});

it('another directory is another set of models', async () => {
  const { models } = repository();
  const elsewhere = await models.prepare(configOf({ directory: fixtures }));
  elsewhere.commit();
  expect(models.models().some(({ id }) => id === 'slow')).toBe(true);
});

it('a plugin that opens a model after it is gone gets none', async () => {
  const { models, states } = repository();
  const { view } = await models.prepare(configOf());
  const lease = view.lease();
  const opening = lease.open('convergence');
  await lease.release();
  await expect(opening).rejects.toThrow('a plugin that is gone');
  expect(states()).toEqual(['1 available', '2 available']);
});
