import { type Iteration, type LevelStart, NotApplicable } from '@dh-advisor/plugin-sdk';
import { createPlugin, fakePlan, fakeSession, recordedRun } from '@dh-advisor/plugin-sdk/testing';
import { beforeEach, describe, expect, it } from 'vitest';
import { CurvatureMemory } from './curvature-memory.js';
import { plugin } from './index.js';

const signal = new AbortController().signal;
const optimum = Float64Array.from([0.01, 0.05, 0.12, 0.19]);
const curvature = Float64Array.from([900, 40, 300, 5]);
const plan = fakePlan({ solver: 'dh' });

const gradientAt = (w: Float64Array) =>
  w.map((wi, i) => (curvature[i] ?? 0) * (wi - (optimum[i] ?? 0)));

const vector = (data: Float64Array) => ({ shape: [data.length], data });

function levelStart(): LevelStart {
  const event = recordedRun().find(({ kind }) => kind === 'level-start');
  if (event?.kind !== 'level-start') throw new Error('no level start');
  const columnNorm = vector(Float64Array.from(curvature, Math.sqrt));
  return { ...event, beamletCount: 4, tensors: { 'column-norm': columnNorm } };
}

function iteration(weights: Float64Array, gradient: Float64Array = gradientAt(weights)): Iteration {
  const event = recordedRun().find(({ kind }) => kind === 'iteration');
  if (event?.kind !== 'iteration') throw new Error('no iteration');
  return { ...event, tensors: { weights: vector(weights), gradient: vector(gradient) } };
}

async function openSession(settings = {}) {
  const lbfgs = await createPlugin(plugin, settings);
  const session = lbfgs.openSession(fakeSession(plan));
  session.observe?.(levelStart());
  const ask = async (weights: Float64Array, gradient?: Float64Array) => {
    const question = iteration(weights, gradient);
    session.observe?.(question);
    return await session.advise(question, signal);
  };
  return { session, ask };
}

describe('lbfgs', () => {
  let weights: Float64Array;
  beforeEach(() => {
    weights = new Float64Array(4).fill(0.05);
  });

  it('finds the minimum of a quadratic in a few full steps', async () => {
    const { ask } = await openSession();
    for (let step = 0; step < 12; step += 1) {
      const advice = await ask(weights);
      if (advice === undefined) break;
      weights = weights.map((w, i) => w + (advice.stepLength ?? 0) * (advice.direction[i] ?? 0));
    }
    for (const [i, w] of weights.entries()) expect(w).toBeCloseTo(optimum[i] ?? 0, 6);
  });

  it('starts with a bounded step downhill', async () => {
    const { ask } = await openSession();
    const direction = (await ask(weights))?.direction.slice() ?? [];
    expect(Math.hypot(...direction)).toBeCloseTo(0.1 * Math.hypot(...weights), 9);
    const slope = gradientAt(weights).reduce((sum, g, i) => sum + g * (direction[i] ?? 0), 0);
    expect(slope).toBeLessThan(0);
  });

  it('leaves a beamlet on its bound and ends inside the bounds', async () => {
    const { ask } = await openSession();
    const gradient = Float64Array.from([1, -1e6, 1, 1]);
    const advice = await ask(Float64Array.from([2e-5, 0.19, 0.1, 0.1]), gradient);
    expect(advice?.direction[0]).toBe(0);
    expect(0.19 + (advice?.direction[1] ?? 0)).toBeLessThanOrEqual(0.2 * (1 - 1e-4) + 1e-15);
  });

  it('says nothing without weights and gradient', async () => {
    const { session } = await openSession();
    const bare = { ...iteration(weights), tensors: {} };
    session.observe?.(bare);
    expect(await session.advise(bare, signal)).toBeUndefined();
  });

  it('sends a beamlet that heads for its bound onto it', async () => {
    const { ask } = await openSession();
    const gradient = (w: Float64Array) =>
      Float64Array.from(gradientAt(w), (g, i) => (i === 0 ? 3000 : g));
    for (const first of [0.0012, 0.001, 0.0008]) {
      const at = Float64Array.from([first, 0.06, 0.1, 0.15], (w, i) => w * (1 - i * first));
      const advice = await ask(at, gradient(at));
      if (first === 0.0008) expect(first + (advice?.direction[0] ?? 0)).toBeCloseTo(2e-5, 12);
    }
  });

  it('has nothing to offer to a solver of its own kind', async () => {
    const lbfgs = await createPlugin(plugin);
    const own = fakeSession(fakePlan({ solver: 'lbfgs' }));
    expect(() => lbfgs.openSession(own)).toThrow(NotApplicable);
  });

  it('forgets its pairs when the optimizer found its direction uphill', async () => {
    const { session, ask } = await openSession();
    await ask(weights);
    await ask(weights.map((w) => w * 0.9));
    session.observe?.({ kind: 'receipt', verdict: 'not-descent', level: 0, iteration: 1 });
    const advice = await session.advise(iteration(weights), signal);
    const length = Math.hypot(...(advice?.direction.slice() ?? []));
    expect(length).toBeCloseTo(0.1 * Math.hypot(...weights.map((w) => w * 0.9)), 9);
  });
});

describe('curvature memory', () => {
  it('refuses pairs without positive curvature', () => {
    const memory = new CurvatureMemory(2);
    memory.add(Float64Array.from([1, 0]), Float64Array.from([-1, 0]));
    memory.add(Float64Array.from([1, 0]), Float64Array.from([0, 1]));
    expect(memory.size).toBe(0);
  });

  it('keeps no more than its capacity', () => {
    const memory = new CurvatureMemory(2);
    for (let i = 1; i < 5; i += 1) memory.add(Float64Array.of(i), Float64Array.of(2 * i));
    expect(memory.size).toBe(2);
    expect(memory.direction(Float64Array.of(4), Float64Array.of(1))).toEqual(Float64Array.of(-2));
  });
});
