import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { FileLock } from './file-lock.js';

function pathOf(): string {
  const folder = mkdtempSync(join(tmpdir(), 'dh-advisor-lock-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return join(folder, 'lock');
}

it('is had by one at a time, and again after a release', () => {
  const path = pathOf();
  const first = FileLock.take(path);
  expect(first).toBeDefined();
  for (let i = 0; i < 3; i += 1) expect(FileLock.take(path)).toBeUndefined();
  first?.release();
  first?.release();
  const second = FileLock.take(path);
  expect(second).toBeDefined();
  expect(FileLock.take(path)).toBeUndefined();
  second?.release();
});

it('leaves nothing behind when it is removed, and is had again', () => {
  const path = pathOf();
  FileLock.take(path)?.releaseAndRemove();
  expect(readdirSync(join(path, '..'))).toEqual([]);
  const next = FileLock.take(path);
  expect(FileLock.take(path)).toBeUndefined();
  next?.release();
});

it('is of the file that stands at its path, not of one that was removed', () => {
  const path = pathOf();
  const old = FileLock.take(path);
  rmSync(path);
  const next = FileLock.take(path);
  expect(next).toBeDefined();
  old?.release();
  expect(FileLock.take(path)).toBeUndefined();
  next?.release();
});

it('says what is wrong with a place that cannot be used', () => {
  expect(() => FileLock.take(join(pathOf(), 'nowhere'))).toThrow(/ENOENT/);
});
