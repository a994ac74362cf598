import { type ModelTensors, RetryLater } from '@dh-advisor/plugin-sdk';
import {
  createWithModel,
  fakeModel,
  fakePlan,
  playRun,
  recordedRun,
} from '@dh-advisor/plugin-sdk/testing';
import { describe, expect, it } from 'vitest';
import { plugin } from './index.js';

const signature = {
  role: 'early-stopping',
  inputs: ['history', 'state'],
  outputs: ['final_log10_ratio', 'standard_deviation', 'ood_score'],
} as const;

const one = (value: number) => ({ shape: [1], data: Float32Array.of(value) });

/** Plays one stage of ten iterations with a model that predicts as told. */
async function play(
  predict: (iteration: number) => readonly [ratio: number, deviation: number],
  settings = {},
  score = 0,
  objectives: readonly number[] = [],
) {
  const asked: ModelTensors[] = [];
  const model = fakeModel(signature, (inputs) => {
    const [ratio, deviation] = predict(Math.round((inputs['state']?.data[2] ?? 0) * 100));
    asked.push(inputs);
    return {
      final_log10_ratio: one(ratio),
      standard_deviation: one(deviation),
      ood_score: one(score),
    };
  });
  const created = await createWithModel(plugin, 'convergence', model, settings);
  const plan = fakePlan();
  const stage = recordedRun({ plan, iterations: 10 })
    .slice(0, 12)
    .map((event) => {
      if (event.kind !== 'iteration') return event;
      return { ...event, objective: objectives[event.iteration] ?? event.objective };
    });
  const answers = await playRun('early-stopping', created, stage, { plan });
  return { asked, advice: answers.map((answer) => answer.advice), answers };
}

/** The model is asked at every iteration. */
const ALWAYS = { every_iterations: 1, patience: 3, tolerance: 2e-3, z: 1 } as const;

describe('stopping', () => {
  const decisions = async (...of: Parameters<typeof play>) =>
    (await play(...of)).advice.map((advice) => advice?.decision);
  const settled = [-1e-5, 1e-5] as const;

  it('waits for several forecasts in a row that see little to gain', async () => {
    expect(await decisions(() => settled, ALWAYS)).toEqual([
      'continue',
      'continue',
      ...Array(8).fill('stop-level'),
    ]);
    // A doubt in between starts the count anew.
    const doubtful = await decisions(
      (iteration) => (iteration === 2 ? [-0.1, 0.01] : settled),
      ALWAYS,
    );
    expect(doubtful.slice(0, 6)).toEqual([...Array(5).fill('continue'), 'stop-level']);
  });

  it('does not stop on a prediction that is unsure', async () => {
    expect(await decisions(() => [-1e-5, 0.01], ALWAYS)).not.toContain('stop-level');
    expect(await decisions(() => [-1e-5, 0.01], { ...ALWAYS, z: 0 })).toContain('stop-level');
  });

  it('does not stop while there is more to gain than the tolerance', async () => {
    const gain = Math.log10(1 - 5e-4);
    expect(await decisions(() => [gain, 1e-5], ALWAYS)).toContain('stop-level');
    const strict = { ...ALWAYS, tolerance: 4e-4 };
    expect(await decisions(() => [gain, 1e-5], strict)).not.toContain('stop-level');
  });

  it('does not stop on numbers that are none', async () => {
    expect(await decisions(() => [Number.NaN, 1e-5], ALWAYS)).not.toContain('stop-level');
  });
});

