// Shadow arms of a whole host: their own process, what they cost a plan when they fail, reloads, the kill switch.
import { expect, it, onTestFinished } from 'vitest';
import { experimentStores } from '../../../../src/storage/experiments/experiment-stores.js';
import { id, type LiveHost, metric, openPlan, storesOf } from '../testing/experiment-host.js';
import { type LiveOptions, startLiveHost } from '../testing/live-host.js';
import { fixtureFolder } from '../testing/test-host.js';
import { wireFinish, wireRun } from '../testing/wire-run.js';

const yaml = (
  shadowArms: string,
) => `plugins: { directories: ['${fixtureFolder('faulty-plugins')}'], isolation: { default: inline } }
roles:
  initialization: { plugin: constant-start, deadline_ms: 2000 }
  early-stopping: { plugin: tensor-watcher, deadline_ms: 2000 }
experiments:
  - id: ${id}
    unit: plan
    arms:
      - { id: shipped, weight: 1 }
      - { id: fuller, weight: 1, roles: { initialization: { settings: { fraction: 0.5 } } } }
    control: shipped
    primary: { metric: iterations }
    shadow_arms: [${shadowArms}]
`;
const fullest = (fraction: number) =>
  `{ id: fullest, roles: { initialization: { settings: { fraction: ${fraction} } } } }`;
const stopper = (fault: string) =>
  `{ id: stopper, roles: { early-stopping: { plugin: faulty-stopping, settings: { fault: ${fault} } } } }`;

const start = (shadowArms: string, more: LiveOptions = {}) =>
  startLiveHost({ yaml: yaml(shadowArms), ...more });

async function playPlan(host: LiveHost, key: string) {
  const { plan, accepted } = await openPlan(host, key);
  const replies = await plan.play(wireRun());
  expect((await plan.ask(wireFinish))?.summary).toBeDefined();
  return { accepted, replies };
}

/** Waits until so many sessions ended one way. */
async function counted(host: LiveHost, result: string, times = 1): Promise<void> {
  const line = ['dh_advisor_experiment_shadow_sessions_total', `result="${result}"`];
  while ((await metric(host, ...line)) < times) await new Promise((next) => setTimeout(next, 20));
}

it('stores what an arm would have advised, computed in a process of its own, one row a plan', async () => {
  const host = await start(fullest(1));
  await playPlan(host, 'plan-1');
  await counted(host, 'stored');
  const stores = await storesOf(host);
  const [row, ...others] = await stores.outcomes.shadows(id);
  expect(others).toEqual([]);
  const [outcome] = await stores.outcomes.outcomes(id);
  expect(row).toMatchObject({ session: outcome?.session, arm: 'fullest', served: outcome?.arm });
  expect(row?.roles).toMatchObject([{ role: 'initialization', questions: 2, agreed: 0 }]);
  const fraction = outcome?.arm === 'fuller' ? 0.5 : 0.1;
  expect(row?.roles[0]?.difference.mean).toBeCloseTo(1 / fraction - 1);
});

it('asks the optimizer for what shadow arms want; plugins that serve see none of it', async () => {
  const watcher = '{ id: watcher, roles: { step-direction: { plugin: steepest-descent } } }';
  const host = await start(watcher);
  const { accepted, replies } = await playPlan(host, 'plan-1');
  const gradient = accepted?.wanted?.find(({ kind }) => String(kind).match(/GRADIENT|^1$/));
  expect(gradient?.everyN ?? 0).toBe(1);
  const shown = replies.flatMap((reply) => reply?.iteration?.earlyStopping?.explanation ?? []);
  // Every second iteration, as the plugin that serves asked for.
  expect(shown.filter((text) => text === 'shown: none').length).toBeGreaterThan(2);
  await counted(host, 'stored');
  const [row] = await (await storesOf(host)).outcomes.shadows(id);
  expect(row?.roles[0]?.outcomes).toEqual({ applied: row?.roles[0]?.questions });
});

