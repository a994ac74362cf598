// Experiments on the page: a long one that was decided, none at all, a database that is away.
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { testExperiment } from '../../src/domain/testing/test-experiment.js';
import { fullRamp, simulatedData } from '../../src/experiments/testing/simulated-data.js';
import { experimentStores } from '../../src/storage/experiments/experiment-stores.js';
import { CLASSICAL, HostProcess } from '../support/host-process.js';
import { confirm, LAPTOP, launchBrowser, openPage, PHONE } from './browser.js';
import { inspect, violations } from './inspect.js';

const metric = { name: 'reference_objective', direction: 'lower', scale: 'ratio' } as const;
const decided = testExperiment({
  id: 'cheaper-start',
  guardrails: [{ ...metric, range: undefined, margin: 0.05, action: 'stop' }],
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
storage: { analyse_every_ms: 1000 }`,
);
let browser: Browser;

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
  }
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
  const arms = await page.getByRole('region', { name: 'Arms' }).textContent();
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

it.each([
  ['/experiments', LAPTOP, 'light'],
  ['/experiments', PHONE, 'dark'],
  ['/experiments/cheaper-start', LAPTOP, 'dark'],
  ['/experiments/cheaper-start', PHONE, 'light'],
] as const)('are accessible and fit: %s at %o, %s', async (path, viewport, colorScheme) => {
  const page = await openPage(browser, host, path, { viewport, colorScheme });
  await page.getByRole('table').first().waitFor();
  expect(await violations(page)).toEqual([]);
  const overflow = await page.evaluate(
    () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
  );
  expect(overflow).toBe(0);
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
    expect(await alert.textContent()).toContain('Known: cheaper-start, older');
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
