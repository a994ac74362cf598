import { createPlugin, fakePlan, playRun, recordedRun } from '@dh-advisor/plugin-sdk/testing';
import { describe, expect, it } from 'vitest';
import { plugin } from './index.js';

async function play(settings = {}, plan = fakePlan()) {
  const uniform = await createPlugin(plugin, settings);
  return playRun('initialization', uniform, recordedRun({ plan }), { plan });
}

describe('uniform', () => {
  it('gives the target its prescription on average', async () => {
    const [first] = await play();
    // Eight beamlets of 0.5 Gy per unit weight each: 4 Gy per common weight, so 70 Gy would need more than the ceiling.
    expect(first?.advice?.weights[0]).toBe(0.2);
    const target = fakePlan().structures[0];
    if (target === undefined) throw new Error('the fake plan has a target');
    const [scaled] = await play(
      {},
      fakePlan({ structures: [{ ...target, prescribedDoseGy: 0.4 }] }),
    );
    expect(scaled?.advice?.weights[3]).toBeCloseTo(0.1, 12);
    expect(scaled?.advice?.weights).toHaveLength(4);
  });

  it('leaves later stages alone unless told otherwise', async () => {
    const answers = await play();
    expect(answers.map(({ advice }) => advice !== undefined)).toEqual([true, false]);
    const always = await play({ first_stage_only: false });
    expect(always.map(({ advice }) => advice?.weights.length)).toEqual([4, 8]);
  });

  it('says nothing without a target', async () => {
    const organs = fakePlan().structures.filter(({ role }) => role !== 'target');
    const [first] = await play({}, fakePlan({ structures: organs }));
    expect(first?.advice).toBeUndefined();
  });
});
