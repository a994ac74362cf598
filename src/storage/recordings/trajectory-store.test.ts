import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { FINAL_WEIGHTS, playEvents, playSession } from '../../domain/testing/play-session.js';
import { recordedRun } from '../../plugin-sdk/testing/index.js';
import { pseudonym } from '../pseudonyms.js';
import { SECRET, storeAt } from '../testing/store-fixture.js';
import { convertRecording } from './convert-recording.js';
import {
  listSessions,
  readMetadata,
  readRecordingMetadata,
  readTable,
} from './parquet/read-trajectory.js';
import type { SessionPaths } from './trajectory-paths.js';
import type { StoreServices } from './trajectory-store.js';

function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'dh-advisor-recordings-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

const setUp = (directory = temporaryFolder(), services: Partial<StoreServices> = {}) =>
  storeAt(directory, services);

/** Waits until `isSo` holds; what it throws means not yet. */
async function until(isSo: () => boolean): Promise<void> {
  const holds = () => {
    try {
      return isSo();
    } catch {
      return false;
    }
  };
  while (!holds()) await new Promise(setImmediate);
}

describe('a session that finished', () => {
  it('is a trajectory with every number it was told', async () => {
    const { directory, store, request, counted } = setUp();
    const recording = store.open(request('one'));
    if (recording) playSession(recording);
    await store.close();
    expect(counted('kept')).toBe(1);
    const path = join(directory, 'one');
    const metadata = await readMetadata(path);
    expect(metadata).toMatchObject({
      session_id: 'one',
      outcome: 'finished',
      is_complete: true,
      torn_bytes: 0,
      configuration_generation: 3,
      stage_count: 2,
      iteration_count: 12,
      finish: { call_equivalents: 25.5, metrics: [{ structure: 'PTV70', value: 69.5 }] },
    });
    expect(metadata.anatomy.target_dvhs['PTV70']).toEqual([
      [70, 1],
      [72.1, 0],
    ]);
    const told = recordedRun({ iterations: 6 }).flatMap((event) =>
      event.kind === 'iteration' ? [event] : [],
    );
    const rows = await readTable(path, 'iterations');
    expect(rows.map((row) => row['objective'])).toEqual(told.map(({ objective }) => objective));
    expect(rows.map((row) => row['weights'])).toEqual(
      told.map(({ tensors }) => [...Float32Array.from(tensors.weights?.data ?? [])]),
    );
    expect(rows[0]).toMatchObject({
      step_direction_outcome: 'applied',
      step_direction_verdict: 'accepted',
      early_stopping_outcome: null,
    });
    const beamlets = await readTable(path, 'beamlets');
    expect(beamlets.map((row) => row['final_weight'])).toEqual([...FINAL_WEIGHTS]);
    expect(beamlets[5]).toMatchObject({ beam: 1, row: 0, column: 1 });
    const stages = await readTable(path, 'stages');
    expect(stages.map((row) => row['level'])).toEqual([1, 0]);
    expect(stages[0]?.['stop_reason']).not.toBeNull();
  });

  it('names nobody: keys are pseudonyms that stay the same', async () => {
    const { directory, store, request } = setUp();
    for (const id of ['one', 'two']) {
      const recording = store.open(request(id));
      if (recording) playSession(recording);
    }
    await store.close();
    const [one, two] = [
      await readMetadata(join(directory, 'one')),
      await readMetadata(join(directory, 'two')),
    ];
    expect(one.patient_id).toBe(pseudonym(SECRET, 'patient', 'patient of a test'));
    expect(two.patient_id).toBe(one.patient_id);
    expect(one.plan_id).not.toBe(one.patient_id);
    const bytes = readFileSync(join(directory, 'one', 'iterations.parquet'), 'latin1');
    expect(bytes).not.toContain('of a test');
    expect(pseudonym(SECRET, 'patient', '')).toBe('');
  });

  it('may lie beside others: sessions do not mix', async () => {
    const { directory, store, request } = setUp();
    const [one, two] = [store.open(request('one')), store.open(request('two'))];
    if (!one || !two) throw new Error('not recorded');
    playEvents(one, 4);
    playEvents(two, 5);
    one.close('idle');
    two.close('finished');
    await store.close();
    expect((await readMetadata(join(directory, 'one'))).iteration_count).toBe(8);
    expect((await readMetadata(join(directory, 'two'))).iteration_count).toBe(10);
    expect((await readMetadata(join(directory, 'one'))).outcome).toBe('idle');
    expect((await readMetadata(join(directory, 'two'))).is_complete).toBe(false);
  });
});

