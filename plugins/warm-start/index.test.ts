import type { ModelTensors, RolePlugin } from '@dh-advisor/plugin-sdk';
import {
  createWithModel,
  fakeModel,
  fakePlan,
  fakeSession,
  playRun,
  recordedRun,
} from '@dh-advisor/plugin-sdk/testing';
import { describe, expect, it } from 'vitest';
import { plugin } from './index.js';

const signature = {
  role: 'initialization',
  inputs: ['structures', 'beams', 'structure_mean_dose', 'structure_max_dose', 'column_norm'],
  outputs: ['weights', 'ood_score'],
  weightCeiling: 0.2,
} as const;

/** 0.01, 0.02, ... over the eight beamlets of the fake plan. */
const weights = Float32Array.from({ length: 8 }, (_, i) => 0.01 * (i + 1));
const answer: ModelTensors = {
  weights: { shape: [2, 1, 4], data: weights },
  ood_score: { shape: [1], data: Float32Array.of(0.5) },
};

function create(
  run: (inputs: ModelTensors, signal: AbortSignal) => ModelTensors | Promise<ModelTensors>,
): Promise<RolePlugin<'initialization'>> {
  return createWithModel(plugin, 'warm-start', fakeModel(signature, run));
}

describe('warm-start', () => {
  it('averages the finest weights to a coarse first stage, and leaves later stages alone', async () => {
    const played = await playRun('initialization', await create(() => answer), recordedRun());
    const [first, second] = played;
    expect(second?.advice).toBeUndefined();
    expect(first?.advice?.outOfDistributionScore).toBe(0.5);
    // Four columns become two, each the mean of its pair and a third of that of the next.
    const pair = (near: number, far: number, next: number) =>
      (0.75 * (near + far) + 0.25 * next) / 1.75;
    const expected = [
      pair(0.01, 0.02, 0.03),
      pair(0.03, 0.04, 0.02),
      pair(0.05, 0.06, 0.07),
      pair(0.07, 0.08, 0.06),
    ];
    expect(first?.advice?.weights).toHaveLength(4);
    expected.forEach((weight, i) => {
      expect(first?.advice?.weights[i]).toBeCloseTo(weight, 7);
    });
  });

  it.each([
    ['dh', 'a flat start'],
    ['lbfgs', 'nothing'],
  ] as const)('gives %s %s after a learned start that was refused', async (solver, _what) => {
    const level = { level: 0, beamletCount: 8 };
    const [geometry, start] = recordedRun();
    if (geometry === undefined || start?.kind !== 'level-start') throw new Error('unexpected run');
    const tried = { ...start, ...level, stage: 0 };
    const end = { level: 0, stage: 0, stopReason: 'iteration-limit', iterations: 0 } as const;
    const counts = { valueCalls: 1, gradientCalls: 1, objective: 9, elapsedMs: 1 };
    const again = { ...start, ...level, stage: 1 };
    const played = await playRun(
      'initialization',
      await create(() => answer),
      [geometry, tried, { kind: 'level-end', ...end, ...counts }, again],
      { plan: fakePlan({ solver }) },
    );
    const flat = played[1]?.advice?.weights;
    if (solver === 'lbfgs') expect(flat).toBeUndefined();
    else {
      expect(flat).toHaveLength(8);
      expect(new Set(flat).size).toBe(1);
      expect(flat?.[0]).toBeGreaterThan(0);
    }
  });

  it('hands the finest weights on as they are when the plan starts there', async () => {
    const events = recordedRun().map((event) =>
      event.kind === 'level-start' ? { ...event, level: 0, beamletCount: 8 } : event,
    );
    const [first] = await playRun('initialization', await create(() => answer), events);
    expect(Array.from(first?.advice?.weights ?? [])).toEqual(Array.from(weights));
  });

  it('computes when the geometry arrives, before anybody asks', async () => {
    let runs = 0;
    const created = await create(() => {
      runs += 1;
      return answer;
    });
    const view = fakeSession();
    const session = created.openSession(view);
    const [geometry] = recordedRun();
    if (geometry === undefined) throw new Error('the recorded run is not empty');
    view.add(geometry);
    session.observe?.(geometry);
    await Promise.resolve();
    expect(runs).toBe(1);
    session.dispose?.();
  });

  it('withdraws its question when nobody waits any more', async () => {
    const signals: AbortSignal[] = [];
    const created = await create((_inputs, signal) => {
      signals.push(signal);
      return new Promise((_, reject) => {
        signal.addEventListener('abort', () => reject(signal.reason));
      });
    });
    const view = fakeSession();
    const session = created.openSession(view);
    const deadline = new AbortController();
    const [geometry, start] = recordedRun();
    if (geometry === undefined || start?.kind !== 'level-start') throw new Error('no level start');
    view.add(geometry);
    session.observe?.(geometry);
    const asked = session.advise(start, deadline.signal);
    deadline.abort();
    await expect(asked).rejects.toBeDefined();
    expect(signals.map(({ aborted }) => aborted)).toEqual([true]);
  });

  it('does not advise plans with another weight ceiling', async () => {
    let runs = 0;
    const created = await create(() => {
      runs += 1;
      return answer;
    });
    const plan = fakePlan({ weightCeiling: 0.3 });
    const [first] = await playRun('initialization', created, recordedRun({ plan }), { plan });
    expect(first?.advice).toBeUndefined();
    expect(runs).toBe(0);
  });
});
