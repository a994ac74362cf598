// Roles that are off, late or failing, changes of them, and the configuration's history: as an operator sees them.
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { PlanClient } from '../contract/stream/testing/plan-client.js';
import { HostProcess } from '../support/host-process.js';
import { scriptedPlan } from '../support/scripted-plans.js';
import { confirm, launchBrowser, openPage } from './browser.js';
import { inspect } from './inspect.js';

const adversaries = fileURLToPath(new URL('../fixtures/adversaries', import.meta.url));
/** One role answers after its deadline, one throws, one is off. No breaker takes them away before they are seen. */
const ROLES = `  initialization: { plugin: uniform, deadline_ms: 10000 }
  histogram-sigma: { plugin: adversary-histogram-sigma, settings: { how: throws }, deadline_ms: 10000 }
  adaptive-variance: { plugin: level-default, deadline_ms: 10000 }
  early-stopping: { plugin: adversary-early-stopping, settings: { how: late }, deadline_ms: 20 }
`;
const host = new HostProcess(
  ROLES,
  'breaker: { plan_failures: 100000, host_failures: 100000 }',
  {},
  '',
  '',
  `{ directories: ['${adversaries}'], isolation: { default: inline } }`,
);
const clients: PlanClient[] = [];
let browser: Browser;

beforeAll(async () => {
  [browser] = await Promise.all([launchBrowser(), host.start()]);
});
afterAll(async () => {
  for (const client of clients) client.cancel();
  await browser.close();
  await host.stop();
});

const signs = (page: Page) => page.getByRole('region', { name: 'Status' });

it('partly off, late and failing are not ok, in the bar and in the table, each with its reason', async () => {
  clients.push(await scriptedPlan(host.address, { label: 'larynx 2' }, 2));
  clients.push(
    await scriptedPlan(
      host.address,
      { label: 'oesophagus 7', accepts: ['ROLE_EARLY_STOPPING'] },
      2,
    ),
  );
  const page = await openPage(browser, host);
  const row = page.getByRole('row').filter({ hasText: 'oesophagus 7' });
  await row
    .locator('td .state.unadvised')
    .getByText(/No advice so far/)
    .waitFor();
  await signs(page)
    .getByRole('link', { name: /^Advice Partly off/ })
    .waitFor();
  await signs(page)
    .getByRole('link', { name: /^Roles 1 failing, 1 late/ })
    .waitFor();
  await inspect(page, 'plans-troubled');
  await page.getByRole('navigation').getByRole('link', { name: 'Roles' }).click();
  const roles = page.getByRole('region', { name: 'Roles', exact: true });
  const late = roles.getByRole('row').filter({ hasText: 'early-stopping' });
  await late.getByText(/of the last 5 minutes' answers missed 20 ms/).waitFor();
  const failing = roles.getByRole('row').filter({ hasText: 'histogram-sigma' });
  await failing.getByText(/of the last 5 minutes' answers failed/).waitFor();
  await inspect(page, 'roles-troubled');
  await page
    .getByText(/trained on 165 cases/)
    .first()
    .waitFor();
  await page.getByRole('region', { name: 'Models', exact: true }).scrollIntoViewIfNeeded();
  await inspect(page, 'roles-models');
});

it('a change of a role: what it would do, and why it is refused', async () => {
  const page = await openPage(browser, host, '/roles');
  await page.getByRole('button', { name: 'Change… step-direction' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Plugin').selectOption('lbfgs');
  await confirm(page, 'Dry run');
  await dialog.getByText('It would change').waitFor();
  await inspect(page, 'role-change');
  await confirm(page, 'Use lbfgs', 'directions wanted');
  await dialog.waitFor({ state: 'detached' });
  await page.getByRole('button', { name: 'Change… initialization' }).click();
  await dialog.getByLabel('Plugin').selectOption('warm-start');
  await dialog.getByLabel('Model').selectOption('convergence@3');
  await confirm(page, 'Use warm-start with convergence@3');
  await dialog
    .getByRole('alert')
    .getByText(/^Nothing was changed/)
    .waitFor();
  await inspect(page, 'role-change-refused');
});

it('history first, any two generations compared, what was refused in one sentence', async () => {
  const before = readFileSync(host.configFile, 'utf8');
  const page = await openPage(browser, host, '/configuration');
  writeFileSync(host.configFile, `${before}envelope: { stop_patience: none }\n`);
  const refused = page.getByText(/^Line \d+: envelope\.stop_patience/);
  await refused.first().waitFor();
  writeFileSync(host.configFile, before);
  await page.getByLabel('From').selectOption('1');
  await page.getByLabel('With').selectOption('2');
  const compared = page.getByRole('region', { name: 'Compare' });
  await compared.getByText('roles.step-direction').first().waitFor();
  await inspect(page, 'configuration-history');
  await refused.first().scrollIntoViewIfNeeded();
  await inspect(page, 'configuration-refused');
});

it('all roles off: says so where one looks, and that no plan would be advised', async () => {
  const off = new HostProcess('  initialization: { plugin: off }\n');
  await off.start();
  try {
    const page = await openPage(browser, off);
    await page.getByText('All roles are off').waitFor();
    await signs(page)
      .getByRole('link', { name: /^Advice Off 0 of 6 roles on/ })
      .waitFor();
    await inspect(page, 'plans-none-off');
    expect(await page.getByText(off.address).count()).toBeGreaterThan(0);
    await page.close();
  } finally {
    await off.stop();
  }
});
