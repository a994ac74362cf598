import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { fakeOpening, playSession } from '../../domain/testing/play-session.js';
import { MemoryFiles } from '../testing/memory-files.js';
import { SECRET, storeAt } from '../testing/store-fixture.js';
import { RecordingDirectory } from './recording-directory.js';
import type { StoreServices } from './trajectory-store.js';

function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'dh-advisor-recordings-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

const setUp = (directory = temporaryFolder(), services: Partial<StoreServices> = {}) =>
  storeAt(directory, services);

describe('a session is not recorded', () => {
  it('unless configuration and client agree', () => {
    const { store, config, request, counted } = setUp();
    expect(
      store.open(request('one', { opening: fakeOpening({ mayRecord: false }) })),
    ).toBeUndefined();
    expect(store.open(request('two', { config: { ...config, enabled: false } }))).toBeUndefined();
    expect(counted('refused')).toBe(0);
  });

  it('into a full directory', async () => {
    const { directory, store, config, request, counted } = setUp();
    writeFileSync(join(directory, 'filler'), Buffer.alloc(config.maxTotalBytes));
    expect(store.open(request('one'))).toBeUndefined();
    expect(counted('refused')).toBe(1);
    await store.close();
  });

  it('into a directory of another host, which is told once; a plan after that one has ended is recorded', async () => {
    const directory = temporaryFolder();
    const other = new RecordingDirectory(directory, { DH_ADVISOR_RECORDING_SECRET: SECRET });
    let nowMs = 0;
    const clock = { nowMs: () => nowMs };
    const { store, log, request, counted } = setUp(directory, { clock });
    expect(store.open(request('one'))).toBeUndefined();
    nowMs = 10_000;
    expect(store.open(request('two'))).toBeUndefined();
    expect([log.lines.length, counted('refused')]).toEqual([1, 2]);
    expect(String(log.lines[0]?.fields['err'])).toMatch(/another host records to/);
    other.release();
    expect(store.open(request('three'))).toBeUndefined();
    nowMs = 20_000;
    const recording = store.open(request('four'));
    recording?.close('finished');
    expect(counted('opened')).toBe(1);
    await store.close();
  });

  it('under a secret that is easy to guess', () => {
    const environment = { DH_ADVISOR_RECORDING_SECRET: 'short' };
    const { store, request, log } = setUp(temporaryFolder(), { environment });
    expect(store.open(request('one'))).toBeUndefined();
    expect(String(log.lines[0]?.fields['err'])).toContain('shorter than 16');
  });
});

it('says whether recordings are kept', async () => {
  const { store, config, request } = setUp();
  expect(store.health).toBe('off');
  store.prepare(config);
  expect(store.health).toBe('ok');
  const memory = new MemoryFiles();
  memory.roomBytes = 100;
  const short = setUp(temporaryFolder(), { files: memory });
  short.store.open(short.request('one'))?.close('finished');
  await short.store.close();
  expect(short.store.health).toBe('failing');
  store.open(request('one', { config: { ...config, maxTotalBytes: 0 } }));
  expect(store.health).toBe('failing');
  const recording = store.open(request('two'));
  if (recording) playSession(recording);
  await store.close();
  expect(store.health).toBe('ok');
  store.open(request('three', { config: { ...config, enabled: false } }));
  expect(store.health).toBe('off');
});
