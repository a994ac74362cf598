import { describe, expect, it, onTestFinished } from 'vitest';
import { CountingMetrics } from '../../domain/testing/fakes.js';
import type { ModelTensors } from '../../plugin-sdk/index.js';
import { fixtureModel, iterationQuestion, noSignal } from '../testing/fixtures.js';
import { InlineBackend, type InlineLimits } from './inline-backend.js';

async function start(
  { ofModel, ...limits }: Partial<InlineLimits> & { ofModel?: number } = {},
  name = 'convergence/1',
  costMs = 0,
) {
  const found = await fixtureModel(name);
  const model = ofModel === undefined ? found : { ...found, maxBatchSize: ofModel };
  const metrics = new CountingMetrics();
  const backend = new InlineBackend({ maxBatchSize: 8, queueLimit: 16, ...limits });
  const meter = () => metrics.model(model.identity, 'inline');
  const running = await backend.start(model, meter, costMs);
  onTestFinished(() => running.unload());
  return { running, counts: metrics.counts };
}

function expectAlike(actual: ModelTensors, expected: ModelTensors): void {
  expect(Object.keys(actual)).toEqual(Object.keys(expected));
  for (const [name, tensor] of Object.entries(expected)) {
    expect(actual[name]?.shape).toEqual(tensor.shape);
    tensor.data.forEach((value, i) => {
      expect(actual[name]?.data[i]).toBeCloseTo(value, 6);
    });
  }
}

describe('questions of one turn of the event loop', () => {
  const questions = [1, 2, 3, 4, 5].map(iterationQuestion);

  it('are answered by one run, each as if asked alone', async () => {
    const { running, counts } = await start();
    const alone: ModelTensors[] = [];
    for (const question of questions) alone.push(await running.run(question, noSignal));
    const together = await Promise.all(
      questions.map((question) => running.run(question, noSignal)),
    );
    questions.forEach((_, i) => {
      expectAlike(together[i] as ModelTensors, alone[i] as ModelTensors);
    });
    // They differ, so that an answer given to the wrong question would show.
    const ratios = new Set(alone.map((answer) => answer['final_log10_ratio']?.data[0]));
    expect(ratios.size).toBe(questions.length);
    expect(Object.fromEntries(counts)).toEqual({
      'ran convergence/1 inline 1': 5,
      'ran convergence/1 inline 5': 1,
    });
  });

  it.each([
    ['the host lets a run answer', { maxBatchSize: 2 }],
    ['the model takes', { ofModel: 2 }],
  ])('are split when there are more than %s', async (_whose, limits) => {
    const { running, counts } = await start(limits);
    await Promise.all(questions.map((question) => running.run(question, noSignal)));
    expect(counts.get('ran convergence/1 inline 2')).toBe(2);
    expect(counts.get('ran convergence/1 inline 1')).toBe(1);
  });

  it('are split when one run would hold the thread that serves for too long', async () => {
    const { running, counts } = await start({}, 'convergence/1', 2.5);
    await Promise.all(questions.map((question) => running.run(question, noSignal)));
    expect(counts.get('ran convergence/1 inline 2')).toBe(2);
    expect(counts.get('ran convergence/1 inline 1')).toBe(1);
  });

  it('keep their order when some bring several rows', async () => {
    const { running } = await start();
    const [a, b] = [iterationQuestion(1), iterationQuestion(2)];
    const two: ModelTensors = Object.fromEntries(
      Object.entries(a).map(([name, { shape, data }]) => {
        const rows = new Float32Array(2 * data.length);
        rows.set(data);
        rows.set(b[name]?.data ?? [], data.length);
        return [name, { shape: [2, ...shape.slice(1)], data: rows }];
      }),
    );
    const [pair, single] = await Promise.all([
      running.run(two, noSignal),
      running.run(b, noSignal),
    ]);
    expect(pair?.['ood_score']?.shape).toEqual([2]);
    expect(pair?.['final_log10_ratio']?.data[1]).toBeCloseTo(
      single?.['final_log10_ratio']?.data[0] ?? Number.NaN,
      6,
    );
  });

  it('run one by one for a model that cannot stack them', async () => {
    const { running, counts } = await start({}, 'slow/1');
    const ask = (x: number) =>
      running.run({ x: { shape: [1], data: Float32Array.of(x) } }, noSignal);
    const [one, two] = await Promise.all([ask(1), ask(2)]);
    expect(two?.['y']?.data[0]).toBeCloseTo(2 * (one?.['y']?.data[0] ?? Number.NaN), 6);
    expect(counts.get('ran slow/1 inline 1')).toBe(2);
  });
});

it('lets a withdrawn question go and answers the others of its turn', async () => {
  const { running, counts } = await start();
  const withdrawn = new AbortController();
  const gone = running.run(iterationQuestion(1), withdrawn.signal);
  const stays = running.run(iterationQuestion(2), noSignal);
  withdrawn.abort();
  await expect(gone).rejects.toMatchObject({ policy: 'retry-later' });
  await expect(stays).resolves.toHaveProperty('ood_score');
  expect(counts.get('unanswered convergence/1 inline aborted')).toBe(1);
  expect(counts.get('ran convergence/1 inline 1')).toBe(1);
});

it('takes no more questions than may wait', async () => {
  const { running, counts } = await start({ queueLimit: 2 });
  const asked = [1, 2, 3].map((seed) => running.run(iterationQuestion(seed), noSignal));
  await expect(asked[2]).rejects.toMatchObject({ policy: 'retry-later' });
  await expect(Promise.all(asked.slice(0, 2))).resolves.toHaveLength(2);
  expect(counts.get('unanswered convergence/1 inline queue-full')).toBe(1);
});

it('fails the questions that the runtime cannot answer, and goes on', async () => {
  const { running, counts } = await start();
  const tooFew = { history: { shape: [1, 10, 4], data: new Float32Array(40) } };
  await expect(running.run(tooFew, noSignal)).rejects.toMatchObject({
    policy: 'model-unavailable',
  });
  expect(counts.get('unanswered convergence/1 inline failed')).toBe(1);
  await expect(running.run(iterationQuestion(1), noSignal)).resolves.toHaveProperty('ood_score');
});

it('fails what waits, and what comes, once unloaded', async () => {
  const { running } = await start();
  const waiting = running.run(iterationQuestion(1), noSignal);
  const refused = expect(waiting).rejects.toMatchObject({ policy: 'model-unavailable' });
  await running.unload();
  await refused;
  await expect(running.run(iterationQuestion(1), noSignal)).rejects.toMatchObject({
    policy: 'model-unavailable',
  });
});
