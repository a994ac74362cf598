import {
  chmodSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, expect, it, onTestFinished } from 'vitest';
import { nodeConfigFiles, sha256Of } from './config-files.js';

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'dh-advisor-files-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  file = join(folder, 'host.yaml');
  writeFileSync(file, 'a');
});

it('replaces a file through a link, mode kept, and leaves nothing beside it', async () => {
  chmodSync(file, 0o640);
  const link = join(folder, 'link.yaml');
  symlinkSync('host.yaml', link);
  await nodeConfigFiles.replace(link, 'b', sha256Of('a'));
  expect(readFileSync(file, 'utf8')).toBe('b');
  expect(statSync(file).mode & 0o777).toBe(0o640);
  expect(lstatSync(link).isSymbolicLink()).toBe(true);
  expect(readdirSync(folder).sort()).toEqual(['host.yaml', 'link.yaml']);
});

it('leaves a file alone that is not what was expected', async () => {
  const replacing = nodeConfigFiles.replace(file, 'b', sha256Of('before'));
  await expect(replacing).rejects.toMatchObject({ code: 'config-edited' });
  expect(readFileSync(file, 'utf8')).toBe('a');
  expect(readdirSync(folder)).toEqual(['host.yaml']);
});

it('says why it cannot write, and has changed nothing', async () => {
  // What it would write first is in the way; whoever runs this may write everywhere.
  mkdirSync(join(folder, `.host.yaml.${process.pid}.part`));
  const replacing = nodeConfigFiles.replace(file, 'b', sha256Of('a'));
  await expect(replacing).rejects.toMatchObject({
    code: 'config-not-writable',
    message: expect.stringMatching(/host\.yaml cannot be written: EISDIR/),
  });
  expect(readFileSync(file, 'utf8')).toBe('a');
});
