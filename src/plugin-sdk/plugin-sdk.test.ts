import { expect, it } from 'vitest';
import { InvalidInput, PluginError } from './index.js';
import { seededRandom } from './internal/seeded-random.js';
import { SessionHistory } from './internal/session-history.js';
import { FakeClock, fakePlan, fakeSession, recordedRun } from './testing/index.js';

it('forgets the oldest iterations beyond its bound and says how many', () => {
  const view = new SessionHistory({ sessionId: 's', seed: 1, plan: fakePlan(), maxIterations: 8 });
  for (const event of recordedRun({ iterations: 30 })) view.add(event);
  for (const stage of view.stages) {
    expect(stage.iterations.length).toBeLessThanOrEqual(8);
    expect(stage.iterations.length + stage.droppedIterations).toBe(30);
    expect(stage.iterations.at(-1)?.iteration).toBe(29);
    expect(stage.end?.iterations).toBe(30);
  }
});

it('forgets the oldest stages of a plan that goes on for ever', () => {
  const view = new SessionHistory({ sessionId: 's', seed: 1, plan: fakePlan(), maxIterations: 8 });
  const events = recordedRun({ iterations: 8 });
  const start = events.find(({ kind }) => kind === 'level-start');
  if (start?.kind !== 'level-start') throw new Error('no level start');
  for (let stage = 0; stage < 2000; stage += 1) {
    view.add({ ...start, stage });
    expect(view.stages.at(-1)?.start.stage).toBe(stage);
  }
  expect(view.stages).toHaveLength(512);
  for (let stage = 2000; stage < 2100; stage += 1) {
    view.add({ ...start, stage });
    for (const event of events) if (event.kind === 'iteration') view.add(event);
  }
  const kept = view.stages.reduce((sum, { iterations }) => sum + iterations.length, 0);
  expect(kept).toBeLessThanOrEqual(5 * 8);
});

it('keeps no tensors in its history', () => {
  const view = fakeSession();
  for (const event of recordedRun()) view.add(event);
  expect(view.stages[0]?.start).not.toHaveProperty('tensors');
  expect(view.stages[0]?.iterations[0]).not.toHaveProperty('tensors');
});

it('draws the same numbers from the same seed, uniform and normal', () => {
  const draw = (seed: number) => {
    const stream = seededRandom.stream(seed);
    return Array.from({ length: 2000 }, (_, k) => (k % 2 ? stream.uniform() : stream.normal()));
  };
  expect(draw(3)).toEqual(draw(3));
  expect(draw(3)).not.toEqual(draw(4));
  const normals = draw(5).filter((_, k) => k % 2 === 0);
  const mean = normals.reduce((sum, x) => sum + x, 0) / normals.length;
  const variance = normals.reduce((sum, x) => sum + (x - mean) ** 2, 0) / normals.length;
  expect(Math.abs(mean)).toBeLessThan(0.1);
  expect(Math.abs(variance - 1)).toBeLessThan(0.15);
});

it('recognises plugin errors of another copy of the SDK', () => {
  expect(PluginError.is(new InvalidInput('x'))).toBe(true);
  expect(PluginError.is({ [Symbol.for('dh-advisor/plugin-error')]: true })).toBe(true);
  expect(PluginError.is(new Error('x'))).toBe(false);
});

it('fires fake timers in order of their time, and not once cancelled', () => {
  const clock = new FakeClock();
  const fired: string[] = [];
  clock.schedule(20, () => fired.push('late'));
  clock.schedule(10, () => fired.push(`early at ${clock.nowMs()}`));
  clock.schedule(15, () => fired.push('never'))();
  clock.advance(30);
  expect(fired).toEqual(['early at 10', 'late']);
});
