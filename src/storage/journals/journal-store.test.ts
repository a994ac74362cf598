import { readdirSync, readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { applied } from '../../domain/advice/advice.js';
import { finishEvent, playSession } from '../../domain/testing/play-session.js';
import { journalStore, sessionId, TroubledDisk } from '../testing/journal-fixture.js';
import { verifyJournal } from './verify-journal.js';

const setUp = (options: Parameters<typeof journalStore>[1] = {}) =>
  journalStore(onTestFinished, options);

function entries(path: string): readonly Record<string, unknown>[] {
  const lines = readFileSync(path, 'utf8').trimEnd().split('\n');
  return lines.map((line) => JSON.parse(line).entry);
}

describe('a plan that ends well', () => {
  it('leaves a whole journal, whose head was known when it finished', async () => {
    const { store, open, path, counts } = setUp();
    const journal = open(1);
    playSession(journal);
    expect(await verifyAfter(store, path(1))).toMatchObject({ state: 'whole', missingEntries: 0 });
    const second = setUp();
    const other = second.open(2);
    other.event(finishEvent);
    const head = other.head();
    other.close('finished');
    const verified = await verifyAfter(second.store, second.path(2));
    expect(verified).toMatchObject({ state: 'whole', head, closeReason: 'finished', lines: 3 });
    expect(counts.failures).toBe(0);
  });

  it('tells of the host, the plan and its end, and of nobody', async () => {
    const { store, open, path } = setUp();
    playSession(open(1));
    await store.close();
    const told = entries(path(1));
    expect(told[0]).toMatchObject({
      kind: 'opening',
      session: sessionId(1),
      host: 'dh-advisor 1.2.3',
      client: 'test 1.0.0',
      mode: 'advise',
      generation: 3,
      arm: 'a/b',
    });
    expect(told.find(({ kind }) => kind === 'finish')).toMatchObject({
      call_equivalents: 25.5,
      reference_objective: 1.25,
      metrics: [{ structure: 0, name: 'D95', value: 69.5, unit: 'Gy' }],
    });
    const text = readFileSync(path(1), 'utf8');
    for (const secret of ['plan of a test', 'patient of a test', 'phantom 7', 'PTV70']) {
      expect(text).not.toContain(secret);
    }
  });
});

async function verifyAfter(store: ReturnType<typeof setUp>['store'], path: string) {
  await store.close();
  return verifyJournal(path);
}

/** So many decisions that all differ. */
function talk(journal: ReturnType<ReturnType<typeof setUp>['open']>, decisions: number): void {
  for (let iteration = 0; iteration < decisions; iteration += 1) {
    const answer = applied<'early-stopping'>({
      decision: 'stop-level',
      explanation: `no ${iteration}`,
    });
    const accounted = {
      role: 'early-stopping',
      generation: 3,
      latencyUs: 5,
      isFinal: false,
    } as const;
    const advices = { 'early-stopping': { ...answer, ...accounted } };
    journal.answered({ kind: 'iteration', level: 0, stage: 0, iteration, advices });
  }
}

describe('a disk that fails', () => {
  it('delays nothing, is told of, and gets what it refused when it has room again', async () => {
    const disk = new TroubledDisk();
    const { store, open, path, counts, clock, log } = setUp({ files: disk });
    store.prepare(setUp().config);
    const journal = open(1);
    disk.roomBytes = 100;
    clock.advance(300);
    await expect.poll(() => counts.failures).toBe(1);
    expect(store.health).toBe('failing');
    expect(journal.head()).toBe('');
    talk(journal, 50);
    disk.roomBytes = Number.POSITIVE_INFINITY;
    clock.advance(5000);
    await expect.poll(() => counts.written).toBeGreaterThan(40);
    expect(store.health).toBe('ok');
    journal.event(finishEvent);
    expect(journal.head()).toMatch(/^[0-9a-f]{64}$/);
    journal.close('finished');
    expect(await verifyAfter(store, path(1))).toMatchObject({ state: 'whole', missingEntries: 0 });
    const messages = log.lines.map(({ message }) => message);
    expect(messages.filter((text) => text.includes('not written'))).toHaveLength(1);
    expect(messages.filter((text) => text.includes('written again'))).toHaveLength(1);
  });

  it('that stays full costs entries, which the journal counts', async () => {
    const disk = new TroubledDisk();
    const { store, open, path, counts, clock } = setUp({ files: disk });
    const journal = open(1);
    disk.roomBytes = 0;
    talk(journal, 5000);
    clock.advance(300);
    await expect.poll(() => counts.failures).toBe(1);
    expect(counts.missing).toBeGreaterThan(1000);
    disk.roomBytes = Number.POSITIVE_INFINITY;
    clock.advance(5000);
    await expect.poll(() => counts.written).toBeGreaterThan(100);
    journal.event(finishEvent);
    const head = journal.head();
    journal.close('finished');
    const verified = await verifyAfter(store, path(1));
    expect(verified).toMatchObject({ state: 'whole', head, missingEntries: counts.missing });
    expect(readFileSync(path(1)).length).toBeLessThan(300_000);
  });

  it('that hangs holds up nothing, and memory stays bounded over all plans', async () => {
    const disk = new TroubledDisk();
    let wake = () => {};
    disk.gate = new Promise((resolve) => {
      wake = resolve;
    });
    const { store, open, counts, clock } = setUp({ files: disk });
    const journals = Array.from({ length: 70 }, (_, n) => open(n));
    clock.advance(300);
    for (const journal of journals) talk(journal, 700);
    await expect.poll(() => disk.inFlight).toBe(1);
    const waiting = 70 * 700 - counts.missing;
    // A line has some 400 bytes, and 16 MiB may wait.
    expect(waiting * 400).toBeLessThan(2 ** 25);
    expect(counts.missing).toBeGreaterThan(5000);
    wake();
    await store.close();
    expect(disk.mostInFlight).toBe(1);
  });

  it('of a plan that is over is asked three times', async () => {
    const disk = new TroubledDisk();
    disk.roomBytes = 0;
    const { open, counts, clock, log } = setUp({ files: disk });
    open(1).close('lost');
    clock.advance(300);
    for (const failures of [1, 2, 3]) {
      await expect.poll(() => counts.failures).toBe(failures);
      clock.advance(5000);
    }
    expect(counts).toMatchObject({ failures: 3, missing: 2 });
    expect(log.lines.filter(({ message }) => message.includes('given up'))).toHaveLength(1);
    expect(clock.pendingTimers).toBe(0);
  });

  it('does not bring a file back without its beginning that somebody removed', async () => {
    const { store, open, path, counts, clock } = setUp();
    const journal = open(1);
    clock.advance(300);
    await expect.poll(() => counts.written).toBe(1);
    await rm(path(1));
    journal.event(finishEvent);
    journal.close('finished');
    await store.close();
    expect(counts).toMatchObject({ failures: 1, missing: 2 });
    await expect(verifyJournal(path(1))).rejects.toThrow(/There is no journal/);
  });
});

it('a thousand plans at once take no more handles than one', async () => {
  const handles = () => readdirSync('/proc/self/fd').length;
  const disk = new TroubledDisk();
  const { store, open, config, clock, counts } = setUp({ files: disk });
  const before = handles();
  const journals = Array.from({ length: 1000 }, (_, n) => open(n));
  clock.advance(300);
  await expect.poll(() => counts.written, { timeout: 20_000 }).toBe(1000);
  expect(handles() - before).toBeLessThanOrEqual(2);
  for (const journal of journals) playSession(journal);
  await store.close();
  expect(disk.mostInFlight).toBe(1);
  const states = await Promise.all(
    readdirSync(config.directory).map((name) => verifyJournal(join(config.directory, name))),
  );
  expect(states.filter(({ state }) => state === 'whole')).toHaveLength(1000);
}, 30_000);

it('keeps none where none is wanted', () => {
  const { store, open } = setUp({ config: { enabled: false } });
  expect(() => open(1)).toThrow('no journal');
  expect(store.health).toBe('off');
});
