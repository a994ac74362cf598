import { createPlugin, playRun, recordedRun } from '@dh-advisor/plugin-sdk/testing';
import { describe, expect, it } from 'vitest';
import { plugin } from './index.js';

async function variances(settings = {}) {
  const answers = await playRun(
    'adaptive-variance',
    await createPlugin(plugin, settings),
    recordedRun({ iterations: 1 }),
    { asksEveryN: 1 },
  );
  return answers.map(({ advice }) => advice?.varianceGy2.slice());
}

describe('level-default', () => {
  it('gives every beamlet the lower bound at level starts only', async () => {
    const [coarse, duringCoarse, fine] = await variances();
    expect(coarse).toEqual(new Float64Array(4).fill(0.25 * 6.5 ** 2));
    expect(duringCoarse).toBeUndefined();
    expect(fine).toEqual(new Float64Array(8).fill(0.25 * 2.5 ** 2));
  });

  it('can sit anywhere between the bounds', async () => {
    const [, , fine] = await variances({ position: 1 });
    expect(fine).toEqual(new Float64Array(8).fill(1.5 * 2.5 ** 2));
  });

  it('can sit elsewhere in the stages that end a plan', async () => {
    const [coarse, , fine] = await variances({ position: 1, final_position: 0 });
    expect(coarse).toEqual(new Float64Array(4).fill(1.5 * 6.5 ** 2));
    expect(fine).toEqual(new Float64Array(8).fill(0.25 * 2.5 ** 2));
  });
});
