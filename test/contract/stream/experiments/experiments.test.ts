// Plans of experiments over real gRPC: their arms, and their outcomes in the database.
import { fakePlan } from '@dh-advisor/plugin-sdk/testing';
import { describe, expect, it } from 'vitest';
import {
  EXPERIMENT,
  id,
  type LiveHost,
  metric,
  openPlan,
  planPerArm,
  ROLES,
  start,
  storesOf,
} from '../testing/experiment-host.js';
import { startLiveHost } from '../testing/live-host.js';
import { until } from '../testing/test-host.js';
import { wireFinish, wireRun, wireStart } from '../testing/wire-run.js';

describe('a plan of an experiment', () => {
  it('is served by its arm, which acceptance, bindings, advice and metrics name', async () => {
    const host = await start();
    const plans = await planPerArm(host);
    expect([...plans.keys()].sort()).toEqual([`${id}/fuller`, `${id}/shipped`]);
    const fractions = new Map<string, number>();
    for (const [arm, { plan, accepted }] of plans) {
      expect(accepted?.bindings?.map((binding) => binding.arm)).toEqual([arm, '', '', '', '', '']);
      const answers = await plan.play(wireRun(1).slice(0, 2));
      const advice = answers.at(-1)?.level?.initialization;
      const data = Buffer.from(advice?.weights?.data ?? []);
      fractions.set(arm, data.readDoubleLE(0) / fakePlan().weightCeiling);
    }
    expect(fractions.get(`${id}/fuller`)).toBeCloseTo(0.5);
    expect(fractions.get(`${id}/shipped`)).toBeCloseTo(0.1);
    expect(
      await metric(host, 'dh_advisor_plugin_advice_total', `arm="${id}/fuller"`, 'applied'),
    ).toBe(1);
    expect(
      await metric(host, 'dh_advisor_experiment_plans_total', 'arm="fuller"', 'hashed'),
    ).toBeGreaterThan(0);
  });

  it('has its assignment and an open outcome stored when it is accepted, and one end before the summary', async () => {
    const host = await start();
    const { plan, accepted } = await openPlan(host, 'plan-1');
    const stores = await storesOf(host);
    const [assignment] = await stores.assignments.assignments(id);
    expect(`${id}/${assignment?.arm}`).toBe(accepted?.arm);
    expect(assignment?.unit).not.toContain('plan-1');
    const session = accepted?.sessionId;
    expect(await stores.outcomes.outcomes(id)).toMatchObject([
      { session, unit: assignment?.unit, status: 'open', features: { beams: 2 } },
    ]);
    await plan.play(wireRun(1));
    expect((await plan.ask(wireFinish))?.summary).toBeDefined();
    expect(await stores.outcomes.outcomes(id)).toMatchObject([
      { session, status: 'finished', metrics: { iterations: 12 } },
    ]);
    expect(await metric(host, 'dh_advisor_experiment_outcomes_total', 'finished')).toBe(1);
  });

  it('is lost when it does not come back, also when the host was away meanwhile', async () => {
    const host = await start();
    await openPlan(host, 'plan-1');
    await host.stop();
    const stores = await storesOf(host);
    expect(await stores.outcomes.outcomes(id)).toMatchObject([{ status: 'lost', metrics: {} }]);
    const opening = { experiment: id, unit: 'u', arm: 'fuller', features: {}, atMs: 1 };
    await stores.outcomes.open({ ...opening, session: 'of a host that was killed' });
    await startLiveHost({ folder: host.folder });
    const outcomes = await stores.outcomes.outcomes(id);
    expect(outcomes.map(({ status }) => status)).toEqual(['lost', 'lost']);
  });

  it('gets the same arm after a restart of the host and after other weights', async () => {
    const host = await start();
    const before = await planPerArm(host);
    await host.stop();
    const again = await startLiveHost({ folder: host.folder });
    again.write(ROLES + EXPERIMENT.replace('weight: 1 }', 'weight: 100 }'));
    await again.change({ kind: 'reload' });
    for (const [arm, { key }] of before) {
      expect((await openPlan(again, key)).accepted?.arm).toBe(arm);
    }
  });

  it('keeps its arm when its stream is resumed', async () => {
    const host = await start();
    const { plan, accepted } = await openPlan(host, 'plan-1');
    plan.cancel();
    await until(() => host.log.lines.some(({ message }) => message.startsWith('stream broken')));
    const { resumeToken = '' } = accepted ?? {};
    const overrides = { planKey: 'plan-1', resumeToken };
    const resumed = await host.client().ask(wireStart(fakePlan(), overrides));
    expect(resumed?.accepted).toMatchObject({ arm: accepted?.arm, sessionId: accepted?.sessionId });
    const stores = await storesOf(host);
    expect(await stores.outcomes.outcomes(id)).toHaveLength(1);
  });

  it('has no part in it without a key, and none when it takes no advice', async () => {
    const host = await start({
      yaml: ROLES + EXPERIMENT.replace('unit: plan', 'unit: patient'),
    });
    expect((await openPlan(host, 'plan-1')).accepted?.arm).toBe('');
    expect(await metric(host, 'dh_advisor_experiment_plans_total', 'no-unit-key')).toBe(1);
    const shadow = wireStart(fakePlan(), { adviceMode: 'ADVICE_MODE_SHADOW' });
    expect((await host.client().ask(shadow))?.accepted?.arm).toBe('');
    expect(await (await storesOf(host)).assignments.assignments(id)).toEqual([]);
  });
});

