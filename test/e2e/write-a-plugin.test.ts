import {
  chmodSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { root } from '../support/doc-examples.js';
import { blocksOf } from '../support/guide.js';
import { guideTerminal } from '../support/guide-terminal.js';
import { packed, startRegistry } from '../support/npm-registry.js';

const workplace = mkdtempSync(join(tmpdir(), 'dh-advisor-plugin-'));
/** The reader's, empty. */
const folder = join(workplace, 'reader');
const blocks = blocksOf('docs/write-a-plugin.md');

const { environment, serve, run, end } = guideTerminal(folder);
let registry: Awaited<ReturnType<typeof startRegistry>> | undefined;

beforeAll(async () => {
  mkdirSync(folder);
  // The two commands, as docs/install.md puts them on the path.
  const commands = join(workplace, 'bin');
  mkdirSync(commands);
  const command = join(commands, 'dh-advisor');
  writeFileSync(command, `#!/bin/sh\nexec node '${join(root, 'dist/src/main.js')}' "$@"\n`);
  chmodSync(command, 0o755);
  const path = [commands, join(root, 'build/cpp/rtmodel'), process.env['PATH'] ?? ''];
  const sdk = join(root, 'src/plugin-sdk');
  const { dependencies } = JSON.parse(readFileSync(join(sdk, 'package.json'), 'utf8'));
  registry = await startRegistry(Object.keys(dependencies));
  Object.assign(environment, {
    PATH: path.join(delimiter),
    DH_ADVISOR_SDK: packed(sdk, workplace),
    ...registry.environment,
  });
}, 90_000);

afterAll(async () => {
  registry?.stop();
  await end();
  rmSync(workplace, { recursive: true, force: true });
});

it('finds the steps of the page', () => {
  const kinds = blocks.map(({ file, language }) => file ?? language);
  expect(kinds.filter((kind) => kind.startsWith('sh')).length).toBeGreaterThanOrEqual(7);
  expect(kinds).toContain('plugins/narrowing-variance/plugin.json');
});

// Its own time limit: a plan is made, and a host started.
it('leads from an empty folder to a plugin whose advice a real plan takes', async () => {
  let output = '';
  for (const { file, language, text } of blocks) {
    if (file !== undefined) {
      mkdirSync(dirname(join(folder, file)), { recursive: true });
      writeFileSync(join(folder, file), text);
    } else if (language === 'sh terminal') await serve(text);
    else if (language === 'sh') output = await run(text);
    else if (language === 'text') {
      for (const line of text.trim().split('\n')) expect(output).toContain(line);
    } else throw new Error(`the page has a block that nobody follows: ${language}`);
  }
  const modules = readdirSync(join(folder, 'node_modules'), { withFileTypes: true });
  const installed = modules.filter((entry) => !entry.name.startsWith('.'));
  expect(installed.map(({ name }) => name).sort()).toEqual(['@dh-advisor', 'semver', 'zod']);
  expect(readdirSync(join(folder, 'node_modules/@dh-advisor'))).toEqual(['plugin-sdk']);
  expect(lstatSync(join(folder, 'node_modules/@dh-advisor/plugin-sdk')).isDirectory()).toBe(true);
  const result = JSON.parse(readFileSync(join(folder, 'result.json'), 'utf8')) as {
    readonly advice: {
      readonly roles: readonly { role: string; accepted: number }[];
      readonly bindings: readonly { role: string; plugin: string }[];
    };
  };
  const binding = result.advice.bindings.find(({ role }) => role === 'adaptive-variance');
  expect(binding?.plugin).toBe('narrowing-variance');
  const asked = result.advice.roles.find(({ role }) => role === 'adaptive-variance');
  expect(asked?.accepted).toBeGreaterThan(0);
}, 90_000);
