// The rules of the contract, kept by plugins in processes of their own, and what they say there is what they say in the host.
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  contractRules,
  createPlugin,
  fakePlan,
  fakeServices,
  playRun,
  readPluginFolder,
  recordedRun,
} from '@dh-advisor/plugin-sdk/testing';
import { afterAll, describe, expect, it } from 'vitest';
import { FakeLog } from '../../../src/domain/testing/fakes.js';
import { testConfig } from '../../../src/domain/testing/test-config.js';
import { isolatedDefinition } from '../../../src/host/isolation/isolated-definition.js';
import { readCode } from '../../../src/host/plugins/plugin-code.js';
import { readPlugin } from '../../../src/host/plugins/plugin-discovery.js';
import type { PluginDefinition } from '../../../src/plugin-sdk/index.js';
import { systemClock } from '../../../src/system/system-clock.js';
import { isolatedPlugins } from '../../../src/workers/plugins/plugin-launcher.js';
import { startRepository } from '../../support/model-repository.js';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const services = isolatedPlugins(
  join(root, 'dist/src/workers/plugins/plugin-worker.js'),
  join(root, 'proto'),
);
const repository = startRepository();
afterAll(() => repository.dispose());

async function isolated(folder: string) {
  const found = readPlugin(join(root, folder));
  const code = await readCode(found);
  const config = testConfig();
  const log = new FakeLog();
  const context = () => ({
    ...services,
    clock: systemClock,
    log,
    config,
    inference: repository,
    code,
  });
  return { found, ...(await isolatedDefinition(found, context)) };
}

const shipped = readdirSync(join(root, 'dist/plugins')).filter((name) =>
  existsSync(join(root, 'dist/plugins', name, 'plugin.json')),
);

it('finds plugins to judge', () => {
  expect(shipped.length).toBeGreaterThanOrEqual(6);
});

describe.each(shipped)('%s', (name) => {
  it('says bit for bit the same in a process of its own', async () => {
    const plan = fakePlan();
    const events = recordedRun({ plan });
    const { plugin: inline } = await readPluginFolder(join(root, 'dist/plugins', name));
    const apart = await isolated(`dist/plugins/${name}`);
    const answers = [];
    for (const definition of [inline as PluginDefinition, apart.definition]) {
      const asksEveryN = definition.asksEveryN?.(definition.configSchema.parse({})) ?? 0;
      const plugin = await createPlugin(definition, {}, fakeServices({ inference: repository }));
      const { role } = apart.found.manifest;
      answers.push(await playRun(role, plugin, events, { plan, seed: 42, asksEveryN }));
      await plugin.dispose?.();
    }
    await apart.dispose();
    expect(answers[1]).toEqual(answers[0]);
  });
});

describe('plateau, in a process of its own,', async () => {
  const apart = await isolated('dist/plugins/plateau');
  afterAll(() => apart.dispose());
  const underTest = { manifest: apart.found.written, plugin: apart.definition };
  for (const rule of contractRules(underTest)) it(rule.name, () => rule.check());
});
