import { existsSync, mkdirSync, readdirSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { playEvents, playSession } from '../../domain/testing/play-session.js';
import { journalStore } from '../testing/journal-fixture.js';
import { cleanJournals } from './clean-journals.js';

const DAY_MS = 86_400_000;

/** A folder with `ended` journals of plans that ended, one a day, the latest today, and an open one that is the oldest. */
async function folder(ended: number) {
  const { store, open, path, config } = journalStore(onTestFinished);
  for (let n = 0; n < ended; n += 1) playSession(open(n));
  playEvents(open(ended));
  await store.close();
  const nowMs = Date.now();
  const age = (n: number, ageMs: number) => {
    const seconds = (nowMs - ageMs) / 1000;
    utimesSync(path(n), seconds, seconds);
  };
  for (let n = 0; n < ended; n += 1) age(n, n * DAY_MS);
  age(ended, ended * DAY_MS);
  const removed: string[] = [];
  const services = {
    wallMs: () => nowMs,
    isOpen: (_path: string) => false,
    onFault: (file: string) => removed.push(file),
  };
  const sizes = readdirSync(config.directory).map(
    (name) => statSync(join(config.directory, name)).size,
  );
  return { config, path, services, totalBytes: sizes.reduce((a, b) => a + b, 0), faults: removed };
}

it('removes what is too old, and keeps what may be open', async () => {
  const { config, path, services } = await folder(5);
  const keep = { ...config, keepDays: 2.5, openAtMostMs: 100 * DAY_MS };
  const left = await cleanJournals(keep, services);
  expect([0, 1, 2, 3, 4].map((n) => existsSync(path(n)))).toEqual([true, true, true, false, false]);
  // Of a host on the same folder, for all that this one knows.
  expect(existsSync(path(5))).toBe(true);
  expect(left).toBe([0, 1, 2, 5].reduce((sum, n) => sum + statSync(path(n)).size, 0));
  // Nobody can still be writing it.
  await cleanJournals({ ...keep, openAtMostMs: DAY_MS }, services);
  expect(existsSync(path(5))).toBe(false);
});

it('removes the oldest that have ended until the rest fits', async () => {
  const { config, path, services, totalBytes } = await folder(5);
  const roomy = { ...config, keepDays: 1000, openAtMostMs: 100 * DAY_MS };
  await cleanJournals({ ...roomy, maxTotalBytes: totalBytes }, services);
  expect(existsSync(path(4))).toBe(true);
  await cleanJournals({ ...roomy, maxTotalBytes: totalBytes - 1 }, services);
  expect([3, 4, 5].map((n) => existsSync(path(n)))).toEqual([true, false, true]);
  await cleanJournals({ ...roomy, maxTotalBytes: 1 }, services);
  expect([0, 1, 2, 3, 5].map((n) => existsSync(path(n)))).toEqual([
    false,
    false,
    false,
    false,
    true,
  ]);
});

it('leaves alone what this host writes, what is no journal, and a folder that is not there', async () => {
  const { config, path, services } = await folder(1);
  writeFileSync(join(config.directory, 'notes.txt'), 'x'.repeat(1000));
  mkdirSync(join(config.directory, 'folder.journal'));
  const tight = { ...config, maxTotalBytes: 1, openAtMostMs: 1 };
  await cleanJournals(tight, { ...services, isOpen: (file) => file === path(0) });
  expect(readdirSync(config.directory).sort()).toContain('notes.txt');
  expect(existsSync(path(0))).toBe(true);
  expect(existsSync(join(config.directory, 'folder.journal'))).toBe(true);
  const none = { ...config, directory: join(config.directory, 'none') };
  expect(await cleanJournals(none, services)).toBe(0);
});
