// Experiments on the page: a long one that was decided, none at all, a database that is away.
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { testExperiment } from '../../src/domain/testing/test-experiment.js';
import { fullRamp, simulatedData } from '../../src/experiments/testing/simulated-data.js';
import { experimentStores } from '../../src/storage/experiments/experiment-stores.js';
import { CLASSICAL, HostProcess } from '../support/host-process.js';
import { confirm, launchBrowser, openPage, PHONE } from './browser.js';
import { inspect, violations } from './inspect.js';

const metric = { name: 'reference_objective', direction: 'lower', scale: 'ratio' } as const;
const decided = testExperiment({
  id: 'cheaper-start',
  guardrails: [{ ...metric, range: undefined, margin: 0.05, action: 'stop' }],
  shadowArms: [{ id: 'ghost', roles: {} }],
});
/** Too few plans: nobody can tell yet. */
const undecided = testExperiment({
  id: 'sharper-stop',
  salt: 'sharper-stop',
  layer: { name: 'stops', from: 0, to: 1000 },
  arms: [
    { id: 'old', weight: 1, roles: {} },
    {
      id: 'new',
      weight: 1,
      roles: { 'early-stopping': { plugin: 'convergence', model: 'convergence@3', settings: {} } },
    },
  ],
});
const ended = testExperiment({ id: 'older', state: 'ended' });
/** Its ramp waits for an operator. */
const held = testExperiment({
  ...undecided,
  id: 'careful-stop',
  salt: 'careful-stop',
  layer: { name: 'careful', from: 0, to: 1000 },
  ramp: [{ percent: 10, minPlans: 50, holdHours: 0 }],
});
const heldRamp = {
  ...fullRamp,
  state: 'held',
  reason: 'more plans are lost than of control',
} as const;

// A host opens its database with its first experiment.
const host = new HostProcess(
  CLASSICAL,
  `experiments:
  - id: sharper-stop
    unit: plan
    layer: { name: stops }
    arms:
      - { id: old, weight: 1 }
      - { id: new, weight: 1, roles: { early-stopping: { plugin: convergence, model: convergence@3 } } }
    control: old
    primary: { metric: call_equivalents, direction: lower }
  - id: careful-stop
    unit: plan
    layer: { name: careful }
    arms:
      - { id: old, weight: 1 }
      - { id: new, weight: 1, roles: { pyramid-sigma: { plugin: finest-only } } }
    control: old
    primary: { metric: call_equivalents, direction: lower }
    ramp: [{ percent: 10, min_plans: 50 }]
storage: { analyse_every_ms: 1000 }`,
);
let browser: Browser;

const ghostRoles = [
  {
    role: 'early-stopping' as const,
    questions: 30,
    agreed: 24,
    late: 0,
    outcomes: { applied: 29, rejected: 1 },
    difference: { count: 0, mean: 0, max: 0 },
    latencyMs: { p50: 0.5, max: 3 },
    stops: [],
  },
];

/** What hosts would have written: 120 plans, the new arm a fifth cheaper. */
async function writeExperiments(): Promise<void> {
  const file = join(dirname(host.configFile), 'experiments.db');
  const stores = await experimentStores({}, {})(pathToFileURL(file).href);
  for (const experiment of [decided, undecided, ended]) {
    const data = simulatedData(experiment, experiment === undecided ? 12 : 120, {
      new: { ratio: 0.7 },
    });
    await stores.experiments.put(experiment, fullRamp, 1_700_000_000_000);
    for (const assignment of data.assignments) await stores.assignments.assign(assignment);
    for (const outcome of data.outcomes) {
      await stores.outcomes.open(outcome);
      await stores.outcomes.finish(experiment.id, outcome.session, outcome.metrics, 2);
    }
    // What a shadow arm said of most plans, and why it said nothing of others.
    for (const [k, { session, arm: served }] of data.outcomes.entries()) {
      if (experiment !== decided || k % 3 === 2) continue;
      const lost = k % 3 === 1 ? { lost: 'no-processor' as const } : {};
      const shadow = { experiment: experiment.id, session, arm: 'ghost', served };
      await stores.outcomes.shadow({ ...shadow, metrics: {}, roles: ghostRoles, atMs: 3, ...lost });
    }
  }
  await stores.experiments.put(held, heldRamp, 1_700_000_000_000);
  await stores.close();
}

beforeAll(async () => {
  await writeExperiments();
  [browser] = await Promise.all([launchBrowser(), host.start()]);
});
afterAll(async () => {
  await browser.close();
  await host.stop();
});

