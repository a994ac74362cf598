import { expect, it } from 'vitest';
import { FakeClock } from '../../plugin-sdk/testing/index.js';
import { sha256Of } from '../edit/config-files.js';
import { MemoryConfigFiles } from '../testing/memory-config-files.js';
import { type ConfigRead, ConfigWatch, POLL_MS, SETTLE_MS } from './config-watch.js';

function watching(text = 'a') {
  const files = new MemoryConfigFiles(text);
  const clock = new FakeClock();
  const told: (string | undefined)[] = [];
  const onSettled = (read: ConfigRead) => told.push('missing' in read ? undefined : read.text);
  // No such folder: what is seen is seen by polling.
  const file = '/no/such/folder/host.yaml';
  const watch = new ConfigWatch({ file, files, clock, onSettled }, sha256Of(text));
  watch.start();
  const pass = async (ms: number) => {
    clock.advance(ms);
    for (let turn = 0; turn < 5; turn += 1) await new Promise(setImmediate);
  };
  return { files, told, watch, pass, clock };
}

it('tells of a content that stands still, once', async () => {
  const { files, told, pass } = watching();
  await pass(POLL_MS);
  expect(told).toEqual([]);
  files.text = 'b';
  await pass(POLL_MS);
  expect(told).toEqual([]);
  await pass(SETTLE_MS);
  expect(told).toEqual(['b']);
  await pass(POLL_MS);
  await pass(POLL_MS);
  expect(told).toEqual(['b']);
});

it('waits while a content still changes', async () => {
  const { files, told, pass } = watching();
  files.text = 'b';
  await pass(POLL_MS);
  files.text = 'bc';
  await pass(SETTLE_MS);
  files.text = 'bcd';
  await pass(SETTLE_MS);
  expect(told).toEqual([]);
  await pass(SETTLE_MS);
  expect(told).toEqual(['bcd']);
});

it('does not tell of a change that was taken back at once', async () => {
  const { files, told, pass } = watching();
  files.text = 'b';
  await pass(POLL_MS);
  files.text = 'a';
  await pass(SETTLE_MS);
  await pass(POLL_MS);
  expect(told).toEqual([]);
});

it('tells of a file that is gone, and of one that is back', async () => {
  const { files, told, pass } = watching();
  files.text = undefined;
  await pass(POLL_MS);
  await pass(SETTLE_MS);
  expect(told).toEqual([undefined]);
  files.text = 'a';
  await pass(POLL_MS);
  await pass(SETTLE_MS);
  expect(told).toEqual([undefined, 'a']);
});

it('leaves no timer behind', async () => {
  const { watch, pass, clock } = watching();
  await pass(POLL_MS);
  watch.stop();
  expect(clock.pendingTimers).toBe(0);
});
