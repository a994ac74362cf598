import { renameSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import type { TlsMaterial } from '../../domain/operations/certificates.js';
import { FakeLog } from '../../domain/testing/fakes.js';
import { FakeClock } from '../../plugin-sdk/testing/index.js';
import { CertificateFolder, makeAuthority, signServer } from '../testing/test-certificates.js';
import { POLL_MS, SETTLE_MS, WatchedCertificates } from './watched-certificates.js';

async function setUp(days = 365) {
  const folder = new CertificateFolder();
  onTestFinished(() => folder.remove());
  const authority = await makeAuthority();
  const tls = folder.writePair('server', await signServer(authority, days));
  const clock = new FakeClock();
  const log = new FakeLog();
  const wall = { nowMs: Date.now() };
  const dependencies = { clock, log, wallMs: () => wall.nowMs };
  const watched = await WatchedCertificates.open('server', tls, dependencies);
  onTestFinished(() => watched.close());
  const shown: TlsMaterial[] = [];
  const leave = watched.onChange((material) => shown.push(material));
  /** One read of the files, whatever it finds, to its end. */
  const read = async (afterMs: number) => {
    clock.advance(afterMs);
    while (clock.pendingTimers === 0) await new Promise(setImmediate);
  };
  const settle = async () => {
    await read(POLL_MS);
    await read(SETTLE_MS);
  };
  return { folder, authority, tls, clock, log, wall, watched, shown, leave, read, settle };
}

it('shows new files once they stand still, and says so', async () => {
  const { folder, authority, watched, shown, log, read } = await setUp();
  const before = watched.current();
  await read(POLL_MS);
  const renewed = await signServer(authority);
  folder.writePair('server', renewed);
  await read(POLL_MS);
  expect(watched.current()).toBe(before);
  await read(SETTLE_MS);
  expect(watched.current()).toMatchObject(renewed);
  expect(shown).toEqual([watched.current()]);
  expect(log.lines).toMatchObject([
    { level: 'info', message: 'certificates replaced', fields: { listener: 'server' } },
  ]);
});

it('goes on with what it has when the files are faulty, says so once, and takes the next good ones', async () => {
  const { folder, authority, watched, shown, log, settle, read } = await setUp();
  const before = watched.current();
  const other = await signServer(authority);
  folder.write('server.crt', other.certificate);
  await settle();
  await read(POLL_MS);
  await read(POLL_MS);
  expect(watched.current()).toBe(before);
  expect(shown).toEqual([]);
  expect(watched.health()).toMatchObject({
    state: 'stale',
    problem: expect.stringMatching(/is not the key of the certificate/),
  });
  expect(log.lines.map(({ level }) => level)).toEqual(['error']);
  folder.write('server.key', other.key);
  await settle();
  expect(watched.current()).toMatchObject(other);
  expect(watched.health()).toMatchObject({ state: 'ok', problem: null });
});

it('files that are gone, and back', async () => {
  const { folder, tls, watched, settle } = await setUp();
  const away = join(folder.path, 'away');
  renameSync(tls.key, away);
  await settle();
  expect(watched.health()).toMatchObject({
    state: 'stale',
    problem: expect.stringMatching(/does not exist/),
  });
  renameSync(away, tls.key);
  await settle();
  expect(watched.health().state).toBe('ok');
});

it('sees a link that is pointed at another file, as mounts of secrets do', async () => {
  const { folder, authority, tls, watched, settle } = await setUp();
  const next = folder.writePair('next', await signServer(authority));
  for (const part of ['certificate', 'key'] as const) {
    rmSync(tls[part]);
    symlinkSync(next[part], tls[part]);
  }
  const before = watched.current();
  await settle();
  expect(watched.current()).not.toBe(before);
  expect(watched.health().state).toBe('ok');
});

it('says that its certificate ends soon, and that it has ended', async () => {
  const { log, watched, wall } = await setUp(3);
  expect(log.lines).toMatchObject([
    { level: 'warn', message: expect.stringMatching(/ends soon/), fields: { listener: 'server' } },
  ]);
  wall.nowMs += 4 * 86_400_000;
  expect(watched.health().state).toBe('expired');
});

it('tells nobody who has left, and reads no more once closed', async () => {
  const { folder, authority, watched, shown, leave, settle, log, clock } = await setUp();
  leave();
  folder.writePair('server', await signServer(authority));
  await settle();
  expect(shown).toEqual([]);
  expect(log.lines).toHaveLength(1);
  watched.close();
  expect(clock.pendingTimers).toBe(0);
});
