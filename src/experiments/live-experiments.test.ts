import { describe, expect, it } from 'vitest';
import type { ExperimentStores } from '../domain/experiments/plan-experiments.js';
import { CountingMetrics, FakeLog } from '../domain/testing/fakes.js';
import { memoryStores } from '../domain/testing/memory-stores.js';
import { testConfig } from '../domain/testing/test-config.js';
import { testExperiment } from '../domain/testing/test-experiment.js';
import { FakeClock } from '../plugin-sdk/testing/index.js';
import { LiveExperiments } from './live-experiments.js';
import { startRamp } from './ramp.js';

const experiment = testExperiment();
const { id } = experiment;
const config = testConfig({ experiments: [experiment], storage: { deadlineMs: 100 } });
const NOW = 1_000_000;

function request(session: string, planKey = session) {
  return { session, keys: { planKey, patientKey: '' }, features: { beamlets: 9 }, forced: {} };
}

async function live(
  stores: ExperimentStores = memoryStores(),
  open: () => Promise<ExperimentStores> = async () => stores,
) {
  const clock = new FakeClock();
  const metrics = new CountingMetrics();
  const log = new FakeLog();
  const wallMs = () => NOW;
  const experiments = new LiveExperiments({ clock, metrics, log, wallMs, openStores: open });
  const faults = await experiments.prepare(config);
  experiments.commit(config);
  return { experiments, faults, clock, metrics, log, stores };
}

/** Lets what is under way get as far as it can. */
const settle = () => new Promise((resolve) => setImmediate(resolve));

describe('a plan', () => {
  it('gets an arm and an open outcome under a key that is not the client’s, and one end', async () => {
    const stores = memoryStores();
    const { experiments, metrics } = await live(stores);
    const plan = await experiments.enrol([experiment], request('s1'));
    const arm = plan.arms.get(id);
    const opened = { session: 's1', unit: '~s1', arm, features: { beamlets: 9 } };
    expect(stores.outcomes.records).toMatchObject([{ ...opened, status: 'open' }]);
    await plan.finish({ iterations: 5 });
    plan.lose();
    await plan.finish({ iterations: 6 });
    expect(stores.outcomes.records).toMatchObject([
      { status: 'finished', metrics: { iterations: 5 }, endedAtMs: NOW },
    ]);
    expect(metrics.counts.get(`outcome ${id} ${arm} finished`)).toBe(1);
    expect(metrics.counts.get(`enrolled ${id} ${arm} hashed`)).toBe(1);
  });

  it('without the key of its unit is in no arm, which the log says once for each experiment', async () => {
    const { experiments, metrics, log } = await live();
    const ofPatients = testExperiment({ id: 'patients', unit: 'patient' });
    for (const session of ['s1', 's2']) {
      const plan = await experiments.enrol([experiment, ofPatients], request(session, ''));
      expect(plan.arms.size).toBe(0);
    }
    expect(metrics.counts.get(`enrolled ${id}  no-unit-key`)).toBe(2);
    const told = log.lines.filter(({ message }) => message.includes('without the key'));
    expect(told.map(({ fields }) => fields)).toMatchObject([
      { experiment: id, reason: expect.stringMatching(/sends no plan_key/) },
      { experiment: 'patients', reason: expect.stringMatching(/sends no patient_key/) },
    ]);
    await experiments.enrol([experiment], request('s3'));
    expect(log.lines).toHaveLength(told.length);
  });

  it('is not asked by an experiment that has not begun', async () => {
    const { experiments, metrics } = await live();
    const later = testExperiment({
      start: { notBefore: new Date(NOW + 1).toISOString(), minPlans: 50 },
    });
    expect((await experiments.enrol([later], request('s1'))).arms.size).toBe(0);
    expect([...metrics.counts.keys()]).toEqual([]);
  });

  it('keeps its unit out of an arm that was stopped, and counts why', async () => {
    const stores = memoryStores();
    const ramp = startRamp(experiment, 0);
    await stores.experiments.put(experiment, { ...ramp, stoppedArms: ['new'] }, 0);
    for (const unit of ['~a', '~b']) {
      const proposal = { experiment: id, unit, arm: 'new', reason: 'hashed' as const };
      await stores.assignments.assign({ ...proposal, shares: {}, atMs: 0 });
    }
    const { experiments, metrics } = await live(stores);
    const plan = await experiments.enrol([experiment], request('a'));
    expect(plan.arms.size).toBe(0);
    await plan.finish({});
    plan.lose();
    expect(stores.outcomes.records).toEqual([]);
    expect(metrics.counts.get(`enrolled ${id}  arm-stopped`)).toBe(1);
  });

  it('waits for an end that is late no longer than the deadline; a stop of the host waits as well', async () => {
    const stores = memoryStores();
    let store = () => {};
    const { finish } = stores.outcomes;
    stores.outcomes.finish = async (...args) => {
      await new Promise<void>((resolve) => {
        store = resolve;
      });
      return finish.apply(stores.outcomes, args);
    };
    const { experiments, clock, log } = await live(stores);
    const plan = await experiments.enrol([experiment], request('s1'));
    const finished = plan.finish({ iterations: 1 });
    await settle();
    clock.advance(101);
    await finished;
    expect(log.lines.at(-1)?.message).toBe('an outcome was not stored before the summary');
    const disposed = experiments.dispose();
    store();
    await disposed;
    expect(stores.outcomes.records[0]?.status).toBe('finished');
  });

  it('whose end cannot be stored goes on; the failure is counted', async () => {
    const stores = memoryStores();
    stores.outcomes.finish = () => Promise.reject(new Error('disk full'));
    const { experiments, metrics } = await live(stores);
    const plan = await experiments.enrol([experiment], request('s1'));
    await plan.finish({ iterations: 1 });
    expect(metrics.counts.get('experiment store outcome')).toBe(1);
    expect(stores.outcomes.records[0]?.status).toBe('open');
  });
});

