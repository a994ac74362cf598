import { expect, it } from 'vitest';
import { fakePlan } from '../../plugin-sdk/testing/index.js';
import { NO_PICTURES, type PlanFinish } from '../session/plan-finish.js';
import { featuresOf, metricsOf, PLAN_FEATURES, PLAN_METRICS } from './plan-metrics.js';

const finish: PlanFinish = {
  kind: 'finish',
  stopReason: 'tolerance',
  iterations: 30,
  valueCalls: 40,
  gradientCalls: 35,
  callEquivalents: 37.5,
  optimizationMs: 812,
  adviceWaitMs: 9,
  referenceObjective: 4.2,
  metrics: [
    { structure: 0, name: 'D95', value: 69.1, unit: 'Gy' },
    { structure: 1, name: 'Dmean', value: 11.5, unit: 'Gy' },
    { structure: 9, name: 'Dmean', value: 1, unit: 'Gy' },
  ],
  finalWeights: undefined,
  ...NO_PICTURES,
};

it('an outcome has every metric, and the doses of structures that there are', () => {
  const verdicts = [
    { role: 'initialization' as const, verdict: 'accepted', count: 3 },
    { role: 'initialization' as const, verdict: 'late', count: 2 },
    { role: 'early-stopping' as const, verdict: 'not-finite', count: 1 },
  ];
  const metrics = metricsOf(finish, fakePlan(), verdicts);
  expect(Object.keys(metrics)).toEqual([
    ...PLAN_METRICS,
    'dose:D95:PTV70',
    'dose:Dmean:SpinalCord',
  ]);
  expect(metrics).toMatchObject({
    call_equivalents: 37.5,
    reference_objective: 4.2,
    refused_advice: 3,
    'dose:D95:PTV70': 69.1,
  });
});

it('a cancelled plan has no numbers', () => {
  expect(metricsOf({ ...finish, stopReason: 'cancelled' }, fakePlan(), [])).toEqual({});
});

it('features are the sizes of the plan', () => {
  const features = featuresOf(fakePlan());
  expect(Object.keys(features)).toEqual(PLAN_FEATURES);
  expect(features).toMatchObject({
    beamlets: fakePlan().levels[0]?.beamletCount,
    beams: 2,
    structures: 2,
    targets: 1,
    target_cc: 120,
    organ_cc: 20,
    prescribed_gy: 70,
  });
  expect(featuresOf(fakePlan({ structures: [], levels: [] }))).toMatchObject({
    beamlets: 0,
    prescribed_gy: 0,
    target_cc: 0,
  });
});
