import { describe, expect, it } from 'vitest';
import type { ExperimentStores } from '../../domain/experiments/plan-experiments.js';
import { CountingMetrics, FakeLog } from '../../domain/testing/fakes.js';
import { memoryStores } from '../../domain/testing/memory-stores.js';
import { testConfig } from '../../domain/testing/test-config.js';
import { testExperiment } from '../../domain/testing/test-experiment.js';
import { FakeClock } from '../../plugin-sdk/testing/index.js';
import { LiveExperiments } from '../live-experiments.js';

const experiment = testExperiment();
const { id } = experiment;
const DEADLINE_MS = 100;
const config = testConfig({
  experiments: [experiment],
  storage: { deadlineMs: DEADLINE_MS, analyseEveryMs: 1e9 },
});
const NOW = 1_000_000;

/** Lets what is under way get as far as it can. */
const settle = () => new Promise((resolve) => setImmediate(resolve));
const request = (session: string) => ({
  session,
  keys: { planKey: session, patientKey: '' },
  features: {},
  forced: {},
});

/** A host whose database refuses ends, or does not answer to them, while the test wants it. */
async function hostOf() {
  const stores = memoryStores();
  const wall = { nowMs: NOW };
  const state = { isDown: false, isMute: false, hasDisk: true };
  const { finish } = stores.outcomes;
  stores.outcomes.finish = async (...args) => {
    if (state.isMute) await new Promise(() => undefined);
    if (state.isDown) throw new Error('e.db: another program holds its write lock');
    return finish.apply(stores.outcomes, args);
  };
  const append = stores.spool.append.bind(stores.spool);
  stores.spool.append = async (ending) => {
    if (!state.hasDisk) throw new Error('no space left on device');
    return append(ending);
  };
  const parts = { clock: new FakeClock(), metrics: new CountingMetrics(), log: new FakeLog() };
  const openStores = async (): Promise<ExperimentStores> => stores;
  const experiments = new LiveExperiments({ ...parts, wallMs: () => wall.nowMs, openStores });
  await experiments.prepare(config);
  experiments.commit(config);
  await settle();
  const statusOf = (session: string) =>
    stores.outcomes.records.find((record) => record.session === session)?.status;
  const enrol = (session: string) => experiments.enrol([experiment], request(session));
  return { ...parts, stores, state, wall, experiments, statusOf, enrol };
}

describe('an end that the database refuses', () => {
  it('is on the disk before the summary, and stored when the database is well again', async () => {
    const { enrol, state, stores, clock, metrics, statusOf, experiments } = await hostOf();
    const plan = await enrol('s1');
    state.isDown = true;
    await plan.finish({ iterations: 5 });
    expect(stores.spool.kept).toMatchObject([{ opening: { session: 's1' }, status: 'finished' }]);
    expect([statusOf('s1'), metrics.waitingOutcomes]).toEqual(['open', 1]);
    clock.advance(1000);
    await settle();
    expect(statusOf('s1')).toBe('open');
    state.isDown = false;
    clock.advance(2000);
    await settle();
    expect(stores.outcomes.records).toMatchObject([
      { metrics: { iterations: 5 }, status: 'finished' },
    ]);
    expect([stores.spool.kept, metrics.waitingOutcomes]).toEqual([[], 0]);
    expect(metrics.counts.get(`outcome ${id} ${plan.arms.get(id)} finished`)).toBe(1);
    await experiments.dispose();
    expect(clock.pendingTimers).toBe(0);
  });

  it('for ever keeps no other one back, and is given up when its session is too old', async () => {
    const { enrol, state, stores, clock, metrics, statusOf, log, wall } = await hostOf();
    const plans = [await enrol('bad'), await enrol('good'), await enrol('better')];
    state.isDown = true;
    for (const plan of plans) await plan.finish({});
    state.isDown = false;
    const { open } = stores.outcomes;
    stores.outcomes.open = async (opening) => {
      if (opening.session === 'bad') throw new Error('a value that no row can have');
      return open.call(stores.outcomes, opening);
    };
    clock.advance(1000);
    await settle();
    expect(['bad', 'good', 'better'].map(statusOf)).toEqual(['open', 'finished', 'finished']);
    expect(metrics.waitingOutcomes).toBe(1);
    wall.nowMs += config.server.sessionMaxAgeMs + 1;
    clock.advance(10_000);
    await settle();
    expect([statusOf('bad'), metrics.waitingOutcomes]).toEqual(['lost', 0]);
    expect(log.lines.map(({ message }) => message)).toContain(
      'an outcome is given up: its session is too old',
    );
  });

  it('is tried less and less often, and at least each minute', async () => {
    const { enrol, state, clock, metrics } = await hostOf();
    const plan = await enrol('s1');
    state.isDown = true;
    await plan.finish({});
    const tries: number[] = [];
    let tried = 0;
    for (let second = 1; second <= 300; second += 1) {
      clock.advance(1000);
      await settle();
      const now = metrics.counts.get('experiment store backlog') ?? 0;
      if (now > tried) tries.push(second);
      tried = now;
    }
    expect(tries).toEqual([1, 3, 7, 15, 31, 63, 123, 183, 243]);
  });

  it('waits in memory when the disk refuses it, too, which is counted', async () => {
    const { enrol, state, clock, metrics, statusOf, log } = await hostOf();
    const plan = await enrol('s1');
    Object.assign(state, { isDown: true, hasDisk: false });
    await plan.finish({});
    expect(metrics.counts.get('experiment store backlog')).toBe(1);
    expect(log.lines.map(({ message }) => message)).toContain('an outcome waits in memory only');
    state.isDown = false;
    clock.advance(1000);
    await settle();
    expect(statusOf('s1')).toBe('finished');
  });

  it('is tried once more when the host stops, and left on the disk for the next one', async () => {
    const { enrol, state, stores, experiments } = await hostOf();
    const plan = await enrol('s1');
    state.isDown = true;
    await plan.finish({});
    await experiments.dispose();
    expect(stores.spool.kept).toHaveLength(1);
  });

  it('does not keep others back: a session that nobody can have any more is lost', async () => {
    const { stores, clock, statusOf } = await hostOf();
    const atMs = NOW - config.server.sessionMaxAgeMs - 1;
    await stores.outcomes.open({
      experiment: id,
      session: 'forgotten',
      unit: 'u',
      arm: 'old',
      features: {},
      atMs,
    });
    clock.advance(10_000);
    await settle();
    expect(statusOf('forgotten')).toBe('lost');
  });

  it('stands in a database that was replaced and never heard of its session', async () => {
    const { enrol, stores } = await hostOf();
    const plan = await enrol('s1');
    stores.outcomes.records.length = 0;
    await plan.finish({ iterations: 3 });
    expect(stores.outcomes.records).toMatchObject([
      { session: 's1', status: 'finished', metrics: { iterations: 3 } },
    ]);
  });
});