describe('after a crash', () => {
  /** A directory as a host leaves it that dies after the last iteration of a plan. */
  async function crash(cutBytes = 0) {
    const { directory, store, request } = setUp();
    const recording = store.open(request('one'));
    if (recording) playEvents(recording);
    const file = join(directory, 'one.recording');
    await until(() => readRecordingMetadata(file).iteration_count === 12);
    const left = temporaryFolder();
    const bytes = readFileSync(file);
    writeFileSync(join(left, 'one.recording'), bytes.subarray(0, bytes.length - cutBytes));
    recording?.close('drained');
    await store.close();
    return left;
  }

  it('the next host recovers it as lost', async () => {
    const directory = await crash();
    expect((await listSessions(directory))[0]?.state).toBe('recording');
    const { store, config, counted } = setUp(directory);
    store.prepare(config);
    await store.close();
    expect(counted('recovered')).toBe(1);
    const [entry, ...others] = await listSessions(directory);
    expect(others).toEqual([]);
    expect(entry?.metadata).toMatchObject({ outcome: 'lost', is_complete: false, finish: null });
    expect((await readTable(join(directory, 'one'), 'iterations')).length).toBe(12);
    expect(readdirSync(directory)).toEqual(['one']);
  });

  it('a torn tail costs its record only, and is counted', async () => {
    const directory = await crash(5);
    const { store, config } = setUp(directory);
    store.prepare(config);
    await store.close();
    const metadata = await readMetadata(join(directory, 'one'));
    expect(metadata.torn_bytes).toBeGreaterThan(0);
    expect(metadata.iteration_count).toBe(12);
  });

  it('a file without a beginning is set aside, and listed', async () => {
    const directory = temporaryFolder();
    writeFileSync(join(directory, 'one.recording'), 'rubbish');
    const { store, config, counted } = setUp(directory);
    store.prepare(config);
    await store.close();
    expect(counted('damaged')).toBe(1);
    expect((await listSessions(directory))[0]).toMatchObject({
      sessionId: 'one',
      state: 'damaged',
    });
  });

  it('a conversion that the disk refused is tried again when a later one is kept', async () => {
    let isFull = true;
    const convert = async (paths: SessionPaths) => {
      if (isFull) throw new Error('no space left on device');
      return convertRecording(paths);
    };
    const { directory, store, request, counted } = setUp(temporaryFolder(), { convert });
    const play = (sessionId: string) => {
      const recording = store.open(request(sessionId));
      if (recording) playSession(recording);
    };
    play('one');
    await until(() => counted('failed') === 1);
    isFull = false;
    play('two');
    // Waits for what it brings along, too.
    await store.close();
    expect(counted('recovered')).toBe(1);
    expect((await readMetadata(join(directory, 'one'))).is_complete).toBe(true);
    expect((await readMetadata(join(directory, 'two'))).is_complete).toBe(true);
  });

  it('a conversion that failed is tried again by the next host', async () => {
    const directory = await crash();
    const convert = () => Promise.reject(new Error('no space left on device'));
    const first = setUp(directory, { convert });
    first.store.prepare(first.config);
    await first.store.close();
    expect(first.counted('failed')).toBe(1);
    const second = setUp(directory);
    second.store.prepare(second.config);
    await second.store.close();
    expect(second.counted('recovered')).toBe(1);
  });
});

it('makes a secret of its own and keeps it', async () => {
  const directory = temporaryFolder();
  const ids: string[] = [];
  for (const id of ['one', 'two']) {
    const { store, request } = setUp(directory, { environment: {} });
    const recording = store.open(request(id));
    if (recording) playSession(recording);
    await store.close();
    ids.push((await readMetadata(join(directory, id))).patient_id);
  }
  expect(ids[0]).toMatch(/^[0-9a-f]{32}$/);
  expect(ids[1]).toBe(ids[0]);
});

it('keeps vectors at the rhythm of the configuration and scalars always', async () => {
  const { directory, store, config, request } = setUp();
  const sparse = { ...config, everyN: 3, tensors: ['weights'] as const };
  const recording = store.open(request('one', { config: sparse }));
  if (recording) playSession(recording);
  await store.close();
  const rows = await readTable(join(directory, 'one'), 'iterations');
  expect(rows.map((row) => row['weights'] !== null).slice(0, 6)).toEqual([
    true,
    false,
    false,
    true,
    false,
    false,
  ]);
  expect(
    rows.every((row) => row['gradient'] === null && typeof row['objective'] === 'number'),
  ).toBe(true);
});