it('a plan keeps its shadow arms over a reload; the worker goes on with what is new', async () => {
  const host = await start(fullest(1));
  const { plan } = await openPlan(host, 'plan-1');
  host.write(yaml(fullest(0.2)));
  while (host.live.current().generation < 2) await new Promise((next) => setTimeout(next, 20));
  await plan.play(wireRun());
  await plan.ask(wireFinish);
  await counted(host, 'stored');
  await playPlan(host, 'plan-1');
  await counted(host, 'stored', 2);
  const rows = await (await storesOf(host)).outcomes.shadows(id);
  const fraction = rows[0]?.served === 'fuller' ? 0.5 : 0.1;
  const means = rows.map(({ roles }) => roles[0]?.difference.mean ?? 0).sort((a, b) => a - b);
  expect(means[0]).toBeCloseTo(Math.abs(0.2 / fraction - 1));
  expect(means[1]).toBeCloseTo(1 / fraction - 1);
});

it('the kill switch ends shadow work of open plans', async () => {
  const host = await start(fullest(1));
  const { plan } = await openPlan(host, 'plan-1');
  await host.operator.stopAdvice({ who: 'tester', why: 'a test', via: 'command' });
  await plan.play(wireRun());
  await plan.ask(wireFinish);
  await counted(host, 'stopped');
  // No outcome, and the reason for the reports.
  const lost = { arm: 'fullest', lost: 'stopped', metrics: {}, roles: [] };
  expect(await (await storesOf(host)).outcomes.shadows(id)).toMatchObject([lost]);
});

it.each(['throw', 'reject', 'stray-rejection', 'nan'])(
  'a shadow arm whose plugin fails (%s) costs the plan nothing and has its outcome',
  async (fault) => {
    const host = await start(stopper(fault));
    await playPlan(host, 'plan-1');
    await counted(host, 'stored');
  },
);

it.each([
  ['stray-throw', 'it ended with 1'],
  ['crash', 'it was ended by SIGKILL'],
])(
  'one that ends its process (%s) costs its sessions their shadow outcome, and plans nothing',
  async (fault, reason) => {
    const host = await start(stopper(fault));
    const { plan } = await openPlan(host, 'plan-1');
    await playPlan(host, 'plan-2');
    await counted(host, 'worker-died');
    await plan.play(wireRun());
    expect((await plan.ask(wireFinish))?.summary).toBeDefined();
    await playPlan(host, 'plan-3');
    await counted(host, 'not-ready');
    const ended = host.log.lines.find(
      ({ message }) => message === 'the worker of shadow arms has ended',
    );
    expect(ended?.fields).toMatchObject({ reason });
  },
);

it('a database that takes no shadow outcome costs the plan nothing', async () => {
  const host = await start(fullest(1), {
    openExperimentStores: async (url) => {
      const stores = await experimentStores({}, {})(url);
      onTestFinished(() => stores.close());
      stores.outcomes.shadow = () => Promise.reject(new Error('disk full'));
      return stores;
    },
  });
  await playPlan(host, 'plan-1');
  await counted(host, 'store-failed');
  expect(await metric(host, 'dh_advisor_experiment_store_failures_total', 'outcome')).toBe(1);
});

it('an arm that cannot be computed is left out at start, and refused with its place by a reload', async () => {
  const nowhere = '{ id: lost, roles: { initialization: { plugin: nowhere } } }';
  const host = await start(nowhere);
  await playPlan(host, 'plan-1');
  await counted(host, 'not-ready');
  host.write(yaml(`${nowhere}, ${stopper('nonsense')}`));
  while (host.live.refusals().length === 0) await new Promise((next) => setTimeout(next, 20));
  expect(host.live.refusals()[0]?.problem).toMatch(
    /host\.yaml:\d+: experiments\[0\]\.shadow_arms\[1\].*Shadow arm `stopper` of experiment/,
  );
});
