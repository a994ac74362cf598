import { expect, it, onTestFinished } from 'vitest';
import type { RemoteModelClient, RemoteTarget } from '../../domain/open-inference/remote.js';
import { CountingMetrics } from '../../domain/testing/fakes.js';
import type { ModelTensors } from '../../plugin-sdk/index.js';
import { fixtureModel, iterationQuestion, noSignal } from '../testing/fixtures.js';
import { RemoteBackend } from './remote-backend.js';

const target: RemoteTarget = {
  address: '127.0.0.1:8001',
  model: undefined,
  version: undefined,
  deadlineMs: 200,
  tls: undefined,
};

type Infer = RemoteModelClient['infer'];

/** A model of a server that answers as `infer` says. */
async function start(infer: Infer, queueLimit = 2) {
  const model = await fixtureModel('convergence/1');
  const metrics = new CountingMetrics();
  const clock = { nowMs: 0 };
  const asked: number[] = [];
  const limits = { queueLimit, nowMs: () => clock.nowMs };
  const client: RemoteModelClient = {
    metadata: () => Promise.resolve({ inputs: [], outputs: [] }),
    infer: (inputs, withinMs, signal) => {
      asked.push(withinMs);
      return infer(inputs, withinMs, signal);
    },
    close: () => undefined,
  };
  const backend = new RemoteBackend(() => client, limits);
  const meter = () => metrics.model(model.identity, 'remote');
  const running = await backend.start(model, meter, target);
  onTestFinished(() => running.unload());
  const ask = (signal = noSignal) => running.run(iterationQuestion(1), signal);
  return { model, running, counts: metrics.counts, clock, asked, ask };
}

const [golden] = (await fixtureModel('convergence/1')).golden;
const answer = golden?.outputs as ModelTensors;
const down: Infer = () => Promise.reject(new Error('14 UNAVAILABLE: No connection established'));

it('answers within the deadline of the server, and counts the run', async () => {
  const { ask, asked, counts } = await start(() => Promise.resolve(answer));
  expect(await ask()).toEqual(answer);
  expect(asked).toEqual([200]);
  expect([...counts.keys()]).toEqual(['ran convergence/1 remote 1']);
});

it('lets a server rest that keeps failing, and tries it again', async () => {
  let isDown = true;
  const { ask, asked, clock } = await start((...question) =>
    isDown ? down(...question) : Promise.resolve(answer),
  );
  for (let k = 0; k < 5; k += 1) await expect(ask()).rejects.toThrow(/127\.0\.0\.1:8001 says: 14/);
  await expect(ask()).rejects.toThrow('rests');
  expect(asked).toHaveLength(5);
  clock.nowMs += 5_000;
  await expect(ask()).rejects.toThrow('says: 14');
  await expect(ask()).rejects.toThrow('rests');
  isDown = false;
  clock.nowMs += 5_000;
  expect(await ask()).toEqual(answer);
  expect(await ask()).toEqual(answer);
});

it('counts a question that was withdrawn as a failure of the server, and says that it was withdrawn', async () => {
  const withdrawn = new AbortController();
  const { ask, counts } = await start(
    (_inputs, _withinMs, signal) =>
      new Promise((_resolve, reject) => {
        signal?.addEventListener('abort', () => reject(new Error('1 CANCELLED')));
      }),
  );
  const asked = ask(withdrawn.signal);
  withdrawn.abort();
  await expect(asked).rejects.toMatchObject({ policy: 'retry-later' });
  expect(counts.get('unanswered convergence/1 remote aborted')).toBe(1);
});

it('has a bounded number of questions on their way', async () => {
  let release: () => void = () => undefined;
  const held = new Promise<ModelTensors>((resolve) => {
    release = () => resolve(answer);
  });
  const { ask } = await start(() => held);
  const first = [ask(), ask()];
  await expect(ask()).rejects.toMatchObject({ policy: 'retry-later' });
  release();
  expect(await Promise.all(first)).toEqual([answer, answer]);
  expect(await ask()).toEqual(answer);
});

it.each([
  ['lacks an output', {}],
  [
    'has another shape',
    Object.fromEntries(
      Object.entries(answer).map(([name, { data }]) => [
        name,
        { shape: [1, 1, data.length], data },
      ]),
    ),
  ],
])('refuses an answer that %s', async (_what, outputs) => {
  const { ask } = await start(() => Promise.resolve(outputs as ModelTensors));
  await expect(ask()).rejects.toThrow('does not fit');
});

it('takes a vector that comes as a column, as MLServer sends it', async () => {
  const columns = Object.entries(answer).map(
    ([name, { shape, data }]) => [name, { shape: [...shape, 1], data }] as const,
  );
  const { ask } = await start(() => Promise.resolve(Object.fromEntries(columns)));
  expect(await ask()).toEqual(answer);
});

it('is not asked once it is unloaded', async () => {
  const { ask, running } = await start(() => Promise.resolve(answer));
  await running.unload();
  await expect(ask()).rejects.toThrow('was unloaded');
});

it('says who was not reached', async () => {
  const model = await fixtureModel('convergence/1');
  const backend = new RemoteBackend(
    () => {
      throw new Error('ENOENT: ca.pem');
    },
    { queueLimit: 1, nowMs: () => 0 },
  );
  const meter = () => new CountingMetrics().model(model.identity, 'remote');
  await expect(backend.start(model, meter, target)).rejects.toThrow(
    /127\.0\.0\.1:8001 says: .*ca\.pem/,
  );
});
