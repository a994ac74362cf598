import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { contractRules, readPluginFolder } from 'dh-advisor/plugin-sdk/testing';
import { describe, expect, it } from 'vitest';

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

describe.each(folders)('%s', async (folder) => {
  for (const rule of contractRules(await readPluginFolder(join(root, folder)))) {
    it(rule.name, () => rule.check());
  }
});
