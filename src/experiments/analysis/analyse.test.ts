import { describe, expect, it } from 'vitest';
import type { Guardrail, MarginMetric, Metric } from '../../domain/experiments/experiments.js';
import { testExperiment } from '../../domain/testing/test-experiment.js';
import { type ArmTruth, simulatedData } from '../testing/simulated-data.js';
import { analyse, ExperimentWatch } from './analyse.js';

const objective: Metric = {
  name: 'reference_objective',
  direction: 'lower',
  scale: 'ratio',
  range: undefined,
};
const margin: MarginMetric = { ...objective, margin: 0.01 };
const guardrail: Guardrail = { ...objective, margin: 0.05, action: 'stop' };
const experiment = testExperiment({
  nonInferiority: [margin],
  guardrails: [guardrail],
  adjust: { beamletStrata: [250, 500], features: ['beamlets'] },
});
const analysed = (plans: number, truth: ArmTruth = {}, of = experiment) =>
  analyse(simulatedData(of, plans, { new: truth }), 5_000);

describe('analyse', () => {
  it('has nothing to say of an experiment without plans', () => {
    const report = analysed(0);
    expect(report.decision).toMatchObject({ kind: 'continue' });
    expect(report.effects.map(({ plans, low, high }) => [plans, low, high])).toEqual(
      report.effects.map(() => [0, null, null]),
    );
    expect(report.checks.shares).toEqual({ pValue: 1, isFired: false });
  });

  it('promotes an arm that is better and within its margins, and says by how much', () => {
    const report = analysed(400, { ratio: 0.8 });
    const [primary] = report.effects;
    expect(primary).toMatchObject({ kind: 'primary', verdict: 'better', arm: 'new' });
    expect(primary?.estimate).toBeCloseTo(0.8, 1);
    expect(primary?.low).toBeLessThan(0.8);
    expect(primary?.high).toBeGreaterThan(0.8);
    expect(report.decision).toMatchObject({ kind: 'promote', arm: 'new' });
    expect(report.decision.reason).toMatch(
      /^new is better than control and within every margin: call_equivalents -\d+\.\d % \(-.* to -.*, 400 plans\)\.$/,
    );
  });

  it('stops an arm that is worse', () => {
    expect(analysed(400, { ratio: 1.3 }).decision).toMatchObject({
      kind: 'stop',
      arm: undefined,
      reason: expect.stringMatching(/^new is worse than control: call_equivalents \+/),
    });
  });

  it('stops an arm at its guardrail though it is cheaper', () => {
    const { decision } = analysed(200, { ratio: 0.7, objective: 1.2 });
    expect(decision.kind).toBe('stop');
    expect(decision.reason).toMatch(/worse in reference_objective, more than the guardrail of 5 %/);
  });

  it('only holds where the guardrail says so', () => {
    const holding = { ...experiment, guardrails: [{ ...guardrail, action: 'hold' as const }] };
    expect(analysed(200, { objective: 1.2 }, holding).decision.kind).toBe('hold');
  });

  it('stops an arm beyond a margin of non-inferiority', () => {
    const { decision } = analysed(400, { ratio: 0.7, objective: 1.035 });
    expect(decision).toMatchObject({
      kind: 'stop',
      reason: expect.stringMatching(/by more than the margin of 1 %/),
    });
  });

  it('waits for a margin that is not decided', () => {
    const wide = { ...experiment, nonInferiority: [{ ...margin, margin: 0.0005 }] };
    const { decision } = analysed(200, { ratio: 0.7 }, wide);
    expect(decision.kind).toBe('continue');
    expect(decision.reason).toMatch(/but the margin of reference_objective is not decided/);
  });

  it('goes on without an effect, and ends undecided with its last plan', () => {
    expect(analysed(200).decision.kind).toBe('continue');
    const limited = { ...experiment, stop: { maxPlans: 200, whenDecided: true } };
    expect(analysed(200, {}, limited).decision).toMatchObject({
      kind: 'undecided',
      reason: expect.stringMatching(/^After all 200 plans new is neither better nor worse/),
    });
  });

  it('holds when sessions of one arm are lost, whatever the effect', () => {
    const report = analysed(400, { ratio: 0.7, loss: 0.2 });
    expect(report.checks.losses.isFired).toBe(true);
    expect(report.decision).toMatchObject({ kind: 'hold', arm: undefined });
    const recent = report.arms.find(({ id }) => id === 'new');
    expect(recent?.lost).toBeGreaterThan(20);
    expect((recent?.lost ?? 0) + (recent?.finished ?? 0)).toBe(recent?.units);
  });

  it('holds when units don’t fall on the arms as they should', () => {
    const data = simulatedData(experiment, 600, { new: { ratio: 0.7 } });
    const kept = data.assignments.filter(({ arm }, i) => arm === 'old' || i % 2 === 0);
    const report = analyse({ ...data, assignments: kept }, 0);
    expect(report.checks.shares.isFired).toBe(true);
    expect(report.decision.reason).toMatch(
      /don't fall on the arms as they should \(p below 0.001\)/,
    );
  });

  it('finds secondary metrics with a rate of false ones for all together', () => {
    const several = {
      ...experiment,
      secondary: [objective, { ...objective, name: 'never_sent' }],
    };
    const { effects } = analysed(400, { objective: 0.9 }, several);
    const secondary = effects.filter(({ kind }) => kind === 'secondary');
    expect(secondary.map(({ isDiscovery }) => isDiscovery)).toEqual([true, false]);
    expect(secondary[1]).toMatchObject({ plans: 0, verdict: 'undecided' });
    const { old, new: recent } = secondary[1]?.unusable ?? {};
    expect((old ?? 0) + (recent ?? 0)).toBe(400);
  });

  it('keeps a short trace with the last analysis', () => {
    const [primary] = analysed(400).effects;
    expect(primary?.trace.length).toBeLessThanOrEqual(121);
    expect(primary?.trace.at(-1)).toEqual({
      plans: 400,
      estimate: primary?.estimate,
      low: primary?.low,
      high: primary?.high,
    });
  });

  it('contains no key of a unit or session', () => {
    expect(JSON.stringify(analysed(50))).not.toMatch(/"(s-)?1-\d+"/);
  });

  it('compares three arms each with control', () => {
    const [old, recent] = experiment.arms;
    if (old === undefined || recent === undefined) throw new Error('two arms');
    const three = { ...experiment, arms: [old, recent, { ...recent, id: 'other' }] };
    const truth = { new: { ratio: 0.7 }, other: { ratio: 1.4 } };
    const { decision, armDecisions } = analyse(simulatedData(three, 600, truth), 0);
    expect(armDecisions.map(({ arm, kind }) => [arm, kind])).toEqual([
      ['new', 'promote'],
      ['other', 'stop'],
    ]);
    expect(decision).toMatchObject({ kind: 'stop', arm: 'other' });
    const alike = { new: { ratio: 0.7 }, other: { ratio: 0.7 } };
    expect(analyse(simulatedData(three, 600, alike), 0).decision).toMatchObject({
      kind: 'hold',
      reason: expect.stringMatching(/new and other are better than control; which/),
    });
  });
});

