import { status } from '@grpc/grpc-js';
import { crc32c } from '@node-rs/crc32';
import { expect, it } from 'vitest';
import type { OptimizerEventInit } from '../../../src/generated/dh/advisor/v1/OptimizerEvent.js';
import { Role } from '../../../src/generated/dh/advisor/v1/Role.js';
import type { VolumeChunkInit } from '../../../src/generated/dh/advisor/v1/VolumeChunk.js';
import { startTestHost } from './testing/test-host.js';
import { wireRun, wireStart } from './testing/wire-run.js';

const wantsCt = {
  roles: { 'histogram-sigma': { plugin: 'constant-sigma', settings: { needs_ct: true } } },
};
const voxels = Int16Array.from({ length: 2 * 3 * 5 }, (_, i) => i * 10 - 100);
const bytes = Buffer.from(voxels.buffer);
const [geometry] = wireRun(1) as [OptimizerEventInit];

/** The CT in chunks of 16 bytes. */
function chunks(overrides: VolumeChunkInit = {}): OptimizerEventInit[] {
  let runningCrc32c = 0;
  const events: OptimizerEventInit[] = [];
  for (let offsetBytes = 0; offsetBytes < bytes.length; offsetBytes += 16) {
    const data = bytes.subarray(offsetBytes, offsetBytes + 16);
    runningCrc32c = crc32c(data, runningCrc32c);
    events.push({
      volumeChunk: {
        kind: 'TENSOR_KIND_CT',
        dataType: 'DATA_TYPE_INT16',
        shape: [2, 3, 5],
        spacingMm: [3, 3, 2.5],
        offsetBytes,
        data,
        runningCrc32c,
        ...overrides,
      },
    });
  }
  return events;
}

it('puts a volume together and gives it to the plugin that asked', async () => {
  const host = await startTestHost(wantsCt);
  const client = host.client();
  const opened = await client.ask(wireStart());
  expect(opened?.accepted?.wanted).toEqual([
    { kind: 9, everyN: 0, roles: [Role.ROLE_HISTOGRAM_SIGMA] },
  ]);
  const [answer] = await client.play([...chunks(), geometry]);
  expect(answer?.geometry?.histogramSigma?.header).toMatchObject({ outcome: 1 });
});

it('asks without the volume when it never came', async () => {
  const host = await startTestHost(wantsCt);
  const client = host.client();
  await client.ask(wireStart());
  const answer = await client.ask(geometry);
  expect(answer?.geometry?.histogramSigma?.header).toMatchObject({ reason: 'invalid-input' });
});

it('ignores a volume nobody asked for, and says so once', async () => {
  const host = await startTestHost();
  const client = host.client();
  await client.ask(wireStart());
  for (const chunk of chunks()) client.send(chunk);
  expect((await client.next())?.notice?.text).toBe('volume ct was not asked for');
  expect((await client.ask(geometry))?.geometry).toBeDefined();
});

it.each<[string, string, RegExp, OptimizerEventInit[]]>([
  [
    'a flipped bit',
    `${status.DATA_LOSS} volume-checksum`,
    /at byte 0/,
    chunks({ runningCrc32c: 1 }),
  ],
  [
    'a missing chunk',
    `${status.INVALID_ARGUMENT} invalid-field`,
    /is 32, but 16/,
    chunks().toSpliced(1, 1),
  ],
  [
    'a wrong type',
    `${status.INVALID_ARGUMENT} invalid-field`,
    /INT16/,
    chunks({ dataType: 'DATA_TYPE_FLOAT64' }),
  ],
  ['a flat shape', `${status.INVALID_ARGUMENT} invalid-field`, /shape/, chunks({ shape: [30] })],
  [
    'a zero spacing',
    `${status.INVALID_ARGUMENT} invalid-field`,
    /spacing_mm/,
    chunks({ spacingMm: [0, 1, 1] }),
  ],
  [
    'a volume over the limit',
    `${status.RESOURCE_EXHAUSTED} limit-exceeded`,
    /server\.max_volume_bytes/,
    chunks({ shape: [1000, 1000, 1000] }),
  ],
  [
    'more bytes than its shape',
    `${status.INVALID_ARGUMENT} invalid-field`,
    /runs past/,
    chunks({ shape: [1, 1, 5] }),
  ],
])('refuses %s', async (_what, code, details, events) => {
  const host = await startTestHost(wantsCt);
  const client = host.client();
  await client.ask(wireStart());
  for (const event of events) client.send(event);
  expect(await client.errorCode()).toBe(code);
  expect((await client.status).details).toMatch(details);
});
