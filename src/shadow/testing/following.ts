import type { ShadowObserver } from '../../domain/shadow/shadow-arms.js';
import type { Overload, ShadowOutcome } from '../../domain/shadow/shadow-outcome.js';
import { CountingMetrics, FakeLog } from '../../domain/testing/fakes.js';
import { fakeOpening } from '../../domain/testing/play-session.js';
import { testConfig } from '../../domain/testing/test-config.js';
import { testExperiment } from '../../domain/testing/test-experiment.js';
import { FakeClock } from '../../plugin-sdk/testing/index.js';
import { ShadowArms } from '../shadow-arms.js';
import { FakeShadowWorkers } from './fake-shadow-worker.js';

const override = { plugin: 'plateau', model: undefined, settings: {} };
const experiment = testExperiment({
  shadowArms: [{ id: 'ghost', roles: { 'early-stopping': override } }],
});
export const { id } = experiment;
export const config = testConfig({ experiments: [experiment] });
export const settle = () => new Promise((resolve) => setImmediate(resolve));

/** Shadow arms of a host whose worker does what a test says, and sessions of one experiment. */
export async function following(limits = { items: 1000, bytes: 2 ** 20 }) {
  const clock = new FakeClock();
  const metrics = new CountingMetrics();
  const log = new FakeLog();
  const workers = new FakeShadowWorkers();
  const stored: ShadowOutcome[] = [];
  const state = { overload: undefined as Overload | undefined, storeFails: false };
  const shadows = new ShadowArms({
    clock,
    metrics,
    log,
    wallMs: () => 7,
    start: workers.start,
    limits,
    maxSessions: 3,
    overload: () => state.overload,
    store: async (outcome) => {
      if (state.storeFails) throw new Error('disk full');
      stored.push(outcome);
      return true;
    },
  });
  const prepared = await shadows.prepare(config);
  prepared.commit();
  let opened = 0;
  const follow = (served = 'old') => {
    opened += 1;
    const opening = fakeOpening();
    return shadows.observe({
      sessionId: `s${opened}`,
      opening,
      generation: 1,
      bindings: [],
      seed: 5,
      arms: new Map([[id, served]]),
      servedWants: [{ role: 'step-direction', wants: [{ kind: 'weights', everyN: 1 }] }],
    });
  };
  const flush = () => clock.advance(25);
  const count = (result: string) => metrics.counts.get(`shadowed ${id} ghost ${result}`) ?? 0;
  const answer = (key: number) =>
    workers.events.onMessage({
      kind: 'outcome',
      key,
      arms: [{ experiment: id, arm: 'ghost', metrics: { iterations: 9 }, roles: [] }],
    });
  return { shadows, prepared, workers, clock, log, stored, state, follow, flush, count, answer };
}

export const followed = (observer: ShadowObserver | undefined): ShadowObserver => {
  if (observer === undefined) throw new Error('it is not followed');
  return observer;
};
