import { createWithModel, fakeModel, playRun, recordedRun } from '@dh-advisor/plugin-sdk/testing';
import { expect, it } from 'vitest';
import { plugin } from './index.js';

const signature = {
  role: 'histogram-sigma',
  inputs: ['structures', 'beams'],
  outputs: ['sigma_factor', 'ood_score'],
} as const;

it('multiplies the finest sigma, structure by structure', async () => {
  const model = fakeModel(signature, ({ structures }) => ({
    // The first column says whether a structure is a target.
    sigma_factor: {
      shape: [2],
      data: Float32Array.of(1 + (structures?.data[0] ?? 0), 1 + (structures?.data[11] ?? 0)),
    },
    ood_score: { shape: [1], data: Float32Array.of(0.75) },
  }));
  const created = await createWithModel(plugin, 'histogram-sigma', model);
  const [answer] = await playRun('histogram-sigma', created, recordedRun());
  expect(answer?.advice).toEqual({
    structures: [
      { structure: 0, histogramSigmaGy: 5 },
      { structure: 1, histogramSigmaGy: 2.5 },
    ],
    outOfDistributionScore: 0.75,
  });
});
