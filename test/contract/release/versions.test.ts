// One version, package.json's, wherever a version stands; and what `npm version` does with it.
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { execa } from 'execa';
import { describe, expect, it } from 'vitest';
import { notesFor, release, sectionsOf } from '../../../scripts/packaging/changelog.mjs';
import {
  followingVersions,
  productVersion,
  VERSIONED,
  writeVersion,
} from '../../../scripts/packaging/versions.mjs';
import { root } from '../../support/doc-examples.js';
import { temporaryFolder } from '../stream/testing/live-host.js';

/** What `npm version` works on: package.json, the changelog and the files that follow, under git. */
async function checkout(changelog: string): Promise<string> {
  const folder = temporaryFolder();
  for (const file of ['package.json', ...VERSIONED.map((place) => place.file)]) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    copyFileSync(join(root, file), join(folder, file));
  }
  const { scripts, ...manifest } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const version = `node ${join(root, 'scripts/packaging/follow-version.mjs')}`;
  const alone = { name: manifest.name, version: manifest.version, scripts: { version } };
  expect(scripts.version).toBe('node scripts/packaging/follow-version.mjs');
  writeFileSync(join(folder, 'package.json'), JSON.stringify(alone));
  writeFileSync(join(folder, 'CHANGELOG.md'), changelog);
  await git(folder, 'init', '--quiet');
  await git(folder, 'add', '-A');
  await git(folder, 'commit', '--quiet', '-m', 'before');
  return folder;
}

function git(cwd: string, ...args: string[]) {
  const who = ['-c', 'user.name=somebody', '-c', 'user.email=somebody@example.invalid'];
  return execa('git', [...who, ...args], { cwd });
}

function npmVersion(cwd: string, version: string) {
  const env = {
    GIT_AUTHOR_NAME: 'somebody',
    GIT_AUTHOR_EMAIL: 'somebody@example.invalid',
    GIT_COMMITTER_NAME: 'somebody',
    GIT_COMMITTER_EMAIL: 'somebody@example.invalid',
  };
  return execa('npm', ['version', version], { cwd, env, reject: false });
}

it('every file that names the version of the product names the same', () => {
  const versions = followingVersions(root);
  const files = new Set(versions.map(({ file }) => file));
  expect([...files].sort()).toEqual(VERSIONED.map(({ file }) => file).sort());
  expect(versions.filter(({ version }) => version !== productVersion(root))).toEqual([]);
});

describe('npm version', () => {
  it('writes it everywhere, dates the changelog, and commits and tags all of it', async () => {
    const folder = await checkout(
      '# Changelog\n\n## Unreleased\n\n- New.\n\n## 0.1.0 (2026-01-01)\n\n- Old.\n',
    );
    const { exitCode, stderr } = await npmVersion(folder, '7.8.9');
    expect(stderr).toBe('');
    expect(exitCode).toBe(0);
    expect(followingVersions(folder).map(({ version }) => version)).toEqual(
      followingVersions(root).map(() => '7.8.9'),
    );
    const changelog = readFileSync(join(folder, 'CHANGELOG.md'), 'utf8');
    expect(sectionsOf(changelog).map(({ title }) => title.replace(/ \(.*/, ''))).toEqual([
      'Unreleased',
      '7.8.9',
      '0.1.0',
    ]);
    expect(notesFor(changelog, '7.8.9')).toEqual({ isReleased: true, body: '- New.' });
    expect((await git(folder, 'status', '--porcelain')).stdout).toBe('');
    expect((await git(folder, 'tag')).stdout).toBe('v7.8.9');
  });

  it('releases nothing new: refuses before it writes', async () => {
    const folder = await checkout(
      '# Changelog\n\n## Unreleased\n\n## 0.1.0 (2026-01-01)\n\n- Old.\n',
    );
    const { exitCode, stderr } = await npmVersion(folder, '7.8.9');
    expect(exitCode).not.toBe(0);
    expect(stderr).toContain('CHANGELOG.md has nothing under "## Unreleased"');
    expect(new Set(followingVersions(folder).map(({ version }) => version))).toEqual(
      new Set([productVersion(root)]),
    );
    expect((await git(folder, 'tag')).stdout).toBe('');
  });
});

it('refuses versions that npm, Python, CMake and Debian read differently', () => {
  expect(() => writeVersion(root, '1.0.0-rc.1')).toThrow('1.0.0-rc.1 is not X.Y.Z');
});

it('refuses a version that the changelog has already', () => {
  const text = '## Unreleased\n\n- New.\n\n## 1.0.0 (2026-01-01)\n\n- Old.\n';
  expect(() => release(text, '1.0.0', '2026-02-02')).toThrow('a section for 1.0.0 already');
});
