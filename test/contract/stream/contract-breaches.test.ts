import { fakePlan } from '@dh-advisor/plugin-sdk/testing';
import { status } from '@grpc/grpc-js';
import { expect, it } from 'vitest';
import type { OptimizerEventInit } from '../../../src/generated/dh/advisor/v1/OptimizerEvent.js';
import { startTestHost } from './testing/test-host.js';
import { firstIterations, wireFinish, wireRun, wireStart } from './testing/wire-run.js';

const [geometry, levelStart, iteration] = wireRun(1) as [
  OptimizerEventInit,
  OptimizerEventInit,
  OptimizerEventInit,
];
const withIteration = (fields: object): OptimizerEventInit => ({
  iteration: { ...iteration.iteration, ...fields },
});
const gradient = (data: Float64Array, shape = [data.length]) => ({
  tensors: [
    {
      kind: 'TENSOR_KIND_GRADIENT' as const,
      tensor: { dataType: 'DATA_TYPE_FLOAT64' as const, shape, data: Buffer.from(data.buffer) },
    },
  ],
});

it.each<[string, number, string, RegExp, OptimizerEventInit[]]>([
  [
    'another first message',
    status.FAILED_PRECONDITION,
    'first-message-not-start',
    /`geometry`/,
    [geometry],
  ],
  [
    'another major version',
    status.FAILED_PRECONDITION,
    'protocol-major',
    /speaks protocol 2\.3, this host speaks 1\.0/,
    [wireStart(undefined, { protocol: { major: 2, minor: 3 } })],
  ],
  [
    'start twice',
    status.FAILED_PRECONDITION,
    'event-duplicate',
    /`start`/,
    [wireStart(), wireStart()],
  ],
  [
    'an iteration before its level',
    status.FAILED_PRECONDITION,
    'event-out-of-order',
    /`iteration`/,
    [wireStart(), iteration],
  ],
  [
    'a NaN objective',
    status.INVALID_ARGUMENT,
    'invalid-field',
    /`iteration\.objective` is NaN/,
    [wireStart(), levelStart, withIteration({ objective: Number.NaN })],
  ],
  [
    'a NaN in a vector',
    status.INVALID_ARGUMENT,
    'invalid-field',
    /tensors\[gradient\]\.data\[1\]/,
    [wireStart(), levelStart, withIteration(gradient(Float64Array.of(1, Number.NaN, 1, 1)))],
  ],
  [
    'a vector of the wrong length',
    status.INVALID_ARGUMENT,
    'invalid-field',
    /gradient.*\(5\).*4 beamlets/,
    [wireStart(), levelStart, withIteration(gradient(new Float64Array(5)))],
  ],
  [
    'bytes that do not fit the shape',
    status.INVALID_ARGUMENT,
    'invalid-field',
    /has 32 bytes.*needs 24/,
    [wireStart(), levelStart, withIteration(gradient(new Float64Array(4), [3]))],
  ],
  [
    'too many structures',
    status.RESOURCE_EXHAUSTED,
    'limit-exceeded',
    /server\.max_structures/,
    [
      wireStart({
        ...fakePlan(),
        structures: Array.from({ length: 9 }, (_, k) => ({
          ...(fakePlan().structures[0] as never as object),
          name: `s${k}`,
        })) as never,
      }),
    ],
  ],
])('refuses %s with a code and a sentence', async (_what, grpcStatus, code, details, events) => {
  const host = await startTestHost({ roles: { 'step-direction': { plugin: 'steepest-descent' } } });
  const client = host.client();
  for (const event of events) client.send(event);
  expect(await client.errorCode()).toBe(`${grpcStatus} ${code}`);
  expect((await client.status).details).toMatch(details);
  expect(await host.metric('dh_advisor_streams_active')).toBe(0);
});

it('refuses an oversized message, and the host lives on', async () => {
  const host = await startTestHost();
  const client = host.client();
  await client.ask(wireStart());
  client.send({ geometry: { tensors: gradient(new Float64Array(2 ** 18)).tensors } });
  expect((await client.status).code).toBe(status.RESOURCE_EXHAUSTED);
  expect((await host.client().ask(wireStart()))?.accepted).toBeDefined();
});

it('leaves tensors unread that nobody asked for', async () => {
  const host = await startTestHost();
  const client = host.client();
  await client.play([wireStart(), levelStart]);
  const answer = await client.ask(withIteration(gradient(Float64Array.of(Number.NaN))));
  expect(answer?.iteration).toBeDefined();
});

it('tells about a message without a known event, and goes on', async () => {
  const host = await startTestHost();
  const client = host.client();
  await client.ask(wireStart());
  expect((await client.ask({}))?.notice?.text).toMatch(/no event that this host knows/);
  expect((await client.ask(levelStart))?.level).toBeDefined();
  expect(await host.metric('dh_advisor_spurious_messages_total')).toBe(1);
});

it('answers in order when the client does not wait', async () => {
  const host = await startTestHost({ roles: { 'step-direction': { plugin: 'steepest-descent' } } });
  const client = host.client();
  for (const event of [wireStart(), ...firstIterations(20), wireFinish]) client.send(event);
  const iterations: (number | undefined)[] = [];
  for (let answer = await client.next(); answer !== undefined; answer = await client.next()) {
    if (answer.iteration) iterations.push(answer.iteration.iteration ?? 0);
  }
  expect(iterations).toEqual(Array.from({ length: 20 }, (_, k) => k));
  expect(await client.errorCode()).toBe('0');
});

it('refuses a client beyond its share of sessions, and any beyond the whole', async () => {
  const host = await startTestHost({ server: { maxSessionsPerClient: 1 } });
  await host.client().ask(wireStart());
  const second = host.client();
  second.send(wireStart());
  expect(await second.errorCode()).toBe(`${status.RESOURCE_EXHAUSTED} too-many-sessions`);
  expect((await second.status).details).toContain('server.max_sessions_per_client');

  const full = await startTestHost({ server: { maxSessions: 1 } });
  await full.client().ask(wireStart());
  const other = full.client();
  other.send(wireStart());
  expect((await other.status).details).toContain('server.max_sessions`');
});
