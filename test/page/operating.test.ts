import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import type { HostStatus } from '../../src/http/api.js';
import { CLASSICAL, HostProcess } from '../support/host-process.js';
import { PATIENT_CLIENT, PhantomCase } from '../support/rtmodel.js';
import { confirm, launchBrowser, openPage } from './browser.js';

const phantom = new PhantomCase();
const host = new HostProcess(CLASSICAL);
let browser: Browser;
let generation = 0;

async function status(): Promise<HostStatus> {
  const response = await fetch(`http://${host.httpAddress}/api/status`);
  return (await response.json()) as HostStatus;
}

const advised = () => [`--advisor=${host.address}`, ...PATIENT_CLIENT];
const role = (page: Page, name: string) =>
  page
    .getByRole('region', { name: 'Roles', exact: true })
    .getByRole('row')
    .filter({ hasText: name });

/** Opens the dialog of a role and chooses a plugin; empty: off. */
async function choosePlugin(page: Page, name: string, plugin: string) {
  await page.getByRole('button', { name: `Change… ${name}` }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Plugin').selectOption(plugin);
  return dialog;
}
const inForce = (page: Page, number: number) =>
  page.locator('.generation .value').getByText(String(number), { exact: true }).waitFor();

beforeAll(async () => {
  [browser] = await Promise.all([launchBrowser(), phantom.create(), host.start()]);
});
beforeEach(async () => {
  ({ generation } = await status());
});
afterAll(async () => {
  await browser.close();
  phantom.dispose();
  await host.stop();
});

it('switches a role off and on again; the next plan has it off', async () => {
  const page = await openPage(browser, host, '/roles');
  await role(page, 'step-direction').getByText('lbfgs 1.0.0').first().waitFor();
  await choosePlugin(page, 'step-direction', '');
  const dialog = await confirm(page, 'Dry run');
  await dialog.getByText('"lbfgs"').waitFor();
  expect((await status()).generation).toBe(generation);

  await confirm(page, 'Switch off step-direction', 'it lags');
  // Not what the page says of the generation itself, which may be quicker.
  const said = page.getByRole('status');
  await said.filter({ hasText: `generation ${generation + 1} is in force` }).waitFor();
  await inForce(page, generation + 1);
  await role(page, 'step-direction').getByText('off', { exact: true }).first().waitFor();
  const { advice } = await phantom.optimize(advised(), 4);
  expect(advice.configuration_generation).toBe(generation + 1);
  expect(advice.bindings.find((binding) => binding.role === 'step-direction')?.plugin).toBe('');
  expect(advice.bindings.find((binding) => binding.role === 'early-stopping')?.plugin).toBe(
    'plateau',
  );

  await page.getByRole('button', { name: 'Change… step-direction' }).click();
  await confirm(page, 'Switch on step-direction');
  await role(page, 'step-direction').getByText('lbfgs 1.0.0').first().waitFor();
  expect((await status()).generation).toBe(generation + 2);
});

it('uses another plugin for a role', async () => {
  const page = await openPage(browser, host, '/roles');
  await choosePlugin(page, 'early-stopping', 'objective-floor');
  await confirm(page, 'Use objective-floor');
  await role(page, 'early-stopping').getByText('objective-floor 0.1.0').first().waitFor();
  expect((await status()).roles.find((role) => role.role === 'early-stopping')?.plugin).toBe(
    'objective-floor',
  );
});

/** Opens the dialog of a model's labels and chooses. */
async function chooseLabel(page: Page, model: string, label: string, version: string) {
  await page.getByRole('button', { name: `Labels… of ${model}`, exact: true }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Label').selectOption(label);
  await dialog.getByLabel('Version').selectOption(version);
  return dialog;
}

it('labels a version that becomes ready', async () => {
  const page = await openPage(browser, host, '/roles');
  await chooseLabel(page, 'convergence', 'canary', '3');
  await confirm(page, 'Point canary at 3');
  const row = page.getByRole('row', { name: /^convergence 3 / });
  await row.getByText('canary').waitFor();
  await row.getByText('ready').waitFor();
});

it('stops advice on open plans, says so on every page, and resumes for new ones', async () => {
  const page = await openPage(browser, host);
  const running = phantom.startLongPlan(advised());
  await page.waitForFunction(
    () => Number(document.querySelector('tr.advised .iterations')?.textContent) > 5,
  );
  const link = await page.locator('tr.advised .plan-link').first().getAttribute('href');
  // The live feed may tell the page that advice is stopped before the answer comes.
  let answer = () => {};
  const held = new Promise<void>((resolve) => {
    answer = resolve;
  });
  await page.route('**/api/advice/stop', async (route) => {
    const response = await route.fetch();
    await held;
    await route.fulfill({ response });
  });
  await page.getByRole('button', { name: 'Stop all advice' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('button', { name: 'Stop all advice' }).click();
  const banner = page.getByRole('alert');
  await banner.getByText('somebody at the page').waitFor();
  await dialog.getByRole('heading', { name: 'Stop all advice now?' }).waitFor();
  answer();
  await dialog.getByRole('heading', { name: 'Who stopped it, and why?' }).waitFor();
  await confirm(page, 'Save', 'plans look odd');
  await banner.getByText('plans look odd').waitFor();
  await dialog.waitFor({ state: 'detached' });
  expect((await status()).stop).toMatchObject({ who: 'tester', via: 'page' });
  await page.locator(`a[href='${link}']`).click();
  const roles = page.getByRole('region', { name: 'Advice' });
  await roles.getByText('disabled: stopped-by-operator').first().waitFor();
  const { advice } = await running.interrupt();
  expect(advice.status).toBe('ok');
  await page.getByRole('navigation').getByRole('link', { name: 'Health' }).click();
  await banner.getByText('plans look odd').waitFor();

  await page.getByRole('button', { name: 'Resume advice' }).click();
  await confirm(page, 'Resume advice');
  await banner.waitFor({ state: 'detached' });
  const { advice: later } = await phantom.optimize(advised(), 4);
  expect(later.roles.find((role) => role.role === 'step-direction')?.accepted).toBeGreaterThan(0);
});

it('a model that the plugin cannot use is refused in the dialog, and nothing changes', async () => {
  const page = await openPage(browser, host, '/roles');
  await choosePlugin(page, 'initialization', 'warm-start');
  await page.getByRole('dialog').getByLabel('Model').selectOption('convergence@3');
  const dialog = await confirm(page, 'Use warm-start with convergence@3');
  const alert = dialog.getByRole('alert');
  await alert.waitFor();
  expect(await alert.textContent()).toMatch(/^Nothing was changed/);
  expect(await alert.textContent()).toMatch(/convergence/);
  expect((await status()).generation).toBe(generation);
});

it('a change without a reason is not sent', async () => {
  const page = await openPage(browser, host, '/roles');
  await choosePlugin(page, 'early-stopping', '');
  const dialog = await confirm(page, 'Switch off early-stopping', '');
  await dialog.getByLabel('Why', { exact: true }).and(page.locator(':invalid')).waitFor();
  expect((await status()).generation).toBe(generation);
});

it('refuses a change that somebody else has overtaken', async () => {
  const page = await openPage(browser, host, '/roles');
  await choosePlugin(page, 'early-stopping', '');
  const other = await openPage(browser, host, '/roles');
  await choosePlugin(other, 'pyramid-sigma', '');
  await confirm(other, 'Switch off pyramid-sigma');
  await inForce(page, generation + 1);
  const dialog = await confirm(page, 'Switch off early-stopping');
  await dialog.getByRole('alert').getByText('config-conflict').waitFor();
  expect((await status()).generation).toBe(generation + 1);
});

it('shows an edit of the file, a broken one with its line, and goes back', async () => {
  const page = await openPage(browser, host, '/configuration');
  const text = page.getByRole('region', { name: /^Text of generation/ });
  const before = readFileSync(host.configFile, 'utf8');
  writeFileSync(host.configFile, `${before}envelope: { stop_patience: 3 } # patience\n`);
  await inForce(page, generation + 1);
  await text.getByText('stop_patience: 3 } # patience').waitFor();
  const newest = page.getByRole('row', { name: `Generation ${generation + 1}` });
  await newest.getByText('envelope.stop_patience').waitFor();

  writeFileSync(host.configFile, `${before}envelope: { stop_patience: none }\n`);
  await page
    .getByText(/^Line \d+: envelope\.stop_patience/)
    .first()
    .waitFor();
  expect((await status()).generation).toBe(generation + 1);
  writeFileSync(host.configFile, `${before}envelope: { stop_patience: 3 } # patience\n`);

  await page.getByLabel('From').selectOption(String(generation));
  await page.getByLabel('With').selectOption(String(generation + 1));
  const compared = page.getByRole('region', { name: 'Compare' });
  await compared.getByText('envelope.stop_patience').waitFor();
  await page
    .getByRole('button', { name: `Roll back… to generation ${generation}`, exact: true })
    .click();
  await confirm(page, `Roll back to generation ${generation}`);
  await inForce(page, generation + 2);
  await page
    .getByRole('region', { name: 'Text of generation' })
    .getByText('stop_patience')
    .waitFor({
      state: 'detached',
    });
  expect(readFileSync(host.configFile, 'utf8')).toBe(before);
});

it('reads the file again when asked, says when nothing differs, and undoes the last change', async () => {
  const page = await openPage(browser, host, '/configuration');
  await page.getByRole('button', { name: 'Read the file again…' }).click();
  await confirm(page, 'Read the file again');
  await page.getByText(`nothing differs, generation ${generation} stays`).waitFor();
  const before = readFileSync(host.configFile, 'utf8');
  await page.getByRole('navigation').getByRole('link', { name: 'Roles' }).click();
  await choosePlugin(page, 'adaptive-variance', '');
  await confirm(page, 'Switch off adaptive-variance');
  await inForce(page, generation + 1);
  expect(readFileSync(host.configFile, 'utf8')).not.toBe(before);
  await page.getByRole('navigation').getByRole('link', { name: 'Configuration' }).click();
  await page.getByRole('button', { name: 'Undo the last change…' }).click();
  await confirm(page, 'Undo the last change');
  await inForce(page, generation + 2);
  expect(readFileSync(host.configFile, 'utf8')).toBe(before);
  const earlier = page.getByRole('row', { name: `Generation ${generation + 1}` });
  await earlier.getByRole('button', { name: /^Text/ }).click();
  await page.getByRole('heading', { name: `Text of generation ${generation + 1}` }).waitFor();
  await page
    .getByRole('region', { name: /^Text of/ })
    .getByText('adaptive-variance: {')
    .waitFor();
});

it('asks for the token where the host has one, and labels no version that is not sound', async () => {
  const faulty = fileURLToPath(new URL('../fixtures/faulty-models', import.meta.url));
  const guarded = new HostProcess(CLASSICAL, `models: { directory: '${faulty}' }`, {
    DH_ADVISOR_OPERATOR_TOKEN: 'sesame',
  });
  await guarded.start();
  try {
    const page = await openPage(browser, guarded, '/roles');
    await choosePlugin(page, 'early-stopping', '');
    const token = page.getByRole('dialog').getByLabel('Operator token');
    await token.fill('wrong');
    const dialog = await confirm(page, 'Switch off early-stopping');
    await dialog.getByRole('alert').getByText('operator-token').waitFor();
    await token.fill('sesame');
    await confirm(page, 'Switch off early-stopping');
    await inForce(page, 2);
    await chooseLabel(page, 'nan', 'stable', '1');
    const row = page.getByRole('row', { name: /^nan 1 / });
    const refused = await confirm(page, 'Point stable at 1');
    await refused
      .getByRole('alert')
      .getByText(/not finite/)
      .waitFor();
    await page.keyboard.press('Escape');
    await row.getByText('refused').waitFor();
    await inForce(page, 2);
    await page.close();
  } finally {
    await guarded.stop();
  }
});