describe('plans that take part', () => {
  it('come up to the first that is open, and wait behind it', () => {
    const data = simulatedData(experiment, 100);
    const outcomes = data.outcomes.map((outcome, index) =>
      index === 60
        ? { ...outcome, status: 'open' as const, metrics: {}, endedAtMs: undefined }
        : outcome,
    );
    const report = analyse({ ...data, outcomes }, 0);
    expect([report.analysedPlans, report.waitingPlans]).toEqual([60, 39]);
  });

  it('are the first of each unit', () => {
    const data = simulatedData(experiment, 60);
    const again = data.outcomes.map((outcome) => ({
      ...outcome,
      session: `${outcome.session}-2`,
      sequence: outcome.sequence + 1000,
    }));
    const report = analyse({ ...data, outcomes: [...data.outcomes, ...again] }, 0);
    expect([report.analysedPlans, report.repeatedPlans]).toEqual([60, 60]);
    expect(report.effects).toEqual(analyse(data, 0).effects);
  });

  it('are none of those that were forced or excluded', () => {
    const data = simulatedData(experiment, 60);
    const assignments = data.assignments.map((assignment, index) => {
      if (index < 5) return { ...assignment, reason: 'forced' as const };
      return index < 12
        ? { ...assignment, arm: undefined, reason: 'outside-ramp' as const }
        : assignment;
    });
    const report = analyse({ ...data, assignments }, 0);
    expect(report.analysedPlans).toBe(48);
    expect(report.excluded).toEqual({ 'outside-ramp': 7 });
    expect(report.arms.reduce((sum, { forcedUnits }) => sum + forcedUnits, 0)).toBe(5);
  });
});

it('shadow arms are compared with what control served, plan by plan', () => {
  const withShadow = {
    ...experiment,
    shadowArms: [{ id: 'ghost', roles: { initialization: { plugin: 'off' } } } as never],
  };
  const data = simulatedData(withShadow, 300);
  const shadows = data.outcomes.map(({ session, metrics }) => ({
    experiment: experiment.id,
    session,
    arm: 'ghost',
    served: 'old',
    roles: [],
    atMs: 0,
    metrics: { call_equivalents: 0.9 * (metrics['call_equivalents'] ?? 0) },
  }));
  const effect = analyse({ ...data, shadows }, 0).effects.find(({ kind }) => kind === 'shadow');
  expect(effect).toMatchObject({ arm: 'ghost', verdict: 'better' });
  expect(effect?.estimate).toBeCloseTo(0.9, 6);
  expect(effect?.plans).toBeLessThan(200);
});

describe('ExperimentWatch', () => {
  const data = simulatedData(experiment, 300, { new: { ratio: 0.8, loss: 0.05 } });
  /** What stores would have said when so many plans had been opened. */
  const early = (plans: number) => ({
    ...data,
    assignments: data.assignments.slice(0, plans),
    outcomes: data.outcomes.slice(0, plans),
  });

  it('says after many analyses what one analysis says', () => {
    const watch = new ExperimentWatch();
    for (let plans = 0; plans < 300; plans += 7) watch.update(early(plans), 0);
    expect(watch.update(data, 0)).toEqual(analyse(data, 0));
    expect(watch.update(data, 0)).toEqual(analyse(data, 0));
  });

  it('begins anew when a row comes in between, and when the definition changes', () => {
    const watch = new ExperimentWatch();
    const gap = { ...data, outcomes: data.outcomes.filter((_, index) => index !== 20) };
    expect(watch.update(gap, 0).analysedPlans).toBe(299);
    expect(watch.update(data, 0)).toEqual(analyse(data, 0));
    const late = { ...data, assignments: data.assignments.filter((_, index) => index !== 20) };
    watch.update(late, 0);
    expect(watch.update(data, 0)).toEqual(analyse(data, 0));
    const changed = { ...data, experiment: { ...experiment, alpha: 0.01 } };
    expect(watch.update(changed, 0)).toEqual(analyse(changed, 0));
  });
});
