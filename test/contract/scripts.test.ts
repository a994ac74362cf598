// Scripts that only say something do not begin with a set-up of minutes.
import { chmodSync, copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { describe, expect, it } from 'vitest';
import { root } from '../support/doc-examples.js';
import { temporaryFolder } from './stream/testing/live-host.js';

/** A checkout in which every program only writes down that it was called. */
function checkout(script: string) {
  const folder = temporaryFolder();
  const calls = join(folder, 'calls.txt');
  writeFileSync(calls, '');
  mkdirSync(join(folder, 'scripts'));
  mkdirSync(join(folder, 'bin'));
  copyFileSync(join(root, 'scripts', script), join(folder, 'scripts', script));
  for (const name of ['scripts/setup', 'bin/npm', 'bin/npx', 'bin/node']) {
    writeFileSync(join(folder, name), `#!/bin/sh\necho "${name} $*" >> '${calls}'\n`);
    chmodSync(join(folder, name), 0o755);
  }
  const run = async (options: readonly string[]) => {
    const PATH = `${join(folder, 'bin')}:${process.env['PATH']}`;
    const { exitCode } = await execa('bash', [join('scripts', script), ...options], {
      cwd: folder,
      env: { PATH },
      reject: false,
    });
    return { exitCode, calls: readFileSync(calls, 'utf8') };
  };
  return { run };
}

describe.each([
  ['evaluate', ['--help']],
  ['evaluate', ['-h']],
  ['evaluate', ['--list-arms']],
  ['evaluate', ['--cases', 'folder', '--dry-run']],
  ['faults', ['--help']],
  ['demo', ['--help']],
  ['bench', ['--help']],
  ['bench', ['rtt', '--help']],
])('npm run %s -- %j', (script, options) => {
  it('answers without a set-up', async () => {
    const { exitCode, calls } = await checkout(script).run(options);
    expect(exitCode).toBe(0);
    expect(calls).not.toContain('scripts/setup');
  });
});

it.each([
  ['evaluate', ['--limit', '1'], 'dist/evaluation/main.js'],
  ['faults', ['--short'], 'dist/bench/faults/main.js'],
  ['demo', ['--seed', '2'], 'scripts/demo.mjs'],
  ['bench', ['rtt', '--rounds', '1'], 'dist/bench/rtt/main.js'],
  ['bench', ['page', '--rounds', '1'], 'dist/bench/page/main.js'],
  ['bench', ['statistics', '--plans', '3'], 'dist/bench/statistics/main.js'],
  ['bench', ['trial', '--plans', '3'], 'dist/evaluation/trial/main.js'],
])('npm run %s %j sets everything up before it runs', async (script, options, program) => {
  const { calls } = await checkout(script).run(options);
  expect(calls.split('\n')[0]).toMatch(/^scripts\/setup/);
  expect(calls).toMatch(new RegExp(`bin/node .*${program} .*${options.at(-1)}`));
});
