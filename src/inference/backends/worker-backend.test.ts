import { fileURLToPath } from 'node:url';
import { beforeAll, expect, it, onTestFinished } from 'vitest';
import { CountingMetrics } from '../../domain/testing/fakes.js';
import type { ModelPackage } from '../model-package.js';
import { FakeLog, fixtureModel, noSignal, slowQuestion, workerEntry } from '../testing/fixtures.js';
import { WorkerBackend } from './worker-backend.js';

/** Runs the real thread code, and dies of a question that a fault makes deadly. */
const dyingEntry = new URL('../../../test/fixtures/dying-model-thread.js', import.meta.url);
const DEADLY = 13;

let slow: ModelPackage;
beforeAll(async () => {
  slow = await fixtureModel('slow/1');
});

async function start(queueLimit = 16, entry = workerEntry) {
  const metrics = new CountingMetrics();
  const log = new FakeLog();
  const backend = new WorkerBackend({ log, entry, concurrency: 1, queueLimit });
  const running = await backend.start(slow, () => metrics.model(slow.identity, 'worker'));
  onTestFinished(() => backend.dispose());
  return { backend, running, counts: metrics.counts };
}

const retryLater = { policy: 'retry-later' };
const unavailable = { policy: 'model-unavailable' };

it('answers beside the event loop', async () => {
  const { running, counts } = await start();
  let turns = 0;
  const answer = running.run(slowQuestion(2), noSignal);
  let isAnswered = false;
  const done = answer.then(() => {
    isAnswered = true;
  });
  while (!isAnswered) {
    turns += 1;
    await new Promise(setImmediate);
  }
  await done;
  // On the same thread the native call would have let one turn pass, or two.
  expect(turns).toBeGreaterThan(10);
  expect(counts.get('ran slow/1 worker 1')).toBe(1);
});

it('takes no more questions than may wait', async () => {
  const { running, counts } = await start(1);
  const asked = [1, 2, 3].map((x) => running.run(slowQuestion(x), noSignal));
  await expect(asked[2]).rejects.toMatchObject(retryLater);
  await expect(Promise.all(asked.slice(0, 2))).resolves.toHaveLength(2);
  expect(counts.get('unanswered slow/1 worker queue-full')).toBe(1);
  await expect(running.run(slowQuestion(), noSignal)).resolves.toHaveProperty('y');
});

it('lets a withdrawn question leave the queue, so that another may wait', async () => {
  const { running, counts } = await start(1);
  const first = running.run(slowQuestion(1), noSignal);
  const withdrawn = new AbortController();
  const second = running.run(slowQuestion(2), withdrawn.signal);
  withdrawn.abort();
  const third = running.run(slowQuestion(3), noSignal);
  await expect(second).rejects.toMatchObject(retryLater);
  await expect(Promise.all([first, third])).resolves.toHaveLength(2);
  expect(counts.get('ran slow/1 worker 1')).toBe(2);
  expect(counts.get('unanswered slow/1 worker aborted')).toBe(1);
});

it('releases a question that is withdrawn while it runs, and keeps the thread', async () => {
  const { backend, running } = await start();
  const [thread] = backend.threads;
  const withdrawn = new AbortController();
  const question = running.run(slowQuestion(), withdrawn.signal);
  withdrawn.abort();
  await expect(question).rejects.toMatchObject(retryLater);
  await expect(running.run(slowQuestion(), noSignal)).resolves.toHaveProperty('y');
  expect(backend.threads[0]).toBe(thread);
});

it('fails the question whose thread dies, and answers the next with a new one', async () => {
  const { backend, running, counts } = await start(16, fileURLToPath(dyingEntry));
  const [thread] = backend.threads;
  const question = running.run(slowQuestion(DEADLY), noSignal);
  const waiting = running.run(slowQuestion(), noSignal);
  await expect(question).rejects.toMatchObject(unavailable);
  await expect(waiting).resolves.toHaveProperty('y');
  expect(counts.get('unanswered slow/1 worker failed')).toBe(1);
  await expect(running.run(slowQuestion(), noSignal)).resolves.toHaveProperty('y');
  expect(backend.threads[0]).not.toBe(thread);
});

it('answers what runs and fails what waits and what comes, once unloaded', async () => {
  const { running } = await start();
  const runs = running.run(slowQuestion(1), noSignal);
  const waits = running.run(slowQuestion(2), noSignal);
  const refused = expect(waits).rejects.toMatchObject(unavailable);
  await running.unload();
  await expect(runs).resolves.toHaveProperty('y');
  await refused;
  await expect(running.run(slowQuestion(), noSignal)).rejects.toMatchObject(unavailable);
});

it('says why a model cannot be loaded', async () => {
  const broken = { ...slow, bytes: new SharedArrayBuffer(64) };
  const backend = new WorkerBackend({
    log: new FakeLog(),
    entry: workerEntry,
    concurrency: 1,
    queueLimit: 1,
  });
  onTestFinished(() => backend.dispose());
  const meter = () => new CountingMetrics().model(slow.identity, 'worker');
  await expect(backend.start(broken, meter)).rejects.toMatchObject({ code: 'model-session' });
});
