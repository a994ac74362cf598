import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished, vi } from 'vitest';
import { HostError } from '../../domain/errors/host-error.js';
import type { PreparedConfig } from '../../domain/operations/activation.js';
import type { ConfigChange } from '../../domain/operations/operations.js';
import { CountingMetrics, FakeLog } from '../../domain/testing/fakes.js';
import { FakeClock } from '../../plugin-sdk/testing/index.js';
import { MemoryConfigFiles } from '../testing/memory-config-files.js';
import { POLL_MS, SETTLE_MS } from './config-watch.js';
import { openLiveConfig } from './open-live-config.js';

const disable: ConfigChange = { kind: 'disable', role: 'early-stopping' };
const text = 'version: 1 # format\nroles:\n  early-stopping:\n    plugin: plateau\n';

/** A live configuration whose activation takes as long as a test wants. */
async function living(
  folder = mkdtempSync(join(tmpdir(), 'dh-advisor-config-')),
  started: PreparedConfig['faults'] = [],
) {
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const file = join(folder, 'host.yaml');
  writeFileSync(file, text);
  const files = new MemoryConfigFiles(text);
  const clock = new FakeClock();
  const log = new FakeLog();
  const metrics = new CountingMetrics();
  const prepared = { committed: [] as number[], discarded: 0, gate: Promise.resolve() };
  const faults = [...started];
  const { live } = await openLiveConfig({ file, files, clock, wallMs: () => 1e12, log: () => log });
  const activator = {
    prepare: async ({ generation }: { generation: number }): Promise<PreparedConfig> => {
      await prepared.gate;
      return {
        faults: [...faults],
        bindings: [],
        isDifferent: true,
        commit: () => prepared.committed.push(generation),
        discard: async () => {
          prepared.discarded += 1;
        },
      };
    },
  };
  live.start({ activator, metrics, log }, started);
  onTestFinished(() => live.stop());
  const pass = async (ms: number) => {
    clock.advance(ms);
    for (let turn = 0; turn < 20; turn += 1) await new Promise(setImmediate);
  };
  const settle = async () => {
    await pass(POLL_MS);
    await pass(SETTLE_MS);
  };
  const origin = { who: 'tester', why: 'a test', via: 'command' } as const;
  const change = (of: ConfigChange, isDryRun = false) =>
    live.change({ change: of, origin, isDryRun, expectedGeneration: undefined });
  /** An edit is seen, and waits behind a command's change for its turn, until what is returned is called. */
  const seeEditBehindAChange = async () => {
    let open = () => {};
    prepared.gate = new Promise((resolve) => {
      open = resolve;
    });
    const slow = change({ kind: 'reload' });
    for (let turn = 0; turn < 5; turn += 1) await new Promise(setImmediate);
    files.text = text.replace('plateau', 'off');
    await settle();
    return async () => {
      open();
      await slow;
    };
  };
  const audit = () => readFileSync(`${file}.history/audit.jsonl`, 'utf8').trim().split('\n');
  return {
    live,
    files,
    settle,
    pass,
    change,
    prepared,
    faults,
    audit,
    folder,
    file,
    metrics,
    log,
    seeEditBehindAChange,
  };
}

it('a read that waited while a command wrote the file does not undo the command', async () => {
  const { live, files, change, prepared, seeEditBehindAChange } = await living();
  const goOn = await seeEditBehindAChange();
  files.text = text;
  await goOn();
  // Behind the read in the queue.
  await change(disable);
  expect(live.generations().map(({ what }) => what)).toEqual([
    'disable early-stopping',
    'reload',
    'first start',
  ]);
  expect(prepared.committed).toEqual([2, 3]);
});

it('a read at a file that is gone when its turn comes is no fault of its own', async () => {
  const { live, files, change, seeEditBehindAChange } = await living();
  const goOn = await seeEditBehindAChange();
  files.text = undefined;
  await goOn();
  await expect(change(disable)).rejects.toMatchObject({ code: 'config-missing' });
  expect(live.refusals().map(({ code }) => code)).toEqual(['config-missing']);
});

it('a file that is edited while the change is prepared is left as it is', async () => {
  const { files, change, live, prepared } = await living();
  files.beforeReplace = () => {
    files.text = `${text}# edited\n`;
  };
  await expect(change(disable)).rejects.toMatchObject({ code: 'config-edited' });
  expect(files.text).toBe(`${text}# edited\n`);
  expect(live.current().generation).toBe(1);
  expect(prepared).toMatchObject({ committed: [], discarded: 1 });
});

