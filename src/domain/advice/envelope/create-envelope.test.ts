import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Iteration, LevelStart, Role } from '../../../plugin-sdk/index.js';
import { fakePlan, recordedRun } from '../../../plugin-sdk/testing/index.js';
import type { EnvelopeConfig } from '../../host-config.js';
import { createEnvelope } from './create-envelope.js';

const config: EnvelopeConfig = {
  histogramSigma: { minGy: 0.5, maxGy: 10, defaultGy: undefined },
  pyramidSigma: { minGy: 1, maxGy: 40 },
  maxStageIterations: 100,
  stopGain: 0.001,
  stopMinimumIterations: 3,
  stopPatience: 2,
  descentCosine: 1e-4,
};
const plan = fakePlan();
const events = recordedRun({ plan });
const levelStart = events.flatMap((e) => (e.kind === 'level-start' ? [e] : []))[1] as LevelStart;
const iterations = events.flatMap((e) => (e.kind === 'iteration' ? [e] : []));
const iteration = iterations.find((it) => it.level === 0) as Iteration;
const geometry = events.flatMap((e) => (e.kind === 'geometry' ? [e] : []))[0];
const n = levelStart.beamletCount;

/** Plugins may be plain JavaScript, so tests hand over anything. */
function judge(role: Role, value: unknown, question: unknown, bounds = config) {
  return createEnvelope(role, plan, bounds)(value as never, question as never);
}

describe('initialization', () => {
  const start = (weights: unknown) => judge('initialization', { weights }, levelStart);

  it('passes weights inside [0, ceiling] untouched', () => {
    const weights = new Float64Array(n).fill(0.1);
    expect(start(weights)).toMatchObject({ outcome: 'applied', reason: '', value: { weights } });
  });

  it("clamps, and never writes into the plugin's own vector", () => {
    const weights = new Float64Array(n).fill(9);
    expect(start(weights)).toMatchObject({ outcome: 'clamped', reason: 'out-of-bounds' });
    expect(weights[0]).toBe(9);
  });

  it.each([
    ['not-finite', new Float64Array(n).fill(Number.NaN)],
    ['not-finite', new Float64Array(n).fill(Number.POSITIVE_INFINITY)],
    ['wrong-length', new Float64Array(n + 1)],
    ['malformed', 'weights'],
    ['malformed', undefined],
  ])('rejects %s', (reason, weights) => {
    expect(start(weights)).toMatchObject({ outcome: 'rejected', reason, isFailure: true });
  });

  it('never lets a weight out of its bounds', () => {
    fc.assert(
      fc.property(fc.float64Array({ minLength: n, maxLength: n }), (weights) => {
        const result = start(weights);
        const passed = (result.value as { weights: Float64Array } | undefined)?.weights;
        return passed === undefined || passed.every((w) => w >= 0 && w <= plan.weightCeiling);
      }),
    );
  });
});

describe('sigma', () => {
  const sigma = (structures: unknown, defaultGy?: number) =>
    judge('histogram-sigma', { structures }, geometry, {
      ...config,
      histogramSigma: { ...config.histogramSigma, defaultGy },
    });

  it.each([
    ['unknown-structure', [{ structure: 9, histogramSigmaGy: 1 }]],
    ['not-finite', [{ structure: 0, histogramSigmaGy: Number.NaN }]],
    ['duplicate-structure', [0, 0].map((structure) => ({ structure, histogramSigmaGy: 1 }))],
    ['malformed', 3],
  ])('rejects %s', (reason, structures) => {
    expect(sigma(structures)).toMatchObject({ outcome: 'rejected', reason });
  });

  it('clamps to the configured bounds', () => {
    expect(sigma([{ structure: 0, histogramSigmaGy: 99 }])).toMatchObject({
      outcome: 'clamped',
      value: { structures: [{ structure: 0, histogramSigmaGy: 10 }] },
    });
  });

  it('fills left-out structures when a default is configured', () => {
    const result = sigma([{ structure: 0, histogramSigmaGy: 2 }], 2.5);
    expect(result).toMatchObject({ outcome: 'clamped', reason: 'filled-with-default' });
    expect(result.value).toEqual({
      structures: [
        { structure: 0, histogramSigmaGy: 2 },
        { structure: 1, histogramSigmaGy: 2.5 },
      ],
    });
  });

  const last = { level: 0, histogramSigmaGy: 2.5, iterationLimit: 0 };
  const schedule = (...stages: unknown[]) => judge('pyramid-sigma', { stages }, geometry);

  it('passes a monotone schedule and limits long stages', () => {
    expect(schedule({ level: 1, histogramSigmaGy: 6.5, iterationLimit: 8 }, last).outcome).toBe(
      'applied',
    );
    expect(schedule({ level: 1, histogramSigmaGy: 6.5, iterationLimit: 800 }, last)).toMatchObject({
      outcome: 'clamped',
      reason: 'iteration-limit',
    });
  });

  it.each([
    [
      'not-monotone',
      [{ ...last, iterationLimit: 5 }, { ...last, histogramSigmaGy: 6, iterationLimit: 5 }, last],
    ],
    [
      'not-monotone',
      [
        { ...last, iterationLimit: 5 },
        { level: 1, histogramSigmaGy: 2.5, iterationLimit: 5 },
        last,
      ],
    ],
    ['bad-last-stage', [{ ...last, histogramSigmaGy: 2 }]],
    ['bad-last-stage', [{ ...last, iterationLimit: 4 }]],
    ['unknown-level', [{ ...last, level: 7 }, last]],
    ['not-finite', [{ ...last, histogramSigmaGy: Number.NaN }, last]],
    ['malformed', []],
  ])('rejects a schedule that is %s', (reason, stages) => {
    expect(schedule(...stages)).toMatchObject({ outcome: 'rejected', reason });
  });
});

