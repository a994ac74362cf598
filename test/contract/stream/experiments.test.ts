// Experiments over real gRPC: definitions in the configuration, arms of plans, their outcomes in the database.
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { fakePlan } from 'dh-advisor/plugin-sdk/testing';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { AssignmentStore } from '../../../src/domain/experiments.js';
import type { OpenExperimentStores } from '../../../src/domain/plan-experiments.js';
import { experimentStores } from '../../../src/storage/experiment-stores.js';
import { fixtureModels } from '../../support/model-repository.js';
import { type LiveOptions, startLiveHost, temporaryFolder } from './live-host.js';
import { until } from './test-host.js';
import { wireFinish, wireRun, wireStart } from './wire-run.js';

type LiveHost = Awaited<ReturnType<typeof startLiveHost>>;

const ROLES = 'roles:\n  initialization: { plugin: constant-start, deadline_ms: 2000 }\n';
const EXPERIMENT = `experiments:
  - id: fuller-start
    unit: plan
    arms:
      - { id: shipped, weight: 1 }
      - id: fuller
        weight: 1
        roles:
          initialization: { settings: { fraction: 0.5 } }
    control: shipped
    primary: { metric: iterations }
`;
const ownPlugins = fileURLToPath(new URL('../../../plugins', import.meta.url));
const ended = EXPERIMENT.replace('unit: plan', 'state: ended\n    unit: plan');
const id = 'fuller-start';

const start = (options: LiveOptions = {}) =>
  startLiveHost({ yaml: ROLES + EXPERIMENT, ...options });

/** The database of a host, as its file has it. */
async function storesOf({ folder }: Pick<LiveHost, 'folder'>) {
  const open = experimentStores({}, () => undefined);
  const stores = await open(pathToFileURL(join(folder, 'experiments.db')).href);
  onTestFinished(() => stores.close());
  return stores;
}

async function openPlan(host: LiveHost, planKey: string, headers: Record<string, string> = {}) {
  const plan = host.client(headers);
  const accepted = (await plan.ask(wireStart(fakePlan(), { planKey })))?.accepted;
  return { plan, accepted };
}

/** A plan in each arm; keys are tried in order until both are there. */
async function planPerArm(host: LiveHost) {
  const found = new Map<string, Awaited<ReturnType<typeof openPlan>> & { key: string }>();
  for (let n = 1; found.size < 2; n += 1) {
    const key = `plan-${n}`;
    const opened = await openPlan(host, key);
    const arm = opened.accepted?.arm ?? '';
    if (!found.has(arm)) found.set(arm, { ...opened, key });
  }
  return found;
}

/** Of the whole host: one line of /metrics. */
async function metric({ httpAddress }: LiveHost, ...parts: string[]): Promise<number> {
  const text = await (await fetch(`http://${httpAddress}/metrics`)).text();
  const line = text
    .split('\n')
    .find((one) => !one.startsWith('#') && parts.every((part) => one.includes(part)));
  return Number(line?.split(' ').at(-1) ?? 0);
}

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
    expect(await metric(host, 'plugin_advice_total', `arm="${id}/fuller"`, 'applied')).toBe(1);
    expect(await metric(host, 'experiment_plans_total', 'arm="fuller"', 'hashed')).toBeGreaterThan(
      0,
    );
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
    expect(await metric(host, 'experiment_outcomes_total', 'finished')).toBe(1);
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
    const { resumeToken } = accepted ?? {};
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
    expect(await metric(host, 'experiment_plans_total', 'no-unit-key')).toBe(1);
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

