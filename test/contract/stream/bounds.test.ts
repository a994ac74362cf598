// What a client sends is bounded before it is kept, counted where it takes a place, and never put down to a plugin.

import { FakeClock, fakePlan } from '@dh-advisor/plugin-sdk/testing';
import { Client, credentials, Metadata, type StatusObject, status } from '@grpc/grpc-js';
import { expect, it } from 'vitest';
import type { OptimizerEventInit } from '../../../src/generated/dh/advisor/v1/OptimizerEvent.js';
import { grpc } from './testing/plan-client.js';
import { startTestHost, until } from './testing/test-host.js';
import { firstIterations, wireFinish, wireRun, wireStart } from './testing/wire-run.js';

const plan = fakePlan();
const [geometry] = wireRun(1) as [OptimizerEventInit];

it('ends a stream with a message that cannot be decoded, whatever was sent after it', async () => {
  const host = await startTestHost();
  const { requestSerialize } = grpc.dh.advisor.v1.PlanAdvisor.service.Advise;
  const bytesOf = (event: OptimizerEventInit) => requestSerialize(event as never);
  const client = new Client(host.address, credentials.createInsecure());
  const { path } = grpc.dh.advisor.v1.PlanAdvisor.service.Advise;
  const raw = (bytes: Buffer) => bytes;
  const call = client.makeBidiStreamRequest(path, raw, raw, new Metadata());
  const ended = new Promise<StatusObject>((resolve) => call.on('status', resolve));
  call.on('error', () => undefined).on('data', () => undefined);
  call.write(bytesOf(wireStart()));
  call.write(Buffer.from([0x0a, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]));
  for (const event of firstIterations(5)) call.write(bytesOf(event));
  const { code, metadata } = await ended;
  expect(code).toBe(status.INVALID_ARGUMENT);
  expect(metadata.get('dh-error-code')).toEqual(['message-undecodable']);
  // The client is at fault, so that nothing waits for it to come back.
  await until(async () => (await host.metric('dh_advisor_streams_active')) === 0);
  client.close();
});

it('gives a stream that says nothing its time, and no more', async () => {
  const clock = new FakeClock();
  const host = await startTestHost({ server: { firstMessageMs: 3000 } }, clock);
  const before = clock.pendingTimers;
  const silent = host.client();
  const told = host.client();
  await told.ask(wireStart());
  await until(() => clock.pendingTimers >= before + 2);
  clock.advance(3000);
  expect(await silent.errorCode()).toBe(`${status.DEADLINE_EXCEEDED} first-message-late`);
  expect((await told.ask(wireFinish))?.summary).toBeDefined();
});

it('counts streams that say nothing: the one that has for longest makes room for who comes', async () => {
  const clock = new FakeClock();
  const host = await startTestHost({ server: { maxSessions: 2 } }, clock);
  const before = clock.pendingTimers;
  const first = host.client();
  await until(() => clock.pendingTimers >= before + 1);
  const second = host.client();
  await until(() => clock.pendingTimers >= before + 2);
  expect((await host.client().ask(wireStart()))?.accepted).toBeDefined();
  expect(await first.errorCode()).toBe(`${status.RESOURCE_EXHAUSTED} too-many-streams`);
  expect((await second.ask(wireStart()))?.accepted).toBeDefined();
});

it('ends the oldest session that waits for a resume where room is short', async () => {
  const host = await startTestHost({ server: { maxSessionsPerClient: 3, resumeTtlMs: 1e6 } });
  const gone = [];
  for (let i = 0; i < 3; i += 1) {
    const client = host.client();
    const accepted = (await client.ask(wireStart()))?.accepted;
    client.cancel();
    await until(
      async () => (await host.metric('dh_advisor_streams_closed_total', 'broken')) === i + 1,
    );
    gone.push(accepted?.resumeToken ?? Buffer.alloc(0));
  }
  expect((await host.client().ask(wireStart()))?.accepted).toBeDefined();
  expect(await host.metric('dh_advisor_streams_closed_total', 'lost')).toBe(1);
  const [oldest, younger] = gone;
  const late = host.client();
  late.send(wireStart(undefined, { resumeToken: oldest as Buffer }));
  expect(await late.errorCode()).toBe(`${status.NOT_FOUND} resume-unknown`);
  const resumed = await host.client().ask(wireStart(undefined, { resumeToken: younger as Buffer }));
  expect(resumed?.accepted).toBeDefined();
});