it('are listed, and one is followed by keyboard to its decision, tables and sequences', async () => {
  const page = await openPage(browser, host, '/experiments');
  const list = page.getByRole('region', { name: 'All experiments' });
  await list.getByRole('row', { name: /older ended/ }).waitFor();
  expect(await list.getByRole('row').nth(1).textContent()).toContain('old 1 (control), new 1');
  await list.getByRole('link', { name: 'cheaper-start' }).focus();
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'Experiment cheaper-start' }).waitFor();
  // It follows once the new page is drawn.
  await page.locator('main:focus').waitFor();

  const action = page.locator('.decision');
  await action.waitFor();
  expect(await action.textContent()).toMatch(/^promote new: new is better than control/);
  const arms = await page.getByRole('region', { name: 'Arms', exact: true }).textContent();
  expect(arms).toMatch(/old \(control\)\d+/);
  const checks = await page.getByRole('region', { name: 'Checks of the experiment' }).textContent();
  expect(checks).toMatch(/lost sessions by arm.*quiet/);
  const effects = await page.getByRole('region', { name: 'Effects' }).textContent();
  expect(effects).toMatch(/guardrailreference_objectivenew/);
  const primary = page.getByRole('img', { name: /^primary: call_equivalents, new: -\d/ });
  await primary.waitFor();
  expect(await primary.locator('canvas').count()).toBe(1);
  expect(await page.locator('.sequence').count()).toBe(2);
});

it('an arm that is not decided is promoted only against the decision, which is said and kept', async () => {
  const page = await openPage(browser, host, '/experiments/sharper-stop');
  await page.getByRole('button', { name: 'Promote new…' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByText(/The analysis decides continue for new/).waitFor();
  const button = dialog.getByRole('button', { name: 'Promote new' });
  expect(await button.isDisabled()).toBe(true);
  const tried = await confirm(page, 'Dry run');
  await tried.getByText('convergence@stable').waitFor();
  await tried.getByText('The promotion would be refused.').waitFor();
  await inspect(page, 'experiment-promote');
  await dialog.getByLabel(/Promote it all the same/).check();
  await confirm(page, 'Promote against the decision', 'a test of the override');
  await dialog.waitFor({ state: 'detached' });
  const decision = page.locator('.decision').first();
  await decision.getByText(/^promoted/).waitFor();
  expect(await decision.textContent()).toContain('override: continue');
  const status = (await (await fetch(`http://${host.httpAddress}/api/models`)).json()) as {
    id: string;
    labels: string[];
  }[];
  expect(status.find(({ id }) => id === 'convergence')?.labels).toContain('stable');
  await inspect(page, 'experiment-promoted');
});

it('stay readable when they have ended', async () => {
  const page = await openPage(browser, host, '/experiments/older');
  await page.locator('.badge.ended').waitFor();
  await page.locator('.sequence canvas').first().waitFor();
});

it('are listed with their states', async () => {
  const page = await openPage(browser, host, '/experiments');
  await page.getByRole('row', { name: /careful-stop held/ }).waitFor();
  await inspect(page, 'experiments-list');
});

it('one with shadow arms: the plans that they were computed on, those without, and why', async () => {
  const page = await openPage(browser, host, '/experiments/cheaper-start');
  const coverage = page.getByRole('region', { name: 'Plans of shadow arms' });
  await coverage
    .getByRole('row', { name: /^ghost \d+ \d+ no-processor \d+, unknown \d+/ })
    .waitFor();
  await page.locator('.sequence canvas').first().waitFor();
  await inspect(page, 'experiment-decided');
  await coverage.scrollIntoViewIfNeeded();
  await inspect(page, 'experiment-shadow-arms');
  await page.locator('.sequence').first().scrollIntoViewIfNeeded();
  await inspect(page, 'experiment-sequences');
});

it('a held one is released, with who and why', async () => {
  const page = await openPage(browser, host, '/experiments/careful-stop');
  await page
    .getByText(/more plans are lost than of control/)
    .first()
    .waitFor();
  await inspect(page, 'experiment-held');
  await page.getByRole('button', { name: 'Release…' }).click();
  await confirm(page, 'Release');
  await page.locator('.badge.held').waitFor({ state: 'detached' });
});

/** As test/contract/experiment-page.test.ts has them from a host. */
const AWAY = {
  code: 'experiment-store',
  message: 'The database of experiments (`storage.url`) cannot be used: connect ECONNREFUSED',
};

describe('what is not there', () => {
  it('one that nobody knows: says which there are', async () => {
    const page = await openPage(browser, host, '/experiments/nothing');
    const alert = page.getByRole('alert');
    await alert.waitFor();
    expect(await alert.textContent()).toContain('Known: careful-stop, cheaper-start, older');
  });

  it('none at all: says where they are defined', async () => {
    const page = await openPage(browser, host, '/health', { viewport: PHONE });
    await page.route('**/api/experiments', (route) =>
      route.fulfill({ json: { atMs: 1_700_000_000_000, experiments: [] } }),
    );
    await page.getByRole('navigation').getByRole('link', { name: 'Experiments' }).click();
    await page.getByText('There is no experiment yet.').waitFor();
    expect(await violations(page)).toEqual([]);
  });

  it('the database: says so, keeps what it knew, and goes on when it is back', async () => {
    const page = await openPage(browser, host, '/experiments', { colorScheme: 'dark' });
    await page.getByRole('link', { name: 'older' }).waitFor();
    await page.route('**/api/experiments', (route) => route.fulfill({ status: 503, json: AWAY }));
    const alert = page.getByRole('alert');
    await alert.waitFor();
    expect(await alert.textContent()).toBe(AWAY.message);
    expect(await page.getByRole('link', { name: 'older' }).count()).toBe(1);
    expect(await violations(page)).toEqual([]);
    await page.unroute('**/api/experiments');
    await alert.waitFor({ state: 'detached' });
  });
});
