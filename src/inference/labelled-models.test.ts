import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { testModels } from '../domain/testing/test-config.js';
import { fixtures } from './testing/fixtures.js';
import { flip } from './testing/model-copy.js';
import { TestRepositories } from './testing/repositories.js';

let made: TestRepositories;
beforeEach(() => {
  made = new TestRepositories();
});
afterEach(() => made.dispose());

describe('names', () => {
  beforeEach(() => {
    made.copies.add(fixtures, 'convergence/1');
    made.copies.add(fixtures, 'convergence/2');
  });
  const labels = { convergence: { canary: '2', stable: '1' } };

  it.each([
    ['convergence', {}, '2'],
    ['convergence@stable', {}, '2'],
    ['convergence@1', {}, '1'],
    ['convergence', labels, '1'],
    ['convergence@canary', labels, '2'],
    ['convergence@2', labels, '2'],
  ])('%s with labels %j is version %s', async (name, withLabels, version) => {
    const { model, signature } = await made.over({ labels: withLabels }).open(name);
    expect(model).toMatchObject({ id: 'convergence', version });
    expect(model.sha256).toMatch(/^[0-9a-f]{64}$/);
    expect(signature).toMatchObject({ role: 'early-stopping', weightCeiling: undefined });
  });

  it.each(['convergense', 'convergence@3', 'convergence@shadow', '../convergence', ''])(
    '"%s" is not found, and what is there is named',
    async (name) => {
      expect(await made.refusalOf(name, { labels })).toBe('model-not-found');
      await expect(made.over({ labels }).open(name)).rejects.toThrow(/Known: convergence/);
    },
  );

  it.each([
    ['convergence', { kind: 'latest', count: 1 }, '2'],
    ['convergence', { kind: 'specific', versions: ['1'] }, '1'],
    ['convergence@stable', { kind: 'specific', versions: ['1', '7'] }, '1'],
    ['convergence@1', { kind: 'all' }, '1'],
  ] as const)('%s under %j is version %s', async (name, policy, version) => {
    const { model } = await made.over({ versionPolicies: { convergence: policy } }).open(name);
    expect(model.version).toBe(version);
  });

  it('a version that the policy lets not serve is refused, whoever points at it', async () => {
    const versionPolicies = { convergence: { kind: 'latest', count: 1 } } as const;
    expect(await made.refusalOf('convergence@1', { versionPolicies })).toBe('model-version-policy');
    const models = made.over({ versionPolicies, labels });
    await expect(models.open('convergence')).rejects.toThrow(/no other serve than 2/);
    const none = { convergence: { kind: 'specific', versions: ['9'] } } as const;
    await expect(made.over({ versionPolicies: none }).open('convergence')).rejects.toThrow(
      /Known: $|Known: convergence@stable|not-found/,
    );
  });

  it('a label points at a ready version only', async () => {
    flip('model.onnx')(join(made.copies.directory, 'convergence/2'));
    const shown = { convergence: { canary: '2', shadow: '9', stable: '1' } };
    const models = made.over({ labels: shown });
    const prepared = await models.prepare(
      testModels({ directory: made.copies.directory, inlineBelowMs: 10_000, labels: shown }),
    );
    prepared.commit();
    expect(prepared.faults.map(({ path, error }) => `${path.join('.')} ${error.code}`)).toEqual([
      'models.labels.convergence.canary model-label',
      'models.labels.convergence.shadow model-label',
    ]);
    await expect(models.open('convergence@shadow')).rejects.toThrow('model-label');
    await expect(models.open('convergence@canary')).rejects.toThrow('model-checksum');
    await expect(models.open('convergence')).resolves.toBeDefined();
    expect(models.models()).toMatchObject([
      { version: '1', state: 'ready', labels: ['stable'] },
      { version: '2', state: 'refused', labels: ['canary'] },
    ]);
  });
});