describe('adaptive variance', () => {
  it('clamps to the bounds of the level start', () => {
    expect(
      judge('adaptive-variance', { varianceGy2: new Float64Array(n).fill(1e9) }, levelStart),
    ).toMatchObject({ outcome: 'clamped', reason: 'out-of-bounds' });
  });
});

describe('step direction', () => {
  const gradient = iteration.tensors.gradient?.data.slice() ?? new Float64Array();
  const direct = (direction: unknown, rest: object = {}) =>
    judge('step-direction', { space: 'weights', direction, ...rest }, iteration);

  it('passes downhill and refuses uphill, in both spaces', () => {
    const downhill = gradient.map((g) => -g);
    expect(direct(downhill).outcome).toBe('applied');
    expect(direct(downhill, { space: 'parameters' }).outcome).toBe('applied');
    expect(direct(gradient)).toMatchObject({ outcome: 'rejected', reason: 'not-descent' });
    expect(direct(gradient, { space: 'parameters' }).reason).toBe('not-descent');
    expect(direct(new Float64Array(n)).reason).toBe('not-descent');
  });

  it('drops a useless step length and keeps the direction', () => {
    const result = direct(
      gradient.map((g) => -g),
      { stepLength: -1 },
    );
    expect(result).toMatchObject({ outcome: 'clamped', reason: 'step-length-dropped' });
    expect(result.value).not.toHaveProperty('stepLength');
  });

  it('refuses an unknown space and NaN', () => {
    expect(direct(gradient, { space: 'dose' }).reason).toBe('malformed');
    expect(direct(gradient.map(() => Number.NaN)).reason).toBe('not-finite');
  });
});

describe('early stopping', () => {
  const stop = { decision: 'stop-level', explanation: 'flat' } as const;
  const flat = (k: number): Iteration => ({ ...iteration, iteration: k, objective: 5 });
  const results = (questions: Iteration[], advice: unknown = stop) => {
    const envelope = createEnvelope('early-stopping', plan, config);
    return questions.map((question) => envelope(advice as never, question));
  };

  it('passes a stop on after the floor and the patience, not before', () => {
    expect(results([0, 1, 2, 3].map(flat)).map((r) => r.reason || r.value?.decision)).toEqual([
      'too-early',
      'too-early',
      'stop-level',
      'stop-level',
    ]);
    expect(results([flat(10), flat(11), flat(12)]).map((r) => r.reason)).toEqual([
      'still-improving',
      '',
      '',
    ]);
  });

  it('turns a stop while the objective still falls into going on', () => {
    const falling = [0, 1, 2, 3].map((k) => ({ ...flat(k), objective: 5 - k }));
    expect(results(falling).at(-1)).toMatchObject({
      outcome: 'clamped',
      reason: 'still-improving',
      value: { decision: 'continue' },
    });
  });

  it('tells a forecast only while it can be right, and says so', () => {
    const forecast = { predictedFinalObjective: 4, predictedStandardDeviation: 1 } as const;
    const at = (objective: number, k: number) => ({ ...flat(k), objective });
    const questions = [at(5, 10), at(4, 11), at(3.9, 12)];
    const [before, there, passed] = results(questions, { decision: 'continue', ...forecast });
    expect(before).toMatchObject({ outcome: 'applied', value: forecast });
    expect(there).toMatchObject({ outcome: 'applied', value: forecast });
    expect(passed).toMatchObject({ outcome: 'clamped', reason: 'forecast-passed' });
    expect(passed?.value).toEqual({ decision: 'continue' });
    const stopping = results([flat(10), at(3.9, 11)], { ...stop, ...forecast }).at(-1);
    expect(stopping).toMatchObject({ reason: 'still-improving' });
    expect(stopping?.value).toEqual({ ...stop, decision: 'continue' });
  });

  it('refuses a stop without a word, and NaN predictions', () => {
    expect(results([flat(5)], { decision: 'stop-all', explanation: ' ' })[0]?.reason).toBe(
      'no-explanation',
    );
    expect(
      results([flat(5)], { decision: 'continue', predictedFinalObjective: Number.NaN })[0]?.reason,
    ).toBe('not-finite');
    expect(results([flat(5)], { decision: 'explode' })[0]?.reason).toBe('malformed');
  });
});

it('withholds advice far outside the training ranges, whatever it says', () => {
  const weights = new Float64Array(n);
  for (const score of [1, 3, Number.NaN]) {
    expect(
      judge('initialization', { weights, outOfDistributionScore: score }, levelStart).outcome,
    ).toBe('out-of-distribution');
  }
  expect(
    judge('initialization', { weights, outOfDistributionScore: 0.4 }, levelStart),
  ).toMatchObject({ outcome: 'applied', outOfDistributionScore: 0.4 });
});