it('takes back the file when the generation cannot be kept', async () => {
  const { files, change, live, file } = await living();
  rmSync(`${file}.history`, { recursive: true });
  writeFileSync(`${file}.history`, 'not a folder');
  await expect(change(disable)).rejects.toMatchObject({ code: 'config-not-writable' });
  expect(files.text).toBe(text);
  expect(live.current().generation).toBe(1);
});

it('takes an edit all the same when the generation cannot be kept', async () => {
  const { files, live, file, settle, log } = await living();
  rmSync(`${file}.history`, { recursive: true });
  writeFileSync(`${file}.history`, 'not a folder');
  files.text = text.replace('plateau', 'off');
  await settle();
  await vi.waitFor(() => expect(live.current().generation).toBe(2));
  expect(log.lines.some(({ message }) => message === 'generation not kept')).toBe(true);
});

it('tries arms again that could not be served, and takes what serves more of them and nothing less', async () => {
  const params = { experiment: 'e', arm: 'a', role: 'initialization', problem: 'it was slow' };
  const error = new HostError('experiment-arm', params);
  const arm = { path: ['experiments', 0, 'arms', 0], error, isOld: true };
  const other = { ...arm, path: ['experiments', 1, 'arms', 0] };
  const { pass, prepared, faults } = await living(undefined, [arm, other]);
  await pass(30_000);
  expect(prepared).toMatchObject({ committed: [], discarded: 1 });
  faults.pop();
  await pass(60_000);
  expect(prepared.committed).toEqual([1]);
  faults[0] = { ...arm, path: ['roles', 'initialization', 'plugin'], isOld: false };
  await pass(120_000);
  expect(prepared).toMatchObject({ committed: [1], discarded: 2 });
  faults.length = 0;
  await pass(240_000);
  expect(prepared.committed).toEqual([1, 1]);
  await pass(1_000_000);
  expect(prepared).toMatchObject({ committed: [1, 1], discarded: 2 });
});

it('does not give up when arms cannot even be tried', async () => {
  const error = new HostError('experiment-shadow-arm', { experiment: 'e', arm: 'a', problem: 'p' });
  const started = [{ path: ['experiments', 0, 'shadow_arms', 0], error, isOld: true }];
  const { pass, prepared, faults, log } = await living(undefined, started);
  faults.length = 0;
  prepared.gate = Promise.reject(new Error('no more threads'));
  await pass(30_000);
  expect(log.lines.map(({ message }) => message)).toContain('arms could not be tried again');
  prepared.gate = Promise.resolve();
  await pass(60_000);
  expect(prepared.committed).toEqual([1]);
});

it('tolerates a fault that was there before, and no other', async () => {
  const { change, faults, live, metrics } = await living();
  const error = new HostError('plugin-entry', { plugin: 'x', entry: 'y', problem: 'z' });
  const path = ['roles', 'early-stopping', 'plugin'];
  faults.push({ path, error, isOld: true });
  await change(disable);
  expect(live.current().generation).toBe(2);
  faults.push({ path, error, isOld: false });
  const refused = change({ kind: 'enable', role: 'early-stopping' });
  await expect(refused).rejects.toThrow(
    /host\.yaml:4: roles\.early-stopping\.plugin .*plugin-entry/s,
  );
  expect(live.current().generation).toBe(2);
  expect(metrics.counts.get('reload refused')).toBe(1);
});

it('writes an audit log that only grows, and goes on after half a line', async () => {
  const { change, audit, file, files, folder } = await living();
  await change(disable);
  await expect(change({ kind: 'rollback', generation: 99 })).rejects.toThrow('generation 99');
  const before = audit();
  expect(before.map((line) => JSON.parse(line).event)).toEqual([
    'generation',
    'generation',
    'refused',
  ]);
  expect(JSON.parse(before[1] ?? '')).toMatchObject({
    generation: 2,
    who: 'tester',
    why: 'a test',
    what: 'disable early-stopping',
    at: '2001-09-09T01:46:40.000Z',
  });
  writeFileSync(`${file}.history/audit.jsonl`, `${before.join('\n')}\n{"event":"gener`);
  expect(files.text).toContain('plugin: off');
  // The fresh host starts from the first text, which is an edit of what was in force.
  const again = await living(folder);
  expect(again.live.current().generation).toBe(3);
  expect(again.audit().slice(0, 3)).toEqual(before);
  expect(JSON.parse(again.audit()[4] ?? '')).toMatchObject({ generation: 3, via: 'file' });
});

it('does nothing, and says so, when nothing differs', async () => {
  const { change, prepared, metrics } = await living();
  await change(disable);
  expect(await change(disable)).toMatchObject({ generation: 2, isApplied: false });
  expect(prepared.committed).toEqual([2]);
  expect(metrics.counts.get('reload unchanged')).toBe(1);
});
