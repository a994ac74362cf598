// What no recording can repeat, and what it can although it looks so: deadlines, breakers, the kill switch, broken streams, volumes.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crc32c } from '@node-rs/crc32';
import { expect, it, onTestFinished } from 'vitest';
import { replay } from '../../src/cli/replay/replay-commands.js';
import type { Snake } from '../../src/domain/snake-case.js';
import { type TestConfigOptions, testConfig } from '../../src/domain/testing/test-config.js';
import type { ArmReplay } from '../../src/experiments/replay/arm-comparison.js';
import type { RoleAgreement } from '../../src/experiments/replay/role-agreement.js';
import type { OptimizerEventInit } from '../../src/generated/dh/advisor/v1/OptimizerEvent.js';
import { fixtureFolder, startTestHost, until } from '../contract/stream/testing/test-host.js';
import {
  firstIterations,
  wireFinish,
  wireRun,
  wireStart,
} from '../contract/stream/testing/wire-run.js';

const STOPPING = 'early-stopping';

/** A host that records into a folder of its own, and what a replay of that folder says. */
async function recordingHost(options: TestConfigOptions) {
  const directory = mkdtempSync(join(tmpdir(), 'dh-advisor-replay-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  const directories = [fixtureFolder('faulty-plugins')];
  const recording = { enabled: true, directory };
  const host = await startTestHost(testConfig({ directories, ...options, recording }));
  const kept = (count: number) =>
    until(async () => (await host.metric('dh_advisor_recordings_total', '"kept')) === count);
  const replayed = async () => {
    const config = join(directory, 'host.yaml');
    const plugins = ['plugins', 'faulty-plugins'].map((name) => `'${fixtureFolder(name)}'`);
    writeFileSync(config, `version: 1\nplugins: { directories: [${plugins.join()}] }\n`);
    const { text, isSound } = await replay([directory], { config, json: true });
    const [result] = JSON.parse(text) as readonly Snake<ArmReplay>[];
    const stopping = result?.roles.find(({ role }) => role === STOPPING);
    return { result, stopping: stopping as Snake<RoleAgreement>, isSound };
  };
  return { host, kept, replayed };
}

type Host = Awaited<ReturnType<typeof recordingHost>>['host'];

async function playPlan(
  host: Host,
  events: readonly OptimizerEventInit[] = wireRun(6),
): Promise<void> {
  const client = host.client();
  await client.ask(wireStart(undefined, { mayRecord: true }));
  await client.play(events);
  await client.ask(wireFinish);
  await client.status;
}

it('a plugin that hung: late, busy, then off for the plan', async () => {
  const faulty = { plugin: 'faulty-stopping', settings: { fault: 'hang' }, deadlineMs: 20 };
  const { host, kept, replayed } = await recordingHost({ roles: { [STOPPING]: faulty } });
  await playPlan(host);
  await kept(1);
  const { result, stopping, isSound } = await replayed();
  expect(isSound).toBe(true);
  // One answer was late, two found it busy; then the breaker of the plan opened, here as there.
  expect(stopping).toMatchObject({ questions: 12, not_repeatable: 3, same: 9, different: 0 });
  expect(result?.different_sessions).toBe(0);
});

it('a plugin that fails is as faulty as it was, and held values are held again', async () => {
  const settings = { fault: 'throw' };
  const faulty = { plugin: 'faulty-stopping', settings, onFailure: 'hold_last' } as const;
  const { host, kept, replayed } = await recordingHost({ roles: { [STOPPING]: faulty } });
  await playPlan(host);
  await kept(1);
  const { stopping, isSound } = await replayed();
  expect(isSound).toBe(true);
  expect(stopping).toMatchObject({ questions: 12, same: 12, not_repeatable: 0 });
});

it('a role that other plans had switched off is taken as it was', async () => {
  const { host, kept, replayed } = await recordingHost({
    roles: { [STOPPING]: { plugin: 'faulty-stopping', settings: { fault: 'throw' } } },
    breaker: { hostFailures: 2, planFailures: 20 },
  });
  await playPlan(host);
  await playPlan(host);
  await kept(2);
  const { stopping, isSound } = await replayed();
  expect(isSound).toBe(true);
  expect(stopping).toMatchObject({ questions: 24, same: 2, not_repeatable: 22, different: 0 });
});

it('advice that operators had stopped is stopped again, and that is repeatable', async () => {
  const { host, kept, replayed } = await recordingHost({
    roles: { [STOPPING]: { plugin: 'objective-floor' } },
  });
  const client = host.client();
  await client.ask(wireStart(undefined, { mayRecord: true }));
  const events = wireRun(6);
  await client.play(events.slice(0, 5));
  const stopped = await fetch(`http://${host.httpAddress}/api/advice/stop`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ who: 'a test', why: 'to see' }),
  });
  expect(stopped.status).toBe(200);
  await client.play(events.slice(5));
  await client.ask(wireFinish);
  await client.status;
  await kept(1);
  const { stopping, isSound } = await replayed();
  expect(isSound).toBe(true);
  expect(stopping).toMatchObject({ questions: 12, same: 12, not_repeatable: 0 });
});

it('a plan that broke and was resumed is one session', async () => {
  const { host, kept, replayed } = await recordingHost({
    roles: { [STOPPING]: { plugin: 'objective-floor' } },
  });
  const first = host.client();
  const accepted = (await first.ask(wireStart(undefined, { mayRecord: true })))?.accepted;
  await first.play(firstIterations(3));
  first.cancel();
  await until(async () => (await host.metric('dh_advisor_streams_closed_total', 'broken')) === 1);
  const second = host.client();
  const resumeToken = accepted?.resumeToken ?? Buffer.alloc(0);
  await second.ask(wireStart(undefined, { mayRecord: true, resumeToken }));
  const events = wireRun(6);
  await second.play(events.slice(events.findLastIndex((event) => event.levelStart)));
  await second.ask(wireFinish);
  await kept(1);
  const { result, stopping, isSound } = await replayed();
  expect(isSound).toBe(true);
  expect(result).toMatchObject({ sessions: 1, incomplete: [] });
  expect(stopping).toMatchObject({ questions: 9, same: 9 });
});

it('a plan whose plugin saw a volume is named: volumes are never stored', async () => {
  const { host, kept, replayed } = await recordingHost({
    roles: { 'histogram-sigma': { plugin: 'constant-sigma', settings: { needs_ct: true } } },
  });
  const data = Buffer.from(Int16Array.from({ length: 8 }, (_, i) => i).buffer);
  const ct: OptimizerEventInit = {
    volumeChunk: {
      kind: 'TENSOR_KIND_CT',
      dataType: 'DATA_TYPE_INT16',
      shape: [2, 2, 2],
      data,
      spacingMm: [3, 3, 2.5],
      offsetBytes: 0,
      runningCrc32c: crc32c(data),
    },
  };
  await playPlan(host, [ct, ...wireRun(6)]);
  await kept(1);
  const { result, isSound } = await replayed();
  expect(isSound).toBe(false);
  expect(result?.sessions).toBe(0);
  expect(result?.unable[0]?.reason).toBe(
    'a plugin saw the volume ct, and volumes are never stored',
  );
});
