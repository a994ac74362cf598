// Recording must not be felt: not by the optimizer, not by the plugins, and not when the disk fails.
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { testConfig } from '../../../src/domain/testing/test-config.js';
import type { AdvisorEvent } from '../../../src/generated/dh/advisor/v1/AdvisorEvent.js';
import { Role } from '../../../src/generated/dh/advisor/v1/Role.js';
import { TensorKind } from '../../../src/generated/dh/advisor/v1/TensorKind.js';
import {
  type AppendFiles,
  nodeAppendFiles,
} from '../../../src/storage/recordings/journal/recording-log.js';
import {
  listSessions,
  readTable,
} from '../../../src/storage/recordings/parquet/read-trajectory.js';
import type { PlanClient } from './testing/plan-client.js';
import { fixtureFolder, startTestHost, until } from './testing/test-host.js';
import { firstIterations, wireFinish, wireRun, wireStart } from './testing/wire-run.js';

const watched = { plugin: 'tensor-watcher', deadlineMs: 10_000 };
const mayRecord = { mayRecord: true, patientKey: 'patient-1' };

/** A host that records, with one plugin, and a disk of the test's own if it wants. */
async function recordingHost(files?: AppendFiles, recording = {}) {
  const directory = mkdtempSync(join(tmpdir(), 'dh-advisor-recordings-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  const config = testConfig({
    roles: { 'early-stopping': watched },
    recording: { enabled: true, directory, ...recording },
  });
  const host = await startTestHost(config, undefined, fixtureFolder('plugins'), files);
  return { host, directory };
}

/** Plays a whole plan; returns what the plugin said it was shown, one word list an iteration. */
async function playPlan(client: PlanClient): Promise<readonly string[]> {
  const answers = await client.play(wireRun(6));
  await client.ask(wireFinish);
  await client.status;
  return shown(answers);
}

function shown(answers: readonly (AdvisorEvent | undefined)[]): readonly string[] {
  return answers.flatMap((answer) => answer?.iteration?.earlyStopping?.explanation ?? []);
}

it('asks for what it records and says that it does; a client that does not agree is left alone', async () => {
  const { host, directory } = await recordingHost(undefined, { tensors: ['weights', 'gradient'] });
  const accepted = (await host.client().ask(wireStart(undefined, mayRecord)))?.accepted;
  expect(accepted?.isRecording).toBe(true);
  expect(accepted?.wanted).toEqual([
    { kind: TensorKind.TENSOR_KIND_GRADIENT, everyN: 1 },
    { kind: TensorKind.TENSOR_KIND_WEIGHTS, everyN: 1 },
  ]);
  const client = host.client();
  const shy = (await client.ask(wireStart()))?.accepted;
  expect(shy?.isRecording ?? false).toBe(false);
  expect(shy?.wanted).toEqual([
    { kind: TensorKind.TENSOR_KIND_GRADIENT, everyN: 2, roles: [Role.ROLE_EARLY_STOPPING] },
  ]);
  await playPlan(client);
  expect(readdirSync(directory).filter((name) => !name.startsWith('.')).length).toBe(1);
});

it('shows plugins what they would be shown without it', async () => {
  const { host } = await recordingHost();
  const plain = host.client();
  await plain.ask(wireStart());
  const recorded = host.client();
  await recorded.ask(wireStart(undefined, mayRecord));
  const shownRecorded = await playPlan(recorded);
  const every = ['shown: gradient', 'shown: none'];
  expect(shownRecorded).toEqual(Array(6).fill(every).flat());
});

it('refuses final weights that do not fit the plan', async () => {
  const { host } = await recordingHost();
  const client = host.client();
  await client.ask(wireStart(undefined, mayRecord));
  await client.play(wireRun(6));
  const data = Buffer.alloc(24);
  const finalWeights = { dataType: 'DATA_TYPE_FLOAT64' as const, shape: [3], data };
  client.send({ finish: { ...wireFinish.finish, finalWeights } });
  expect(await client.errorCode()).toContain('invalid-field');
  expect((await client.status).details).toContain('finish.final_weights.shape');
});

