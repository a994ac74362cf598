// docs/write-a-plugin-in-python.md, followed literally in an empty folder.
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { root } from '../support/doc-examples.js';
import { blocksOf } from '../support/guide.js';
import { guideTerminal } from '../support/guide-terminal.js';

const workplace = mkdtempSync(join(tmpdir(), 'dh-advisor-python-'));
const folder = join(workplace, 'reader');
const blocks = blocksOf('docs/write-a-plugin-in-python.md');
const { environment, serve, run, end } = guideTerminal(folder);

beforeAll(async () => {
  mkdirSync(folder);
  const commands = join(workplace, 'bin');
  mkdirSync(commands);
  const python = join(root, '.venv/bin/python');
  const made = { 'dh-advisor': `node '${join(root, 'dist/src/main.js')}'`, python3: `'${python}'` };
  for (const [name, command] of Object.entries(made)) {
    writeFileSync(join(commands, name), `#!/bin/sh\nexec ${command} "$@"\n`);
    chmodSync(join(commands, name), 0o755);
  }
  // As the page makes the wheel.
  const wheels = join(workplace, 'wheels');
  const making = ['-m', 'pip', 'wheel', '-q', '--no-deps', '--no-build-isolation', '-w', wheels];
  await execa(python, [...making, join(root, 'clients/python-plugin')]);
  const [wheel = ''] = readdirSync(wheels).filter((name) => name.endsWith('.whl'));
  Object.assign(environment, {
    PATH: [commands, join(root, 'build/cpp/rtmodel'), process.env['PATH'] ?? ''].join(delimiter),
    DH_ADVISOR_PLUGIN: join(wheels, wheel),
    // What setup has fetched, in place of a registry.
    PIP_NO_INDEX: '1',
    PIP_FIND_LINKS: join(root, 'build/client-wheels'),
  });
}, 90_000);

afterAll(async () => {
  await end();
  rmSync(workplace, { recursive: true, force: true });
});

it('leads from an empty folder to a plugin in Python whose advice a real plan takes', async () => {
  let output = '';
  let followed = 0;
  for (const { file, language, text } of blocks) {
    followed += 1;
    if (file !== undefined) {
      mkdirSync(dirname(join(folder, file)), { recursive: true });
      writeFileSync(join(folder, file), text);
    } else if (language === 'sh terminal') await serve(text);
    else if (language === 'sh') output = await run(text);
    else if (language === 'text') {
      for (const line of text.trim().split('\n')) expect(output).toContain(line);
    } else throw new Error(`the page has a block that nobody follows: ${language}`);
  }
  expect(followed).toBeGreaterThanOrEqual(11);
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
}, 240_000);
