import { type Geometry, NotApplicable } from '@dh-advisor/plugin-sdk';
import { createPlugin, fakePlan, fakeSession } from '@dh-advisor/plugin-sdk/testing';
import { describe, expect, it } from 'vitest';
import { plugin } from './index.js';

const geometry: Geometry = { kind: 'geometry', structures: [], tensors: {} };

async function stages(settings = {}, plan = fakePlan({ solver: 'dh' })) {
  const schedule = await createPlugin(plugin, settings);
  const session = schedule.openSession(fakeSession(plan));
  return (await session.advise(geometry, new AbortController().signal))?.stages;
}

describe('fixed-schedule', () => {
  it('anneals and ends as the plan would', async () => {
    expect(await stages()).toEqual([
      { level: 0, histogramSigmaGy: 30, iterationLimit: 12 },
      { level: 0, histogramSigmaGy: 15, iterationLimit: 12 },
      { level: 0, histogramSigmaGy: 8, iterationLimit: 12 },
      { level: 0, histogramSigmaGy: 4, iterationLimit: 12 },
      { level: 0, histogramSigmaGy: 2.5, iterationLimit: 0 },
    ]);
  });

  it('leaves out stages that the plan has no use for', async () => {
    const settings = {
      stages: [
        { level: 3, sigma_gy: 40, iterations: 5 },
        { level: 1, sigma_gy: 10, iterations: 5 },
        { level: 0, sigma_gy: 2, iterations: 5 },
      ],
    };
    expect(await stages(settings)).toEqual([
      { level: 1, histogramSigmaGy: 10, iterationLimit: 5 },
      { level: 0, histogramSigmaGy: 2.5, iterationLimit: 0 },
    ]);
  });

  it('leaves a solver with a schedule of its own alone, unless told otherwise', async () => {
    const plan = fakePlan({ solver: 'lbfgs' });
    await expect(stages({}, plan)).rejects.toThrow(NotApplicable);
    expect(await stages({ solvers: ['dh', 'lbfgs'] }, plan)).toHaveLength(5);
  });

  it('refuses a schedule that rises', () => {
    const rising = {
      stages: [
        { sigma_gy: 6, iterations: 5 },
        { sigma_gy: 40, iterations: 5 },
      ],
    };
    expect(plugin.configSchema.safeParse(rising).error?.issues[0]?.message).toContain(
      'must not rise',
    );
  });
});
