import type { Quality } from '@dh-advisor/plugin-sdk';
import { createPlugin, fakePlan, fakeSession, recordedRun } from '@dh-advisor/plugin-sdk/testing';
import { describe, expect, it } from 'vitest';
import { plugin } from './index.js';

const signal = new AbortController().signal;
const template = recordedRun({ iterations: 1 }).find((event) => event.kind === 'iteration');
const start = recordedRun().find((event) => event.kind === 'level-start');

/** What plateau says at the end of a stage with these objectives. */
async function judge(
  objectives: readonly number[],
  settings = {},
  solver: 'dh' | 'lbfgs' = 'dh',
  quality: Quality = 'balanced',
) {
  if (template?.kind !== 'iteration' || start === undefined) throw new Error('no recorded run');
  const plateau = await createPlugin(plugin, settings);
  const view = fakeSession(fakePlan({ solver, quality }));
  const session = plateau.openSession(view);
  view.add(start);
  let advice: Awaited<ReturnType<typeof session.advise>>;
  for (const [index, objective] of objectives.entries()) {
    const iteration = { ...template, iteration: index, objective };
    view.add(iteration);
    advice = await session.advise(iteration, signal);
  }
  return advice;
}

const falling = (count: number, ratio: number) =>
  Array.from({ length: count }, (_, k) => 10 + 5 * ratio ** k);

describe('plateau', () => {
  it('stops a stage that no longer falls, and says why', async () => {
    const advice = await judge(new Array(30).fill(10));
    expect(advice?.decision).toBe('stop-level');
    expect(advice?.explanation).toContain('last 12 iterations');
  });

  it('stops plans of a quality where its settings say so', async () => {
    // 0.4 % over 20 iterations.
    const slow = Array.from({ length: 40 }, (_, k) => 10 * (1 - 2e-4 * k));
    const settings = {
      window: 20,
      relative_gain: 1e-3,
      by_quality: { fast: { relative_gain: 5e-3 } },
    };
    expect((await judge(slow, settings, 'lbfgs', 'fast'))?.decision).toBe('stop-level');
    expect((await judge(slow, settings, 'lbfgs', 'balanced'))?.decision).toBe('continue');
    await expect(createPlugin(plugin, { by_quality: { good: {} } })).rejects.toThrow(/by_quality/);
  });

  it('goes on while the objective falls', async () => {
    expect((await judge(falling(60, 0.97)))?.decision).toBe('continue');
  });

  it('goes on before its floor of iterations', async () => {
    expect((await judge(new Array(23).fill(10)))?.decision).toBe('continue');
  });

  it('goes on when the objective is not a number', async () => {
    expect((await judge([...new Array(30).fill(10), Number.NaN]))?.decision).toBe('continue');
  });

  it('predicts the end of a geometric decline', async () => {
    const advice = await judge(falling(20, 0.8));
    expect(advice?.predictedFinalObjective).toBeCloseTo(10, 9);
    expect(advice?.predictedStandardDeviation).toBeGreaterThan(0);
  });

  it('stops L-BFGS at gains at which dH goes on', async () => {
    // 0.04 % over 20 iterations, 0.024 % over 12.
    const slow = Array.from({ length: 40 }, (_, k) => 10 * (1 - 2e-5 * k));
    const advice = await judge(slow, {}, 'lbfgs');
    expect(advice?.decision).toBe('stop-level');
    expect(advice?.explanation).toContain('last 20 iterations');
    expect((await judge(slow))?.decision).toBe('continue');
    expect((await judge(slow, { relative_gain: 1e-4 }, 'lbfgs'))?.decision).toBe('continue');
  });

  it('takes its window from the configuration', async () => {
    const flat = [...falling(20, 0.9), ...new Array(5).fill(10)];
    const settings = { window: 4, minimum_iterations: 10 };
    expect((await judge(flat, settings))?.decision).toBe('stop-level');
    expect((await judge(flat))?.decision).toBe('continue');
  });
});
