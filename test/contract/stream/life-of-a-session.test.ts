import { FakeClock } from '@dh-advisor/plugin-sdk/testing';
import { status } from '@grpc/grpc-js';
import { expect, it } from 'vitest';
import { NoticeKind } from '../../../src/generated/dh/advisor/v1/NoticeKind.js';
import { startTestHost, until } from './testing/test-host.js';
import { firstIterations, wireEvent, wireFinish, wireRun, wireStart } from './testing/wire-run.js';

const early = { roles: { 'early-stopping': { plugin: 'objective-floor' } } };
const nextLevel = wireRun(2).slice(5);

it('resumes a broken stream at the next level, with the same session and bindings', async () => {
  const host = await startTestHost(early);
  const broken = host.client();
  const before = (await broken.ask(wireStart()))?.accepted;
  await broken.play(firstIterations(2));
  broken.cancel();
  await until(async () => (await host.metric('dh_advisor_streams_closed_total', 'broken')) === 1);
  expect(await host.metric('dh_advisor_streams_active')).toBe(1);

  const client = host.client();
  const resumeToken = before?.resumeToken ?? Buffer.alloc(0);
  const after = (await client.ask(wireStart(undefined, { resumeToken })))?.accepted;
  expect(after).toEqual({ ...before, resumeToken: after?.resumeToken });
  expect(after?.resumeToken).not.toEqual(resumeToken);
  const answers = await client.play(nextLevel);
  expect(answers.map((answer) => Object.keys(answer ?? {})[0])).toEqual([
    'level',
    'iteration',
    'iteration',
  ]);
  const summary = (await client.ask(wireFinish))?.summary;
  expect(summary?.outcomes?.find((outcome) => outcome.role === 6)?.count).toBe(4);
});

it('refuses to go on inside a stage after a resume', async () => {
  const host = await startTestHost(early);
  const broken = host.client();
  const resumeToken = (await broken.ask(wireStart()))?.accepted?.resumeToken ?? Buffer.alloc(0);
  await broken.play(firstIterations(1));
  broken.cancel();
  const client = host.client();
  await client.ask(wireStart(undefined, { resumeToken }));
  client.send(firstIterations(2).at(-1) ?? {});
  expect(await client.errorCode()).toBe(`${status.FAILED_PRECONDITION} event-out-of-order`);
});

it.each([
  ['an unknown token', 'plan-1', Buffer.alloc(32, 7), `${status.NOT_FOUND} resume-unknown`],
  ['what is no token', 'plan-1', Buffer.alloc(5, 7), `${status.NOT_FOUND} resume-unknown`],
  [
    'a token that is too long',
    'plan-1',
    Buffer.alloc(4096, 7),
    `${status.NOT_FOUND} resume-unknown`,
  ],
  ['another plan', 'plan-2', undefined, `${status.FAILED_PRECONDITION} resume-differs`],
])('refuses to resume with %s', async (_what, planKey, token, code) => {
  const host = await startTestHost();
  const broken = host.client();
  const own = (await broken.ask(wireStart()))?.accepted?.resumeToken ?? Buffer.alloc(0);
  broken.cancel();
  const client = host.client();
  client.send(wireStart(undefined, { planKey, resumeToken: token ?? own }));
  expect(await client.errorCode()).toBe(code);
});

it('takes a token once', async () => {
  const host = await startTestHost(early);
  const broken = host.client();
  const resumeToken = (await broken.ask(wireStart()))?.accepted?.resumeToken ?? Buffer.alloc(0);
  broken.cancel();
  const client = host.client();
  await client.ask(wireStart(undefined, { resumeToken }));
  const second = host.client();
  second.send(wireStart(undefined, { resumeToken }));
  expect(await second.errorCode()).toBe(`${status.NOT_FOUND} resume-unknown`);
  // Who holds the session has it still.
  await client.play(nextLevel);
  expect((await client.ask(wireFinish))?.summary?.provenance?.resumptions).toBe(1);
});

it('lets a descent begin after a resume, the end of the one before not heard', async () => {
  const host = await startTestHost(early);
  const broken = host.client();
  const resumeToken = (await broken.ask(wireStart()))?.accepted?.resumeToken ?? Buffer.alloc(0);
  await broken.play([...wireRun(2).slice(0, -1)]);
  broken.cancel();
  const client = host.client();
  await client.ask(wireStart(undefined, { resumeToken }));
  const [, begin = {}] = wireRun(1);
  const levelStart = { ...begin.levelStart, stage: 7 };
  expect(Object.keys((await client.ask({ levelStart })) ?? {})).toEqual(['level']);
});

