import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { ExperimentReport } from '../../src/domain/experiments/experiment-report.js';
import type { Experiment } from '../../src/domain/experiments/experiments.js';
import { testExperiment } from '../../src/domain/testing/test-experiment.js';
import { ExperimentWatch } from '../../src/experiments/analysis/analyse.js';
import { Assigner } from '../../src/experiments/assigner.js';
import { nextRamp, startRamp } from '../../src/experiments/ramp.js';
import { seededRandom } from '../../src/plugin-sdk/internal/seeded-random.js';
import { FakeClock } from '../../src/plugin-sdk/testing/index.js';
import { SqlAssignments } from '../../src/storage/experiments/assignment-table.js';
import {
  type ExperimentDatabase,
  openExperimentDatabase,
} from '../../src/storage/experiments/experiment-database.js';
import { SqlExperiments } from '../../src/storage/experiments/experiment-table.js';
import { SqlOutcomes } from '../../src/storage/experiments/outcome-table.js';

/** What a plan of the new arm costs over one of the old, and its reference objective. */
interface Truth {
  readonly ratio: number;
  readonly objective: number;
}

let folder: string;
let databases: readonly ExperimentDatabase[];

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'dh-advisor-life-'));
  const url = pathToFileURL(join(folder, 'experiments.db')).href;
  databases = [await openExperimentDatabase(url), await openExperimentDatabase(url)];
});
afterEach(async () => {
  for (const db of databases) await db.destroy();
  rmSync(folder, { recursive: true });
});

/** Plans that come to two hosts in turn, some of them twice, some lost; an analysis after every tenth. Ends with the experiment. */
async function live(
  experiment: Experiment,
  plans: number,
  truth: Truth,
): Promise<ExperimentReport> {
  const random = seededRandom.stream(11);
  const hosts = databases.map((db) => ({
    assigner: new Assigner({
      store: new SqlAssignments(db),
      clock: new FakeClock(),
      deadlineMs: 1000,
      wallMs: () => 0,
      onFailure: (_, error) => {
        throw error;
      },
    }),
    outcomes: new SqlOutcomes(db),
    experiments: new SqlExperiments(db),
    assignments: new SqlAssignments(db),
  }));
  const watch = new ExperimentWatch();
  await hosts[0]?.experiments.put(experiment, startRamp(experiment, 0), 0);
  let report: ExperimentReport | undefined;
  for (let plan = 1; plan <= plans; plan += 1) {
    const host = hosts[plan % 2];
    const other = hosts[(plan + 1) % 2];
    const stored = await host?.experiments.get(experiment.id);
    if (host === undefined || other === undefined || stored === undefined) throw new Error('hosts');
    const active = [{ experiment: stored.experiment, ramp: stored.ramp }];
    const unit = `plan-${plan}`;
    const [given] = await host.assigner.assign(active, { planKey: unit, patientKey: '' });
    // The client was cut off and came to the other host.
    const [again] = await other.assigner.assign(active, { planKey: unit, patientKey: '' });
    expect(again?.assignment).toEqual(given?.assignment);
    const arm = given?.assignment.arm;
    const size = random.normal();
    const noise = random.normal();
    if (given?.isServed === true && arm !== undefined) {
      const features = { beamlets: 350 * Math.exp(size) };
      const opening = { experiment: experiment.id, session: `s${plan}`, unit, arm, features };
      await host.outcomes.open({ ...opening, atMs: plan });
      const isNew = arm === 'new';
      const metrics = {
        call_equivalents: 80 * (isNew ? truth.ratio : 1) * Math.exp(0.3 * size + 0.2 * noise),
        reference_objective: (isNew ? truth.objective : 1) * Math.exp(0.01 * random.normal()),
      };
      if (plan % 25 === 0) await other.outcomes.loseOpenedBefore(plan + 1, plan);
      await host.outcomes.finish(experiment.id, `s${plan}`, metrics, plan);
    }
    if (plan % 10 !== 0) continue;
    const data = {
      experiment,
      ramp: stored.ramp,
      shadows: await host.outcomes.shadows(experiment.id),
      assignments: await host.assignments.assignments(experiment.id),
      outcomes: await host.outcomes.outcomes(experiment.id),
    };
    report = watch.update(data, plan);
    const ramp = nextRamp(report);
    if (ramp !== stored.ramp) {
      expect(await host.experiments.replaceRamp(experiment.id, stored.ramp, ramp, plan)).toBe(true);
    }
  }
  if (report === undefined) throw new Error('no analysis');
  return report;
}

const objective = { name: 'reference_objective', direction: 'lower', scale: 'ratio' } as const;
const experiment = testExperiment({
  adjust: { beamletStrata: [250, 500], features: ['beamlets'] },
  guardrails: [{ ...objective, range: undefined, margin: 0.05, action: 'stop' }],
  nonInferiority: [{ ...objective, range: undefined, margin: 0.01 }],
  plannedPlans: 200,
});

it('an experiment finds the better arm, and takes no unit after that', async () => {
  const ramp = [{ percent: 50, minPlans: 40, holdHours: 0 }];
  const report = await live({ ...experiment, ramp }, 400, { ratio: 0.8, objective: 1 });
  expect(report.ramp.state).toBe('promoted');
  expect(report.ramp.reason).toMatch(/^new is better than control and within every margin/);
  expect(report.excluded['outside-ramp']).toBeGreaterThan(20);
  const served = report.arms.reduce((sum, arm) => sum + arm.finished + arm.lost, 0);
  expect(served).toBeLessThan(300);
  expect(report.arms.reduce((sum, { lost }) => sum + lost, 0)).toBeGreaterThan(0);
  expect(report.checks).toMatchObject({ shares: { isFired: false }, losses: { isFired: false } });
  expect((await new SqlExperiments(databases[0] as ExperimentDatabase).list())[0]).toMatchObject({
    ramp: { state: 'promoted' },
  });
});

it('a guardrail stops an arm that is bad, after as few plans as may be looked at', async () => {
  const report = await live(experiment, 120, { ratio: 0.7, objective: 1.3 });
  expect(report.ramp).toMatchObject({ state: 'rolled-back', stoppedArms: ['new'] });
  expect(report.ramp.reason).toMatch(/more than the guardrail of 5 % allows/);
  expect(report.analysedPlans).toBeLessThanOrEqual(60);
});
