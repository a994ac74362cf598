// What the release workflow runs beside scripts/release, as it runs it.
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { root } from '../../support/doc-examples.js';
import { temporaryFolder } from '../stream/testing/live-host.js';

interface Workflow {
  readonly jobs: Readonly<Record<string, { readonly steps: readonly { readonly run?: string }[] }>>;
}

const workflow = parse(
  readFileSync(join(root, '.github/workflows/release.yaml'), 'utf8'),
) as Workflow;
const commands = Object.values(workflow.jobs).flatMap(({ steps }) =>
  steps.flatMap(({ run = '' }) => run.split('\n')),
);

it('names scripts that are there', () => {
  const named = commands.flatMap((line) => line.match(/scripts\/[\w./-]+/g) ?? []);
  expect(named).toEqual([
    'scripts/packaging/check-tag.mjs',
    'scripts/release',
    'scripts/packaging/gather.mjs',
  ]);
  expect(named.filter((path) => !existsSync(join(root, path)))).toEqual([]);
});

describe('the tag', () => {
  const check = (tag: string) =>
    execa('node', ['scripts/packaging/check-tag.mjs', tag], { cwd: root, reject: false });

  it('is refused when it is of another version, or one that the changelog does not have', async () => {
    const { exitCode, stderr } = await check('v99.0.0');
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(
      /the tag is v99\.0\.0, and package\.json says \d+\.\d+\.\d+; `npm version` sets all of it/,
    );
  });
});

it('gathers the artefacts of several platforms, those that all have from the first, and sums them anew', async () => {
  const folder = temporaryFolder();
  const files = {
    'x64/a.whl': 'first',
    'x64/host-x64.tgz': 'x',
    'x64/SHA256SUMS': 'of x64',
    'arm64/a.whl': 'second',
    'arm64/host-arm64.tgz': 'y',
  };
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(join(folder, name, '..'), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  await execa('node', [join(root, 'scripts/packaging/gather.mjs'), 'x64', 'arm64', 'all'], {
    cwd: folder,
  });
  expect(readdirSync(join(folder, 'all')).sort()).toEqual([
    'SHA256SUMS',
    'a.whl',
    'host-arm64.tgz',
    'host-x64.tgz',
  ]);
  expect(readFileSync(join(folder, 'all/a.whl'), 'utf8')).toBe('first');
  await execa('sha256sum', ['--check', '--strict', 'SHA256SUMS'], { cwd: join(folder, 'all') });
});