it('lets no session give way that has its client', async () => {
  const host = await startTestHost({ server: { maxSessionsPerClient: 1 } });
  await host.client().ask(wireStart());
  const second = host.client();
  second.send(wireStart());
  expect(await second.errorCode()).toBe(`${status.RESOURCE_EXHAUSTED} too-many-sessions`);
});

const long = 'x'.repeat(300_000);
const [first = {} as never, ...others] = plan.structures;

it.each<[string, RegExp, OptimizerEventInit]>([
  ['a long client name', /start\.client.*300000/, wireStart(plan, { client: long })],
  ['a long plan key', /start\.plan_key/, wireStart(plan, { planKey: long })],
  [
    'a long structure name, twice',
    /start\.structures\[0\]\.name/,
    wireStart({
      ...plan,
      structures: [{ ...first, name: long }, { ...first, name: long }, ...others],
    }),
  ],
  [
    'beams that do not add up to the beamlets',
    /start\.beams.*have 25000000 beamlets together, but level 0 has 8/,
    wireStart({ ...plan, beams: [{ ...plan.beams[0], columns: 5000, rows: 5000 } as never] }),
  ],
  [
    'thousands of beams',
    /start\.beams.*1001 entries/,
    wireStart({ ...plan, beams: Array.from({ length: 1001 }, () => plan.beams[0] as never) }),
  ],
  [
    'a solver with a long name',
    /start\.solver_name.*characters/,
    wireStart(plan, { solver: 'SOLVER_OTHER', solverName: long }),
  ],
  [
    'dozens of levels',
    /start\.levels.*17 entries/,
    wireStart({ ...plan, levels: Array.from({ length: 17 }, () => plan.levels[0] as never) }),
  ],
])('refuses %s, in a short sentence', async (_, text, event) => {
  const host = await startTestHost();
  const client = host.client();
  client.send(event);
  const { code, details } = await client.status;
  expect(code).toBe(status.INVALID_ARGUMENT);
  expect(details).toMatch(text);
  expect(details.length).toBeLessThan(1500);
  for (const line of host.log.lines) expect(JSON.stringify(line).length).toBeLessThan(2500);
});

it('puts contradictions of a client down to the client, not to the plugin that would be asked', async () => {
  const host = await startTestHost({ roles: { 'histogram-sigma': { plugin: 'constant-sigma' } } });
  const structures = geometry.geometry?.structures ?? [];
  const twice = { geometry: { ...geometry.geometry, structures: [...structures, ...structures] } };
  const beyond = { geometry: { structures: [{ structure: 99, sphericity: 1 }] } };
  for (let i = 0; i < 12; i += 1) {
    const client = host.client();
    await client.ask(wireStart());
    client.send(i % 2 === 0 ? twice : beyond);
    expect(await client.errorCode()).toBe(`${status.INVALID_ARGUMENT} invalid-field`);
  }
  const sound = host.client();
  await sound.ask(wireStart());
  const answer = await sound.ask(geometry);
  expect(answer?.geometry?.histogramSigma?.header?.reason ?? '').not.toMatch(/breaker/);
});

it('refuses what would become far more than its bytes, before it is decoded', async () => {
  const host = await startTestHost({ server: { maxMessageBytes: 2 ** 25 } });
  const empty = Array.from({ length: 800_000 }, () => ({}));
  const client = host.client();
  client.send({ start: { structures: empty } });
  const { code, details } = await client.status;
  expect(code).toBe(status.INVALID_ARGUMENT);
  expect(details).toMatch(/beside its vectors/);
  const other = host.client();
  await other.ask(wireStart());
  other.send({ receipts: empty });
  expect(await other.errorCode()).toBe(`${status.INVALID_ARGUMENT} message-undecodable`);
});

it.each<[string, RegExp, OptimizerEventInit]>([
  [
    'receipts without end',
    /receipts.*1001 entries/,
    { receipts: Array.from({ length: 1001 }, () => ({ role: 'ROLE_EARLY_STOPPING' })) },
  ],
  [
    'metrics without end',
    /finish\.metrics.*entries/,
    { finish: { metrics: Array.from({ length: 2000 }, () => ({ name: 'D95', value: 1 })) } },
  ],
  ['a metric with a long name', /metrics\[0\]\.name/, { finish: { metrics: [{ name: long }] } }],
  ['a metric of no structure', /structure` is 77/, { finish: { metrics: [{ structure: 77 }] } }],
])('refuses %s', async (_, text, event) => {
  const host = await startTestHost();
  const client = host.client();
  await client.ask(wireStart());
  client.send(event);
  const { code, details } = await client.status;
  expect(code).toBe(status.INVALID_ARGUMENT);
  expect(details).toMatch(text);
});
