import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { SOLVERS } from '@dh-advisor/plugin-sdk';
import {
  contractRules,
  fakePlan,
  fakeServices,
  readPluginFolder,
} from '@dh-advisor/plugin-sdk/testing';
import { afterAll, describe, expect, it } from 'vitest';
import { startRepository } from '../support/model-repository.js';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Every plugin folder, found and not listed, so that none is forgotten. */
const folders = ['plugins', 'test/fixtures/plugins'].flatMap((parent) =>
  readdirSync(join(root, parent), { withFileTypes: true })
    .filter(
      (entry) => entry.isDirectory() && existsSync(join(root, parent, entry.name, 'plugin.json')),
    )
    .map((entry) => `${parent}/${entry.name}`),
);

it('finds plugins to judge', () => {
  expect(folders.length).toBeGreaterThanOrEqual(6);
});

/** Learned plugins are judged with real models: small ones with random weights. */
const repository = startRepository();
afterAll(() => repository.dispose());

describe.each(folders)('%s', async (folder) => {
  const underTest = await readPluginFolder(join(root, folder));
  describe.each(SOLVERS)('for solver %s', (solver) => {
    const plan = fakePlan({ solver });
    const services = () => fakeServices({ inference: repository });
    for (const rule of contractRules(underTest, { plan, services })) {
      it(rule.name, () => rule.check());
    }
  });
});