describe('between two forecasts', () => {
  const EVERY_FOURTH = { ...ALWAYS, every_iterations: 4, patience: 2 } as const;

  const iterationsOf = (asked: readonly ModelTensors[]) =>
    asked.map(({ state }) => Math.round((state?.data[2] ?? 0) * 100));

  it('the last one stands while it can be right', async () => {
    const { asked, advice } = await play(() => [-2, 1e-5], EVERY_FOURTH);
    expect(iterationsOf(asked)).toEqual([0, 4, 8]);
    expect(advice[1]).toBe(advice[0]);
    expect(advice[7]).toBe(advice[4]);
  });

  it('a stop stands, too', async () => {
    const flat = { ...EVERY_FOURTH, tolerance: 0.1, z: 0 };
    const objectives = [...Array(10).keys()].map((k) => 10 - 0.01 * k);
    const { asked, advice } = await play(() => [-0.04, 1e-5], flat, 0, objectives);
    expect(iterationsOf(asked)).toEqual([0, 4, 8]);
    expect(advice.map((answer) => answer?.decision)).toEqual([
      ...Array(4).fill('continue'),
      ...Array(6).fill('stop-level'),
    ]);
    expect(advice[7]).toBe(advice[4]);
  });

  it('one that the objective has passed is replaced at once', async () => {
    const objectives = [10, 9.99, 9.5, 9.4, 9.3, 9.29, 9.28, 9.27, 9.26, 9.25];
    // To 9.77, to 9.28, to 9.09 and so on: the one of iteration 0 is passed at 2, which is passed at none.
    const { asked, advice } = await play(() => [-0.01, 1e-5], EVERY_FOURTH, 0, objectives);
    expect(iterationsOf(asked)).toEqual([0, 2, 4, 8]);
    advice.forEach((answer, k) => {
      expect(answer?.predictedFinalObjective).toBeLessThanOrEqual(objectives[k] ?? 0);
    });
  });

  it('stops need as many forecasts as are due, however many were passed', async () => {
    // Falls at each iteration by more than is forecast.
    const objectives = [...Array(10).keys()].map((k) => 10 - k);
    const { asked, advice } = await play(() => [-1e-5, 1e-5], EVERY_FOURTH, 0, objectives);
    expect(iterationsOf(asked)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(advice.map((answer) => answer?.decision)).toEqual([
      ...Array(4).fill('continue'),
      ...Array(6).fill('stop-level'),
    ]);
  });

  it('a doubt about a forecast that was passed takes a stop back', async () => {
    const { advice } = await play((at) => (at === 6 ? [-0.1, 0.01] : [-1e-5, 1e-5]), EVERY_FOURTH);
    expect(advice.slice(4).map((answer) => answer?.decision)).toEqual([
      'stop-level',
      'stop-level',
      'continue',
      'continue',
      'continue',
      'continue',
    ]);
  });

  it('a doubt takes a stop back at the next forecast', async () => {
    const { advice } = await play((at) => (at < 8 ? [-1e-5, 1e-5] : [-0.1, 0.01]), EVERY_FOURTH);
    expect(advice.slice(6).map((answer) => answer?.decision)).toEqual([
      'stop-level',
      'stop-level',
      'continue',
      'continue',
    ]);
  });

  /** Asks at every iteration of two stages of ten; the second question of all fails as told. */
  async function playWithFailure(fail: () => void, signal = new AbortController().signal) {
    let questions = 0;
    const model = fakeModel(signature, () => {
      questions += 1;
      if (questions === 2) fail();
      return { final_log10_ratio: one(-1), standard_deviation: one(0.1), ood_score: one(0) };
    });
    const created = await createWithModel(plugin, 'convergence', model, EVERY_FOURTH);
    const plan = fakePlan();
    const events = recordedRun({ plan, iterations: 10 }).slice(0, 24);
    const answers = await playRun('early-stopping', created, events, { plan, signal });
    return answers.map(({ advice }) => advice !== undefined);
  }
  const answered = (count: number) => Array(count).fill(true);
  const silent = (count: number) => Array(count).fill(false);

  it('nothing stands after a question that was not answered', async () => {
    const busy = () => {
      throw new RetryLater('busy');
    };
    const given = await playWithFailure(busy);
    expect(given).toEqual([...answered(4), ...silent(4), ...answered(2), ...answered(10)]);
  });

  it('nothing stands that came after its deadline', async () => {
    const late = new AbortController();
    const given = await playWithFailure(() => late.abort(), late.signal);
    expect(given.slice(0, 8)).toEqual([...answered(4), ...silent(4)]);
  });

  it('nothing stands of the stage before', async () => {
    const settled = fakeModel(signature, () => ({
      final_log10_ratio: one(-1e-5),
      standard_deviation: one(1e-5),
      ood_score: one(0),
    }));
    const created = await createWithModel(plugin, 'convergence', settled, EVERY_FOURTH);
    const plan = fakePlan();
    const events = recordedRun({ plan, iterations: 10 }).slice(0, 24);
    const answers = await playRun('early-stopping', created, events, { plan });
    expect(answers).toHaveLength(20);
    expect(answers[9]?.advice?.decision).toBe('stop-level');
    expect(answers.slice(10, 14).map(({ advice }) => advice?.decision)).toEqual(
      Array(4).fill('continue'),
    );
  });
});

it('predicts the end and its spread in units of the objective', async () => {
  const { answers } = await play(() => [-1, 0.1], ALWAYS, 0.25);
  const last = answers.at(-1);
  const objective = last?.event.kind === 'iteration' ? last.event.objective : Number.NaN;
  expect(last?.advice?.predictedFinalObjective).toBeCloseTo(objective / 10, 6);
  expect(last?.advice?.predictedStandardDeviation).toBeCloseTo(
    (objective / 10) * Math.LN10 * 0.1,
    6,
  );
  expect(last?.advice?.outOfDistributionScore).toBe(0.25);
});

it('starts what the model sees anew with each stage', async () => {
  const { asked } = await play(() => [-1, 0.1], ALWAYS);
  const masks = asked.map(({ history }) =>
    [...(history?.data ?? [])].filter((_, i) => i % 4 === 3).reduce((a, b) => a + b, 0),
  );
  expect(masks).toEqual([1, 2, 2, 3, 3, 3, 4, 4, 4, 4]);
});

it('refuses a model of another kind', async () => {
  const other = fakeModel({ ...signature, role: 'initialization' }, () => ({}));
  const create = createWithModel(plugin, 'convergence', other);
  await expect(create).rejects.toThrow(/role is initialization/);
});
