import type { ModelTensors } from '@dh-advisor/plugin-sdk';
import {
  createWithModel,
  fakeModel,
  fakePlan,
  playRun,
  recordedRun,
} from '@dh-advisor/plugin-sdk/testing';
import { expect, it } from 'vitest';
import { plugin } from './index.js';

const signature = {
  role: 'pyramid-sigma',
  inputs: ['structures', 'beams', 'context'],
  outputs: ['sigmas_gy', 'iterations', 'ood_score'],
} as const;

async function stagesFor(
  sigmasGy: readonly number[],
  iterations: readonly number[],
  settings = {},
  plan = fakePlan(),
) {
  const asked: ModelTensors[] = [];
  const model = fakeModel(signature, (inputs) => {
    asked.push(inputs);
    return {
      sigmas_gy: { shape: [sigmasGy.length], data: Float32Array.from(sigmasGy) },
      iterations: { shape: [iterations.length], data: Float32Array.from(iterations) },
      ood_score: { shape: [1], data: Float32Array.of(0) },
    };
  });
  const created = await createWithModel(plugin, 'pyramid-sigma', model, settings);
  const [answer] = await playRun('pyramid-sigma', created, recordedRun({ plan }), { plan });
  const stages = answer?.advice?.stages.map((stage) => [
    stage.level,
    stage.histogramSigmaGy,
    stage.iterationLimit,
  ]);
  return { stages, context: [...(asked[0]?.['context']?.data ?? [])] };
}

const last = [0, 2.5, 0];

it('anneals at the finest level and ends as every schedule must', async () => {
  const { stages } = await stagesFor([30, 8], [12.4, 7.6]);
  expect(stages).toEqual([[0, 30, 12], [0, 8, 8], last]);
});

it('leaves out stages of less than one iteration', async () => {
  const { stages } = await stagesFor([30, 20, 8], [0.4, 3, -5]);
  expect(stages).toEqual([[0, 20, 3], last]);
  expect((await stagesFor([30], [0])).stages).toEqual([last]);
});

it('never rises and never goes below the last sigma', async () => {
  const { stages } = await stagesFor([10, 15, 1, 2], [5, 5, 5, 5]);
  expect(stages).toEqual([[0, 10, 5], [0, 10, 5], [0, 2.5, 5], [0, 2.5, 5], last]);
});

it('tells the model the solver and whether there is a start', async () => {
  expect((await stagesFor([9], [5])).context).toEqual([1, 0]);
  const plan = fakePlan({ solver: 'dh' });
  const settings = { with_warm_start: true };
  expect((await stagesFor([9], [5], settings, plan)).context).toEqual([0, 1]);
});