it('a shadow outcome that the database refuses is tried again as well, beside the end of its plan', async () => {
  const { enrol, state, stores, clock, metrics, experiments } = await hostOf();
  const shadow = {
    experiment: id,
    session: 's1',
    arm: 'ghost',
    served: 'old',
    metrics: {},
    roles: [],
    atMs: NOW,
  };
  const kept: unknown[] = [];
  stores.outcomes.shadow = async (...outcome: unknown[]) => {
    if (state.isDown) throw new Error('database or disk is full');
    kept.push(...outcome);
    return true;
  };
  const plan = await enrol('s1');
  state.isDown = true;
  await plan.finish({});
  await expect(experiments.storeShadow(shadow)).rejects.toThrow(/disk is full/);
  expect([stores.spool.kept.length, metrics.waitingOutcomes]).toEqual([2, 2]);
  state.isDown = false;
  clock.advance(1000);
  await settle();
  expect([kept, metrics.waitingOutcomes]).toEqual([[shadow], 0]);
  expect(metrics.counts.get(`shadowed ${id} ghost stored`)).toBe(1);
});

it('an end that is late is on the disk at half the deadline: the summary need not wait for the whole', async () => {
  const { enrol, state, stores, clock } = await hostOf();
  const plan = await enrol('s1');
  state.isMute = true;
  let isAnswered = false;
  const finished = plan.finish({}).then(() => {
    isAnswered = true;
  });
  await settle();
  expect([isAnswered, stores.spool.kept.length]).toEqual([false, 0]);
  clock.advance(DEADLINE_MS / 2);
  await finished;
  expect(stores.spool.kept).toHaveLength(1);
});

it('says whether the database is usable', async () => {
  const { metrics, clock, stores, experiments, state, enrol } = await hostOf();
  expect(experiments.health).toEqual({ experiments: 'ok', outcomesWaiting: 0 });
  expect(metrics.isStoreUsable).toBe(true);
  const { takeOver } = stores;
  stores.takeOver = () => Promise.reject(new Error('it is gone'));
  clock.advance(10_000);
  await settle();
  expect(metrics.isStoreUsable).toBe(false);
  stores.takeOver = takeOver;
  clock.advance(10_000);
  await settle();
  expect(metrics.isStoreUsable).toBe(true);
  const plan = await enrol('s1');
  state.isDown = true;
  await plan.finish({});
  expect(experiments.health).toEqual({ experiments: 'failing', outcomesWaiting: 1 });
  state.isDown = false;
  clock.advance(10_000);
  await settle();
  expect(experiments.health).toEqual({ experiments: 'ok', outcomesWaiting: 0 });
});