it('counts a session that never comes back as lost, and frees it', async () => {
  const clock = new FakeClock();
  const host = await startTestHost(early, clock);
  const client = host.client();
  const resumeToken = (await client.ask(wireStart()))?.accepted?.resumeToken ?? Buffer.alloc(0);
  client.cancel();
  await until(async () => (await host.metric('dh_advisor_streams_closed_total', 'broken')) === 1);
  clock.advance(1000);
  expect(await host.metric('dh_advisor_streams_closed_total', 'lost')).toBe(1);
  expect(await host.metric('dh_advisor_streams_active')).toBe(0);
  const late = host.client();
  late.send(wireStart(undefined, { resumeToken }));
  expect(await late.errorCode()).toBe(`${status.NOT_FOUND} resume-unknown`);
});

it('treats a half-close without finish as a broken stream', async () => {
  const host = await startTestHost();
  const client = host.client();
  await client.ask(wireStart());
  client.halfClose();
  expect(await client.errorCode()).toBe('0');
  expect(await host.metric('dh_advisor_streams_active')).toBe(1);
});

it.each([
  ['session-idle', 10_000],
  ['session-too-old', 100_000],
])('closes a session with `%s`', async (code, afterMs) => {
  const clock = new FakeClock();
  const isIdle = code === 'session-idle';
  const server = isIdle ? {} : { sessionIdleMs: 1e9 };
  const host = await startTestHost({ ...early, server }, clock);
  const client = host.client();
  await client.ask(wireStart());
  clock.advance(afterMs);
  expect(await client.errorCode()).toBe(`${status.DEADLINE_EXCEEDED} ${code}`);
  expect(await host.metric('dh_advisor_streams_active')).toBe(0);
});

it('drains: tells open plans, refuses new ones, lets them finish', async () => {
  const host = await startTestHost({ ...early, server: { drainMs: 60_000 } });
  const client = host.client();
  await client.ask(wireStart());
  const stopped = host.stop();
  expect((await client.next())?.notice?.kind).toBe(NoticeKind.NOTICE_KIND_DRAINING);
  const late = host.client();
  late.send(wireStart());
  expect(await late.errorCode()).toBe(`${status.UNAVAILABLE} draining`);
  const ready = await fetch(`http://${host.httpAddress}/readyz`);
  expect(ready.status).toBe(503);
  const answers = await client.play(firstIterations(1));
  expect(answers.at(-1)?.iteration?.earlyStopping).toBeDefined();
  expect((await client.ask(wireFinish))?.summary).toBeDefined();
  await stopped;
});

it('closes cleanly what has not finished when the grace is over', async () => {
  const clock = new FakeClock();
  const host = await startTestHost(early, clock);
  const client = host.client();
  await client.ask(wireStart());
  const stopped = host.stop();
  await client.next();
  clock.advance(1000);
  expect(await client.errorCode()).toBe('0');
  // The server's own grace runs on the same clock.
  await until(() => clock.pendingTimers > 0);
  clock.advance(1000);
  await stopped;
});

it('holds a client back that sends without reading, in bounded memory', async () => {
  const host = await startTestHost({ roles: { 'step-direction': { plugin: 'steepest-descent' } } });
  const client = host.client();
  await client.ask(wireStart());
  const [geometry, start, template] = firstIterations(1);
  await client.play([geometry ?? {}, start ?? {}]);
  client.stopReading();
  let sent = 0;
  // The client's own buffer takes some; the host must stop reading long before this many.
  for (; sent < 40_000; sent += 1) {
    client.send({ iteration: { ...template?.iteration, iteration: sent } });
    if (sent % 1000 === 0) await new Promise(setImmediate);
  }
  let received = -1;
  // Steady once two looks at the figure, with turns of the event loop between, agree.
  for (;;) {
    for (let turn = 0; turn < 200; turn += 1) await new Promise(setImmediate);
    const now = await host.metric('dh_advisor_messages_received_total');
    if (now === received) break;
    received = now;
  }
  expect(received).toBeLessThan(sent / 2);
  client.cancel();
  await until(async () => (await host.metric('dh_advisor_streams_closed_total', 'broken')) === 1);
});

it('frees a session whose client is killed while an answer is pending', async () => {
  const clock = new FakeClock();
  const host = await startTestHost(
    { roles: { 'early-stopping': { plugin: 'faulty-stopping', settings: { fault: 'hang' } } } },
    clock,
  );
  const client = host.client();
  await client.ask(wireStart());
  const events = firstIterations(1);
  await client.play(events.slice(0, 2));
  client.send(events[2] ?? {});
  await until(async () => (await host.metric('dh_advisor_messages_received_total')) === 4);
  client.cancel();
  await until(async () => (await host.metric('dh_advisor_streams_closed_total', 'broken')) === 1);
  clock.advance(2000);
  expect(await host.metric('dh_advisor_streams_active')).toBe(0);
});

it('sends no answer to a level end', async () => {
  const host = await startTestHost(early);
  const client = host.client();
  await client.ask(wireStart());
  const run = wireRun(1);
  await client.play(run.slice(0, 3));
  client.send(run[3] ?? wireEvent({ kind: 'level-end' } as never));
  expect((await client.ask(wireFinish))?.summary).toBeDefined();
});
