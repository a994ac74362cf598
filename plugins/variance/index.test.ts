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
  role: 'adaptive-variance',
  inputs: [
    'structures',
    'beams',
    'structure_mean_dose',
    'structure_max_dose',
    'column_norm',
    'context',
  ],
  outputs: ['share', 'ood_score'],
} as const;

async function play(solver: 'dh' | 'lbfgs', everyN = 0, phases = {}) {
  const asked: ModelTensors[] = [];
  const model = fakeModel(signature, (inputs) => {
    asked.push(inputs);
    return {
      share: { shape: [2, 1, 4], data: new Float32Array(8).fill(0.25) },
      ood_score: { shape: [1], data: Float32Array.of(0) },
    };
  });
  const settings = { every_n_iterations: everyN, ...phases };
  const created = await createWithModel(plugin, 'variance', model, settings);
  const plan = fakePlan({ solver });
  const events = recordedRun({ plan, iterations: 6 });
  const options = { plan, asksEveryN: plugin.asksEveryN?.(settings as never) ?? 0 };
  const answers = await playRun('adaptive-variance', created, events, options);
  return { asked, advice: answers.map((answer) => answer.advice), plan };
}

it('puts the share between the bounds in force, on every level', async () => {
  const { advice, plan } = await play('dh');
  expect(advice.map((answer) => answer?.varianceGy2.length)).toEqual([4, 8]);
  const { varianceLowerGy2: lower = 0, varianceUpperGy2: upper = 0 } = plan.levels[1] ?? {};
  for (const variance of advice[0]?.varianceGy2 ?? []) {
    expect(variance).toBeCloseTo(lower + 0.25 * (upper - lower), 12);
  }
});

it('tells the model level, phase and sigma', async () => {
  const { asked } = await play('dh', 3);
  const contexts = asked.map(({ context }) => [...(context?.data ?? [])]);
  const coarse = Math.fround(Math.log10(6.5));
  expect(contexts.slice(0, 3)).toEqual([
    [1, 0, coarse],
    [1, Math.fround(0.01), coarse],
    [1, Math.fround(0.04), coarse],
  ]);
  expect(asked).toHaveLength(6);
});

it('asks for the phases that levels are to be held at', async () => {
  const phases = ({ asked }: Awaited<ReturnType<typeof play>>) =>
    asked.map(({ context }) => context?.data[1]);
  expect(phases(await play('dh'))).toEqual([0, 1]);
  const settings = { coarse_phase: 0.25, finest_phase: 0.5 };
  expect(phases(await play('dh', 0, settings))).toEqual([0.25, 0.5]);
});

it('has nothing to say to another solver', async () => {
  const { advice, asked } = await play('lbfgs');
  expect(advice).toEqual([undefined, undefined]);
  expect(asked).toHaveLength(0);
});
