import type { Geometry } from '@dh-advisor/plugin-sdk';
import { createPlugin, fakePlan, fakeSession } from '@dh-advisor/plugin-sdk/testing';
import { describe, expect, it } from 'vitest';
import { plugin } from './index.js';

const neutral = { sphericity: 1, doseGradientGyPerMm: 0.5, targetDistanceMm: 0 };

async function sigmas(properties: object[], volumesCc: number[], settings = {}) {
  const rules = await createPlugin(plugin, settings);
  const base = fakePlan().structures[0];
  if (base === undefined) throw new Error('the fake plan has a structure');
  const plan = fakePlan({ structures: volumesCc.map((volumeCc) => ({ ...base, volumeCc })) });
  const geometry: Geometry = {
    kind: 'geometry',
    structures: properties.map((property, structure) => ({ structure, ...neutral, ...property })),
    tensors: {},
  };
  const session = rules.openSession(fakeSession(plan));
  const advice = await session.advise(geometry, new AbortController().signal);
  return advice?.structures.map(({ histogramSigmaGy }) => histogramSigmaGy);
}

describe('structure-rules', () => {
  it('keeps the default at the reference', async () => {
    expect(await sigmas([{}], [30])).toEqual([2.5]);
  });

  it('sharpens large structures and steep dose, smooths ragged structures', async () => {
    const [large = 0, steep = 0, ragged = 0] =
      (await sigmas([{}, { doseGradientGyPerMm: 1 }, { sphericity: 0.5 }], [60, 30, 30])) ?? [];
    expect(large).toBeLessThan(2.5);
    expect(steep).toBeLessThan(2.5);
    expect(ragged).toBeGreaterThan(2.5);
  });

  it('stays within its largest factor', async () => {
    expect(await sigmas([{}, {}], [1e-9, 1e9], { largest_factor: 2 })).toEqual([5, 1.25]);
  });

  it('says nothing about structures it does not know', async () => {
    expect(await sigmas([{}, {}], [])).toBeUndefined();
  });
});