describe('a configuration', () => {
  it('with faulty definitions is refused with line and path, and nothing has changed', async () => {
    const host = await start();
    const wrong = EXPERIMENT.replace('control: shipped', 'control: nobody');
    host.write(ROLES + wrong);
    await expect(host.change({ kind: 'reload' })).rejects.toThrow(
      /host\.yaml:16: experiments\[0\]\.control is not one of the arms: shipped, fuller/,
    );
    expect((await openPlan(host, 'plan-1')).accepted?.arm).not.toBe('');
  });

  it.each([
    ['an unknown model', '{ plugin: warm-start, model: warm-start@9 }', /warm-start@9/],
    ['an unknown plugin', '{ plugin: nowhere }', /`nowhere`/],
    ['settings that are wrong', '{ settings: { fraction: 7 } }', /plugin-settings/],
    ['a model its plugin does not open', '{ model: warm-start@1 }', /plugin-settings|did not open/],
  ])('whose arm has %s leaves the experiment inactive at start, and is refused later', async (_, arm, reason) => {
    const yaml = `models: { directory: '${fixtureModels}' }\nplugins: { directories: ['${ownPlugins}'] }\n${ROLES}${EXPERIMENT}`;
    const broken = yaml.replace('{ settings: { fraction: 0.5 } }', arm);
    const host = await start({ yaml: broken });
    expect((await openPlan(host, 'plan-1')).accepted?.arm).toBe('');
    const line = host.log.lines.find(({ message }) => message === 'experiment takes no plans');
    expect(line?.fields).toMatchObject({ experiment: id, reason: expect.stringMatching(reason) });
    // What was off before does not keep operators from changing something else.
    expect(await host.change({ kind: 'disable', role: 'early-stopping' })).toBeDefined();
    host.write(yaml);
    expect(await host.change({ kind: 'reload' })).toMatchObject({ isApplied: true });
    expect((await openPlan(host, 'plan-1')).accepted?.arm).not.toBe('');
    host.write(broken);
    await expect(host.change({ kind: 'reload' })).rejects.toThrow(
      /host\.yaml:17: experiments\[0\]\.arms\[1\]\.roles\.initialization Experiment `fuller-start`/,
    );
  });

  it('without experiments opens no database, and one that ends keeps what was', async () => {
    const opened: string[] = [];
    const open = experimentStores({}, () => undefined);
    const openExperimentStores: OpenExperimentStores = (url) => {
      opened.push(url);
      return open(url);
    };
    const host = await start({ yaml: ROLES, openExperimentStores });
    expect((await openPlan(host, 'plan-1')).accepted?.arm).toBe('');
    expect(opened).toEqual([]);
    host.write(ROLES + EXPERIMENT);
    await host.change({ kind: 'reload' });
    expect((await openPlan(host, 'plan-1')).accepted?.arm).not.toBe('');
    expect(opened).toHaveLength(1);
    host.write(ROLES + ended);
    await host.change({ kind: 'reload' });
    expect((await openPlan(host, 'plan-1')).accepted?.arm).toBe('');
    const stores = await storesOf(host);
    await until(
      async () => (await stores.experiments.get(id))?.experiment.state === 'ended',
    );
  });
});

describe('a database that fails', () => {
  const silent: AssignmentStore = {
    assign: () => new Promise(() => undefined),
    assignments: async () => [],
  };

  it('delays no plan beyond the deadline: it goes on as configured, is excluded and counted', async () => {
    const open = experimentStores({}, () => undefined);
    const host = await start({
      yaml: `storage: { deadline_ms: 30 }\n${ROLES}${EXPERIMENT}`,
      openExperimentStores: async (url) => ({ ...(await open(url)), assignments: silent }),
    });
    const { plan, accepted } = await openPlan(host, 'plan-1');
    expect(accepted?.arm).toBe('');
    expect(accepted?.bindings?.[0]?.plugin).toBe('constant-start');
    await plan.play(wireRun(1));
    expect((await plan.ask(wireFinish))?.summary).toBeDefined();
    expect(await metric(host, 'experiment_plans_total', 'store-unavailable')).toBe(1);
    expect(await (await storesOf(host)).outcomes.outcomes(id)).toEqual([]);
  });

  it('gives no arm to a plan whose outcome it does not open in time, and loses it when it comes late', async () => {
    const open = experimentStores({}, () => undefined);
    let answer = () => {};
    const host = await start({
      yaml: `storage: { deadline_ms: 30 }\n${ROLES}${EXPERIMENT}`,
      openExperimentStores: async (url) => {
        const stores = await open(url);
        const { outcomes } = stores;
        const late = new Promise<void>((resolve) => {
          answer = resolve;
        });
        const slow = Object.assign(Object.create(outcomes), {
          open: (...args: Parameters<typeof outcomes.open>) =>
            late.then(() => outcomes.open(...args)),
        });
        for (const name of ['lose', 'finish', 'loseOpenedBefore'] as const) {
          slow[name] = (outcomes[name] as (...all: unknown[]) => unknown).bind(outcomes);
        }
        return { ...stores, outcomes: slow };
      },
    });
    expect((await openPlan(host, 'plan-1')).accepted?.arm).toBe('');
    answer();
    const stores = await storesOf(host);
    await until(async () => (await stores.outcomes.outcomes(id))[0]?.status === 'lost');
    expect(await metric(host, 'experiment_store_failures_total', 'outcome')).toBe(1);
  });

  it('that cannot be opened is named at a reload, and keeps no plan away at start', async () => {
    const folder = temporaryFolder();
    const yaml = `storage: { url: /dev/null/experiments.db }\n${ROLES}`;
    const host = await start({ folder, yaml: yaml + EXPERIMENT });
    expect((await openPlan(host, 'plan-1')).accepted?.arm).toBe('');
    expect(await metric(host, 'experiment_plans_total', 'store-unavailable')).toBe(1);
    const other = await start({ yaml });
    other.write(yaml + EXPERIMENT);
    await expect(other.change({ kind: 'reload' })).rejects.toThrow(
      /host\.yaml:5: storage\.url The database of experiments .* cannot be used/,
    );
  });
});