it('keeps a plan that broke and was resumed as one', async () => {
  const { host, directory } = await recordingHost();
  const first = host.client();
  const accepted = (await first.ask(wireStart(undefined, mayRecord)))?.accepted;
  await first.play(firstIterations(3));
  first.cancel();
  await until(async () => (await host.metric('dh_advisor_streams_closed_total', 'broken')) === 1);
  const second = host.client();
  const again = await second.ask(
    wireStart(undefined, { ...mayRecord, resumeToken: accepted?.resumeToken ?? Buffer.alloc(0) }),
  );
  expect(again?.accepted?.isRecording).toBe(true);
  const events = wireRun(6);
  await second.play(events.slice(events.findLastIndex((event) => event.levelStart)));
  await second.ask(wireFinish);
  await until(async () => (await host.metric('dh_advisor_recordings_total', '"kept"')) === 1);
  const [entry] = await listSessions(directory);
  expect(entry?.metadata).toMatchObject({ resumes: 1, stage_count: 2, iteration_count: 9 });
});

/** A disk with room for some bytes. */
/** A disk that is full when told. What comes in one write is the recorder's affair, so bytes do not say when. */
function fillableDisk() {
  let [written, isFull] = [0, false];
  const files: AppendFiles = {
    create: async (path) => {
      const file = await nodeAppendFiles.create(path);
      return {
        ...file,
        append: async (bytes) => {
          if (isFull) {
            await file.append(bytes.subarray(0, bytes.byteLength >> 1));
            throw new Error('ENOSPC: no space left on device, write');
          }
          await file.append(bytes);
          written += bytes.byteLength;
        },
      };
    },
  };
  const fill = () => {
    isFull = true;
  };
  return { files, written: () => written, fill };
}

it('a full disk ends the recording, not the plan', async () => {
  const disk = fillableDisk();
  const { host, directory } = await recordingHost(disk.files);
  const client = host.client();
  await client.ask(wireStart(undefined, mayRecord));
  await until(() => disk.written() > 0);
  const before = disk.written();
  const run = wireRun(6);
  const half = run.length >> 1;
  const first = await client.play(run.slice(0, half));
  await until(() => disk.written() > before);
  disk.fill();
  const rest = await client.play(run.slice(half));
  await client.ask(wireFinish);
  await client.status;
  expect(shown([...first, ...rest])).toHaveLength(12);
  await until(
    async () => (await host.metric('dh_advisor_recordings_total', 'kept-incomplete')) === 1,
  );
  expect(host.log.lines.find(({ fields }) => fields['cause'] === 'disk-error')).toBeDefined();
  const [entry] = await listSessions(directory);
  expect(entry?.metadata?.is_complete).toBe(false);
  const rows = await readTable(entry?.path ?? '', 'iterations');
  expect(rows.length).toBeGreaterThan(0);
  expect(rows.length).toBeLessThan(12);
});

it('a disk that hangs delays no answer', async () => {
  let wake = () => {};
  const asleep = new Promise<void>((resolve) => {
    wake = resolve;
  });
  onTestFinished(wake);
  const files: AppendFiles = {
    create: async (path) => {
      await asleep;
      return nodeAppendFiles.create(path);
    },
  };
  const { host, directory } = await recordingHost(files, { maxBufferBytes: 6000 });
  const client = host.client();
  await client.ask(wireStart(undefined, mayRecord));
  expect(await playPlan(client)).toHaveLength(12);
  expect(host.log.lines.find(({ fields }) => fields['cause'] === 'buffer-full')).toBeDefined();
  wake();
  await until(
    async () => (await host.metric('dh_advisor_recordings_total', 'kept-incomplete')) === 1,
  );
  const [entry] = await listSessions(directory);
  expect(entry?.metadata?.stop_cause).toBe('buffer-full');
});