describe('a forced arm', () => {
  const token = 'a token of operators';
  const force = (arm: string, shown = token) => ({
    'dh-experiment-arm': `${id}=${arm}`,
    authorization: `Bearer ${shown}`,
  });

  it('is given to operators, and marked in the database', async () => {
    const host = await start({ token });
    for (const arm of ['fuller', 'shipped']) {
      const { accepted } = await openPlan(host, `forced-${arm}`, force(arm));
      expect(accepted?.arm).toBe(`${id}/${arm}`);
    }
    const kept = await (await storesOf(host)).assignments.assignments(id);
    expect(kept.map(({ reason }) => reason)).toEqual(['forced', 'forced']);
  });

  it('is refused to others, and where there is no such arm', async () => {
    const host = await start({ token });
    const refused = async (on: LiveHost, headers: Record<string, string>) =>
      (await openPlan(on, 'plan-1', headers)).plan.errorCode();
    expect(await refused(host, force('fuller', 'guessed'))).toBe('16 operator-token');
    expect(await refused(host, { 'dh-experiment-arm': `${id}=fuller` })).toBe('16 operator-token');
    expect(await refused(host, force('emptier'))).toBe('3 experiment-arm-unknown');
    expect(await refused(host, { ...force('x'), 'dh-experiment-arm': 'x' })).toBe(
      '3 invalid-field',
    );
    expect(await refused(await start(), force('fuller'))).toBe('9 operator-token-none');
    expect(await (await storesOf(host)).assignments.assignments(id)).toEqual([]);
  });
});

it('a ramp widens when enough plans have ended; a thread beside the serving one sees to it', async () => {
  const ramp = '    ramp: [{ percent: 60, min_plans: 1 }]\n';
  const host = await start({
    yaml: `storage: { analyse_every_ms: 20 }\n${ROLES}${EXPERIMENT}${ramp}`,
  });
  // None ends before one of each kind is there: with the first end the ramp widens.
  let excluded = 0;
  let inArm: Awaited<ReturnType<typeof openPlan>>['plan'] | undefined;
  for (let n = 1; excluded === 0 || inArm === undefined; n += 1) {
    const { plan, accepted } = await openPlan(host, `plan-${n}`);
    if (accepted?.arm === '') excluded += 1;
    else inArm = plan;
  }
  await inArm.play(wireRun(1));
  await inArm.ask(wireFinish);
  await until(() => host.log.lines.some(({ message }) => message === 'experiment moved'));
  const stores = await storesOf(host);
  expect(await stores.experiments.get(id)).toMatchObject({
    ramp: { state: 'full', step: 1, reason: expect.stringMatching(/^all units take part after /) },
  });
  const kept = await stores.assignments.assignments(id);
  expect(kept.filter(({ reason }) => reason === 'outside-ramp')).toHaveLength(excluded);
});
