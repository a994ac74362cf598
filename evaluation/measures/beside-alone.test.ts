import { describe, expect, it } from 'vitest';
import { besideAlone } from './beside-alone.js';
import { armCase } from './testing.js';

const alone = { fRefs: [10], ownObjective: 2, voxelWeightedCalls: 100, cpuMs: 1000 };

const runs = [
  armCase('alone', 'a', alone),
  armCase('alone', 'b', alone),
  armCase('alone', 'c', alone),
  armCase('alone', 'failed-alone'),
  armCase('advised', 'a', { fRefs: [5], ownObjective: 1, voxelWeightedCalls: 25, cpuMs: 300 }),
  armCase('advised', 'b', {
    fRefs: [10.05],
    ownObjective: -1,
    voxelWeightedCalls: 50,
    cpuMs: 1500,
  }),
  armCase('advised', 'failed-alone', alone),
];

describe('besideAlone', () => {
  it('takes the ratio of each patient, and counts who is better, worse, and who costs more', () => {
    const beside = besideAlone([...runs, armCase('advised', 'c', alone)], 'advised', 'alone');
    expect(beside).toMatchObject({
      patients: 3,
      better: 1,
      worse: 0,
      voxelWeightedCalls: { median: 0.5, worst: 1, above: 0 },
      cpu: { median: 1, worst: 1.5, above: 1 },
      fRef: { median: 1, above: 1 },
      ownF: { median: 0.5, worst: 1 },
    });
  });

  it('counts a failed run as worse than any other, and leaves out who failed alone', () => {
    const beside = besideAlone([...runs, armCase('advised', 'c')], 'advised', 'alone');
    expect(beside).toMatchObject({ patients: 3, worse: 1, fRef: { worst: null } });
  });

  it('has no own F where the optimizer has none', () => {
    const exact = [armCase('alone', 'a', { fRefs: [1] }), armCase('advised', 'a', { fRefs: [1] })];
    expect(besideAlone(exact, 'advised', 'alone').ownF).toBeUndefined();
  });
});
