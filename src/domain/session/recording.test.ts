import { expect, it } from 'vitest';
import type { Tensor } from '../../plugin-sdk/index.js';
import { testConfig } from '../testing/test-config.js';
import { type RecordingConfig, recordingWants, withTensors } from './recording.js';

const tensor: Tensor = { shape: [1], data: Float64Array.of(1) };
const config: RecordingConfig = {
  ...testConfig().recording,
  tensors: ['weights', 'column-norm'],
  everyN: 4,
};

function iterationEvent(iteration: number) {
  const scalars = { level: 0, stage: 0, objective: 1, gradientNorm: 1, stepLength: 1 };
  const counts = { valueCalls: 1, gradientCalls: 1, elapsedMs: 1 };
  const tensors = { weights: tensor, gradient: tensor };
  return { kind: 'iteration', ...scalars, ...counts, iteration, tensors } as const;
}

it('asks for vectors at the rhythm and for features of beamlets once', () => {
  expect(recordingWants(config)).toEqual([
    { kind: 'weights', everyN: 4 },
    { kind: 'column-norm', everyN: 0 },
  ]);
});

it('hands on only what was wanted with an iteration', () => {
  const wanted = recordingWants(config);
  const seen = [0, 3, 4].map((at) => withTensors(iterationEvent(at), wanted).tensors);
  expect(seen).toEqual([{ weights: tensor }, {}, { weights: tensor }]);
});

it('hands on geometry tensors whatever their rhythm, and leaves other events alone', () => {
  const tensors = { 'column-norm': tensor, 'path-density': tensor };
  const event = { kind: 'geometry', structures: [], tensors } as const;
  expect(withTensors(event, recordingWants(config)).tensors).toEqual({
    'column-norm': tensor,
  });
  const end = { kind: 'receipt', verdict: 'late', level: 0, iteration: 1 };
  expect(withTensors(end as never, [])).toBe(end);
});
