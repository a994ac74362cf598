import type { IterationRecord, ModelTensors } from 'dh-advisor/plugin-sdk';
import {
  createWithModel,
  fakeModel,
  fakePlan,
  playRun,
  recordedRun,
} from 'dh-advisor/plugin-sdk/testing';
import { describe, expect, it } from 'vitest';
import { packHistory, packState } from './features.js';
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
  const stage = recordedRun({ plan, iterations: 10 }).slice(0, 12);
  const answers = await playRun('early-stopping', created, stage, { plan });
  return { asked, advice: answers.map((answer) => answer.advice), answers };
}

describe('stopping', () => {
  const decisions = async (...of: Parameters<typeof play>) =>
    (await play(...of)).advice.map((advice) => advice?.decision);
  const settled = [-1e-5, 1e-5] as const;

  it('waits for several iterations in a row that see little to gain', async () => {
    expect(await decisions(() => settled)).toEqual([
      ...['continue', 'continue'],
      ...Array(8).fill('stop-level'),
    ]);
    // A doubt in between starts the count anew.
    const doubtful = await decisions((iteration) => (iteration === 2 ? [-0.1, 0.01] : settled));
    expect(doubtful.slice(0, 6)).toEqual([...Array(5).fill('continue'), 'stop-level']);
  });

  it('does not stop on a prediction that is unsure', async () => {
    expect(await decisions(() => [-1e-5, 0.01])).not.toContain('stop-level');
    expect(await decisions(() => [-1e-5, 0.01], { z: 0 })).toContain('stop-level');
  });

  it('does not stop while there is more to gain than the tolerance', async () => {
    const gain = Math.log10(1 - 5e-4);
    expect(await decisions(() => [gain, 1e-5])).toContain('stop-level');
    expect(await decisions(() => [gain, 1e-5], { tolerance: 4e-4 })).not.toContain('stop-level');
  });

  it('does not stop on numbers that are none', async () => {
    expect(await decisions(() => [Number.NaN, 1e-5])).not.toContain('stop-level');
  });
});

it('predicts the end and its spread in units of the objective', async () => {
  const { answers } = await play(() => [-1, 0.1], {}, 0.25);
  const last = answers.at(-1);
  const objective = last?.event.kind === 'iteration' ? last.event.iteration.objective : Number.NaN;
  expect(last?.advice?.predictedFinalObjective).toBeCloseTo(objective / 10, 6);
  expect(last?.advice?.predictedStandardDeviation).toBeCloseTo(
    (objective / 10) * Math.LN10 * 0.1,
    6,
  );
  expect(last?.advice?.outOfDistributionScore).toBe(0.25);
});

describe('what the model sees', () => {
  const records = (objectives: readonly number[]) =>
    objectives.map(
      (objective): IterationRecord => ({
        ...{ level: 0, stage: 0, iteration: 0, stepLength: 1 },
        ...{ valueCalls: 1, gradientCalls: 1, elapsedMs: 1, objective, gradientNorm: 0.1 },
      }),
    );
  const rows = (objectives: readonly number[]) => {
    const { shape, data } = packHistory(records(objectives));
    expect(shape).toEqual([1, 10, 4]);
    return Array.from({ length: 10 }, (_, i) => [...data.slice(4 * i, 4 * i + 4)]);
  };

  it('is a short history with zeros in front', () => {
    const packed = rows([100, 50]);
    expect(packed.slice(0, 8)).toEqual(Array(8).fill([0, 0, 0, 0]));
    expect(packed[8]).toEqual([2, -1, 0, 1]);
    expect(packed[9]?.[2]).toBe(0.5);
  });

  it('is the last ten iterations of a long one, with the gain on the one before them', () => {
    const packed = rows([1000, 100, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1]);
    expect(packed[0]?.[0]).toBe(1);
    expect(packed[0]?.[2]).toBeCloseTo(0.9, 6);
    expect(packed[9]).toEqual([0, -1, 0.5, 1]);
  });

  it('stays finite at an optimum', () => {
    expect(rows([0, 0]).flat().every(Number.isFinite)).toBe(true);
  });

  it('is where the run stands', () => {
    const start = {
      ...{ level: 1, stage: 3, beamletCount: 1000, histogramSigmaGy: 10, objective: 5 },
      ...{ varianceLowerGy2: 1, varianceUpperGy2: 2 },
    };
    const { shape, data } = packState(start, 20, 'lbfgs');
    expect(shape).toEqual([1, 6]);
    [1, 1, 0.2, 3, 3, 1].forEach((value, i) => {
      expect(data[i]).toBeCloseTo(value, 6);
    });
    expect(packState(start, 20, 'dh').data[5]).toBe(0);
  });

  it('starts anew with each stage', async () => {
    const { asked } = await play(() => [-1, 0.1]);
    const masks = asked.map(({ history }) =>
      [...(history?.data ?? [])].filter((_, i) => i % 4 === 3).reduce((a, b) => a + b, 0),
    );
    expect(masks).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  });
});

it('refuses a model of another kind', async () => {
  const other = fakeModel({ ...signature, role: 'initialization' }, () => ({}));
  const create = createWithModel(plugin, 'convergence', other);
  await expect(create).rejects.toThrow(/role is initialization/);
});