describe('the database', () => {
  it('of one host loses all open sessions at start; of several only those nobody can have', async () => {
    const opening = { experiment: id, unit: 'u', arm: 'old', features: {} };
    const { sessionMaxAgeMs } = config.server;
    for (const [isShared, states] of [
      [false, ['lost', 'lost']],
      [true, ['lost', 'open']],
    ] as const) {
      const stores = memoryStores(isShared);
      await stores.outcomes.open({ ...opening, session: 'a', atMs: NOW - sessionMaxAgeMs - 1 });
      await stores.outcomes.open({ ...opening, session: 'b', atMs: NOW - 1 });
      await live(stores);
      expect(stores.outcomes.records.map(({ status }) => status)).toEqual(states);
    }
  });

  it('holds the definition; where another host moved the ramp is known within ten seconds', async () => {
    const stores = memoryStores();
    const { experiments, clock } = await live(stores);
    await settle();
    const kept = stores.experiments.kept.get(id);
    if (kept === undefined) throw new Error('not kept');
    await stores.experiments.replaceRamp(id, kept.ramp, { ...kept.ramp, state: 'rolled-back' }, 1);
    expect((await experiments.enrol([experiment], request('s1'))).arms.size).toBe(1);
    clock.advance(10_000);
    await settle();
    expect((await experiments.enrol([experiment], request('s2'))).arms.size).toBe(0);
  });

  it('that is away at start is tried again; plans until then are counted', async () => {
    let isAway = true;
    const stores = memoryStores();
    const open = async () => {
      if (isAway) throw new Error('connection refused');
      return stores;
    };
    const { experiments, faults, metrics, clock } = await live(stores, open);
    expect(faults).toMatchObject([{ path: ['storage', 'url'], isOld: false }]);
    expect(faults[0]?.error.message).toMatch(/connection refused/);
    expect(await experiments.prepare(config)).toMatchObject([{ isOld: true }]);
    expect((await experiments.enrol([experiment], request('s1'))).arms.size).toBe(0);
    expect(metrics.counts.get(`enrolled ${id}  store-unavailable`)).toBe(1);
    await settle();
    isAway = false;
    clock.advance(10_000);
    await settle();
    expect((await experiments.enrol([experiment], request('s2'))).arms.size).toBe(1);
  });

  it('is not opened for a configuration without experiments, or one that is only checked', async () => {
    let opened = 0;
    const openStores = async () => {
      opened += 1;
      return memoryStores();
    };
    const parts = { clock: new FakeClock(), metrics: new CountingMetrics(), log: new FakeLog() };
    const idle = new LiveExperiments({ ...parts, wallMs: () => NOW, openStores });
    expect(await idle.prepare(testConfig())).toEqual([]);
    idle.commit(testConfig());
    const checked = new LiveExperiments({ ...parts, wallMs: () => NOW, openStores: undefined });
    expect(await checked.prepare(config)).toEqual([]);
    checked.commit(config);
    await settle();
    expect([opened, parts.clock.pendingTimers]).toEqual([0, 0]);
  });
});
