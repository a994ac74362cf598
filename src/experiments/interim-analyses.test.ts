import { describe, expect, it } from 'vitest';
import type { Guardrail } from '../domain/experiments/experiments.js';
import { CountingMetrics, FakeLog } from '../domain/testing/fakes.js';
import { memoryStores } from '../domain/testing/memory-stores.js';
import { testConfig } from '../domain/testing/test-config.js';
import { testExperiment } from '../domain/testing/test-experiment.js';
import { FakeClock } from '../plugin-sdk/testing/index.js';
import { InterimAnalyses } from './interim-analyses.js';
import { analyseInterim, type RampChange } from './interim-analysis.js';
import { LiveExperiments } from './live-experiments.js';
import { startRamp } from './ramp.js';
import { simulatedData } from './testing/simulated-data.js';

const guardrail: Guardrail = {
  name: 'reference_objective',
  direction: 'lower',
  scale: 'ratio',
  range: undefined,
  margin: 0.05,
  action: 'stop',
};
const experiment = testExperiment({ guardrails: [guardrail] });
const { id } = experiment;
const config = testConfig({ experiments: [experiment], storage: { analyseEveryMs: 1000 } });
const settle = () => new Promise((resolve) => setImmediate(resolve));

/** Stores that hold plans of which the new arm is worse by the ratio. */
async function storesWith(objective: number) {
  const stores = memoryStores();
  const data = simulatedData(experiment, 200, { new: { objective } });
  stores.assignments.assignments = async () => data.assignments;
  stores.outcomes.outcomes = async () => data.outcomes;
  await stores.experiments.put(experiment, startRamp(experiment, 0), 0);
  return stores;
}

describe('an analysis', () => {
  it('stops an arm at its guardrail, for good and for all hosts', async () => {
    const stores = await storesWith(1.3);
    const changes = await analyseInterim(stores, [id, 'one that nobody stored'], 5);
    const stopped = { state: 'rolled-back', stoppedArms: ['new'] };
    expect(changes).toMatchObject([{ experiment: id, ...stopped }]);
    expect(changes[0]?.reason).toMatch(/more than the guardrail of 5 % allows/);
    expect(stores.experiments.kept.get(id)?.ramp).toMatchObject(stopped);
    expect(await analyseInterim(stores, [id], 6)).toEqual([]);
  });

  it('changes nothing where nothing is decided', async () => {
    const stores = await storesWith(1);
    expect(await analyseInterim(stores, [id], 5)).toEqual([]);
    expect(stores.experiments.kept.get(id)?.ramp.state).toBe('full');
  });
});

describe('a running host', () => {
  function analyses(analyse: () => Promise<readonly RampChange[]>) {
    const clock = new FakeClock();
    const seen = { analyses: 0, changes: 0, failures: 0 };
    const one = new InterimAnalyses({
      clock,
      log: new FakeLog(),
      analyse: () => {
        seen.analyses += 1;
        return analyse();
      },
      onRampChange: () => {
        seen.changes += 1;
      },
      onFailure: () => {
        seen.failures += 1;
      },
    });
    const pass = async () => {
      clock.advance(1000);
      await settle();
    };
    return { analyses: one, clock, seen, pass };
  }

  it('analyses when plans have ended, one analysis at a time, and no more when it stops', async () => {
    let answer = (_: readonly RampChange[]) => {};
    const {
      analyses: one,
      clock,
      seen,
      pass,
    } = analyses(
      () =>
        new Promise((resolve) => {
          answer = resolve;
        }),
    );
    one.start(config);
    await pass();
    await pass();
    expect(seen.analyses).toBe(1);
    answer([{ experiment: id, state: 'held', stoppedArms: [], reason: 'why' }]);
    await settle();
    expect(seen.changes).toBe(1);
    await pass();
    expect(seen.analyses).toBe(1);
    one.planEnded();
    await pass();
    expect(seen.analyses).toBe(2);
    answer([]);
    await one.stop();
    expect(clock.pendingTimers).toBe(0);
  });

  it('tries again after an analysis that failed', async () => {
    const { analyses: one, seen, pass } = analyses(() => Promise.reject(new Error('no database')));
    one.start(config);
    await pass();
    await pass();
    expect(seen).toEqual({ analyses: 2, changes: 0, failures: 2 });
  });

  it('serves no stopped arm from the analysis on', async () => {
    const stores = memoryStores();
    const clock = new FakeClock();
    const parts = { clock, log: new FakeLog(), metrics: new CountingMetrics(), wallMs: () => 0 };
    const experiments = new LiveExperiments({
      ...parts,
      openStores: async () => stores,
      analyse: async () => {
        const ramp = startRamp(experiment, 0);
        const stored = stores.experiments.kept.get(id)?.ramp ?? ramp;
        const to = { ...stored, state: 'rolled-back' as const, stoppedArms: ['new'] };
        await stores.experiments.replaceRamp(id, stored, to, 1);
        return [{ experiment: id, state: to.state, stoppedArms: ['new'], reason: 'worse' }];
      },
    });
    await experiments.prepare(config);
    experiments.commit(config);
    await settle();
    const request = { keys: { planKey: 'a', patientKey: '' }, features: {}, forced: {} };
    expect((await experiments.enrol([experiment], { ...request, session: '1' })).arms.size).toBe(1);
    clock.advance(1000);
    await settle();
    expect((await experiments.enrol([experiment], { ...request, session: '2' })).arms.size).toBe(0);
    expect(parts.log.lines.map(({ message }) => message)).toContain('experiment moved');
    await experiments.dispose();
  });
});
