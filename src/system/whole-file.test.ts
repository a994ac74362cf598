import {
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, expect, it, onTestFinished } from 'vitest';
import { writeWhole } from './whole-file.js';

let folder: string;
let path: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'dh-advisor-whole-'));
  path = join(folder, 'report.html');
  onTestFinished(() => rmSync(folder, { recursive: true }));
});

async function* broken(): AsyncGenerator<string> {
  yield 'half of ';
  throw Object.assign(new Error('no space left on device'), { code: 'ENOSPC' });
}

it('replaces what was there, and leaves nothing else', async () => {
  await writeWhole(path, 'old');
  await writeWhole(path, 'new');
  expect([readFileSync(path, 'utf8'), readdirSync(folder)]).toEqual(['new', ['report.html']]);
});

it('leaves what was there when the writing fails, and no part of the new', async () => {
  writeFileSync(path, 'old');
  await expect(writeWhole(path, broken())).rejects.toThrow(/no space left/);
  expect([readFileSync(path, 'utf8'), readdirSync(folder)]).toEqual(['old', ['report.html']]);
});

it('leaves what was there when it is not to be replaced any more', async () => {
  writeFileSync(path, 'old');
  const replacing = writeWhole(path, 'new', () => Promise.reject(new Error('edited meanwhile')));
  await expect(replacing).rejects.toThrow('edited meanwhile');
  expect([readFileSync(path, 'utf8'), readdirSync(folder)]).toEqual(['old', ['report.html']]);
});

it('leaves what was there when there is no place to write the new beside it', async () => {
  writeFileSync(path, 'old');
  mkdirSync(join(folder, `.report.html.${process.pid}.part`));
  await expect(writeWhole(path, 'new')).rejects.toThrow(/EISDIR/);
  expect(readFileSync(path, 'utf8')).toBe('old');
});

it('writes no file at all when there was none', async () => {
  await expect(writeWhole(path, broken())).rejects.toThrow(/no space left/);
  expect(readdirSync(folder)).toEqual([]);
});

it('goes through symbolic links, and to devices', async () => {
  const link = join(folder, 'link.html');
  writeFileSync(path, 'old');
  symlinkSync(path, link);
  await writeWhole(link, 'new');
  expect([readFileSync(path, 'utf8'), lstatSync(link).isSymbolicLink()]).toEqual(['new', true]);
  await writeWhole('/dev/null', 'nothing');
});

it('says which folder is missing', async () => {
  await expect(writeWhole(join(folder, 'nowhere', 'a'), 'x')).rejects.toThrow(/ENOENT.*nowhere/);
});
