// Every state of plans and of the host, as an operator sees it: with the real optimizer, and scripted where a state lasts a moment only.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { PlanClient } from '../contract/stream/testing/plan-client.js';
import { CLASSICAL, HostProcess } from '../support/host-process.js';
import { PATIENT_CLIENT, PhantomCase } from '../support/rtmodel.js';
import { scriptedPlan, wholeFinish } from '../support/scripted-plans.js';
import { launchBrowser, openPage } from './browser.js';
import { inspect } from './inspect.js';

const recordings = mkdtempSync(join(tmpdir(), 'dh-advisor-recordings-'));
const phantom = new PhantomCase();
// Stops are advised, with a forecast, and do not pass: a plan must last as long as it is looked at.
const host = new HostProcess(
  CLASSICAL,
  `recording: { enabled: true, directory: '${recordings}' }
envelope: { stop_minimum_iterations: 1000000 }`,
);
const clients: PlanClient[] = [];
let browser: Browser;
let running: ReturnType<PhantomCase['startLongPlan']>;

/** The real optimizer, for as long as it is looked at. */
function startOptimizer(): void {
  const stages = ['--stages=2:8:20', '--stages=1:5:20', '--stages=0:2.5:100000:1e-16'];
  running = phantom.startLongPlan([
    `--advisor=${host.address}`,
    ...PATIENT_CLIENT,
    ...stages,
    '--advice-label=c-shape, running',
    '--no-safeguard',
    '--no-polish',
  ]);
}

const state = (page: Page, name: string) =>
  page.getByRole('row').filter({ hasText: name }).locator('td .state');

beforeAll(async () => {
  [browser] = await Promise.all([launchBrowser(), phantom.create(), host.start()]);
});
afterAll(async () => {
  for (const client of clients) client.cancel();
  await running?.interrupt();
  await browser.close();
  phantom.dispose();
  await host.stop();
  rmSync(recordings, { recursive: true });
});

async function start(name: string, more: Parameters<typeof scriptedPlan>[1] = {}) {
  const client = await scriptedPlan(host.address, { planKey: name, label: name, ...more });
  clients.push(client);
  return client;
}

it('nobody calls: says where to call', async () => {
  const page = await openPage(browser, host);
  await page.getByText(host.address).first().waitFor();
  await inspect(page, 'plans-none');
});

it('tells plans apart by label and state, advised or not and why', async () => {
  startOptimizer();
  await start('prostate 3');
  await start('brain 1', { adviceMode: 'ADVICE_MODE_SHADOW' });
  await start('lung 9, no roles', { accepts: [] });
  const lost = await start('pelvis 4, network down');
  lost.cancel();
  const ended = await start('head and neck 12', { mayRecord: true, quality: 'QUALITY_STRICT' });
  await ended.ask({ finish: wholeFinish });

  const page = await openPage(browser, host);
  await state(page, 'rtmodel').getByText('advised').waitFor();
  await state(page, 'brain 1').getByText('shadow').waitFor();
  await state(page, 'lung 9').getByText('No role that it can use is on.').waitFor();
  await state(page, 'pelvis 4').getByText('resuming').waitFor();
  await state(page, 'head and neck 12').getByText('ended').waitFor();
  const bar = page.getByRole('region', { name: 'Status' });
  await bar.getByText('2 advised').waitFor();
  await bar.getByText('1 without, 1 shadow, 1 resuming').waitFor();
  await page.waitForFunction(() =>
    [...document.querySelectorAll('tr.advised .iterations')].some(
      ({ textContent }) => Number(textContent) > 60,
    ),
  );
  await inspect(page, 'plans-list');
  for (const view of ['overview', 'cards']) {
    await page.getByRole('button', { name: view }).click();
    await inspect(page, `plans-${view}`);
  }
});

it('finds a plan by search, state and keyboard alone', async () => {
  const page = await openPage(browser, host);
  await page.keyboard.press('/');
  await page.keyboard.type('neck');
  await page.getByRole('row').filter({ hasText: 'prostate' }).waitFor({ state: 'detached' });
  expect(await page.locator('.plan-link').count()).toBe(1);
  await page.keyboard.press('Tab');
  await page.locator('body').press('Escape');
  await page.getByLabel('Search plans').fill('');
  await page.getByLabel('State').selectOption('shadow');
  await page.getByRole('row').filter({ hasText: 'brain' }).waitFor();
  expect(await page.locator('.plan-link').count()).toBe(1);
  await page.getByLabel('State').selectOption('all');
  await page.getByRole('button', { name: 'State' }).click();
  await page.locator('.plan-link').first().focus();
  await page.keyboard.press('j');
  await page.keyboard.press('ArrowUp');
  const first = await page.locator('.plan-link').first().textContent();
  expect(await page.evaluate(() => document.activeElement?.textContent)).toBe(first);
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'Convergence' }).waitFor();
  expect(await page.evaluate(() => scrollY)).toBe(0);
});

it('a plan while it runs: curve, stages in words, forecast', async () => {
  await running.interrupt();
  startOptimizer();
  const page = await openPage(browser, host);
  const row = page.locator('tr.advised').filter({ hasText: 'rtmodel' });
  await row.locator('.plan-link').click();
  const stages = page.getByRole('region', { name: 'Stages' });
  await stages
    .getByText(/sigma .* Gy/)
    .first()
    .waitFor();
  await inspect(page, 'plan-running');
});

it('a plan that has ended: its dose beside the plan without advice, provenance, report', async () => {
  const page = await openPage(browser, host);
  await page.getByRole('link', { name: 'head and neck 12' }).click();
  await page
    .getByRole('img', { name: /^Dose-volume histograms.*with and without advice/ })
    .waitFor();
  const dose = page.getByRole('region', { name: 'Dose metrics' });
  expect(await dose.textContent()).toContain('67.1 66.2');
  const axial = page.getByRole('img', { name: /^Dose in the axial plane/ });
  await page.waitForFunction(() =>
    [...document.querySelectorAll('img')].every((image) => image.naturalWidth === 96),
  );
  expect(await axial.count()).toBe(1);
  await page.getByText(`dh-advisor trajectory show ${recordings}`).waitFor();
  const saving = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Save report' }).click();
  expect((await saving).suggestedFilename()).toMatch(/^plan-.*\.html$/);
  await inspect(page, 'plan-ended');
});

it('a plan of the real optimizer, with its dose beside the plan that it made without advice', async () => {
  const more = ['--quality=strict', '--solver=lbfgs', '--advice-label=c-shape, strict'];
  await phantom.optimize([`--advisor=${host.address}`, ...PATIENT_CLIENT, ...more], 20);
  const page = await openPage(browser, host);
  await page.getByRole('link', { name: 'c-shape, strict' }).click();
  await page.getByRole('img', { name: /^Dose-volume histograms of 5 structures/ }).waitFor();
  await page.waitForFunction(() =>
    [...document.querySelectorAll('img')].every((image) => image.naturalWidth > 1),
  );
  await page.getByText('lbfgs, strict').waitFor();
  await inspect(page, 'plan-strict');
  await page.locator('.slices').scrollIntoViewIfNeeded();
  await inspect(page, 'plan-strict-dose');
});

it('the kill switch: one press and a confirm, then who and why; everything says so', async () => {
  await running.interrupt();
  startOptimizer();
  const page = await openPage(browser, host);
  await state(page, 'rtmodel').getByText('advised').waitFor();
  await page.mouse.wheel(0, 400);
  await page.getByRole('button', { name: 'Stop all advice' }).click();
  await page.getByRole('heading', { name: 'Stop all advice now?' }).waitFor();
  await inspect(page, 'stop-confirm');
  // The button of the dialog has the focus: pressed twice, advice is stopped.
  await page.keyboard.press('Enter');
  const dialog = page.getByRole('dialog');
  await dialog.getByText('Who stopped it, and why?').waitFor();
  await page.getByRole('alert').getByText('not said yet').waitFor();
  await inspect(page, 'stop-explain');
  await dialog.getByLabel('Who you are').fill('night shift');
  await dialog.getByLabel('Why', { exact: true }).fill('plans look odd');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await page.getByRole('alert').getByText('night shift: plans look odd').waitFor();
  const bar = page.getByRole('region', { name: 'Status' });
  await bar.getByRole('link', { name: /^Advice Stopped/ }).waitFor();
  await bar.getByText('6 stopped').waitFor();
  await state(page, 'rtmodel').getByText('stopped').first().waitFor();
  await inspect(page, 'stopped');
  await page.locator('tr.stopped .plan-link').filter({ hasText: 'c-shape' }).click();
  await page.getByText('disabled: stopped-by-operator').first().waitFor();
  await inspect(page, 'plan-stopped');
  await page.getByText(/^Log of \d+ entries$/).click();
  await page.getByRole('region', { name: 'Log' }).scrollIntoViewIfNeeded();
  await inspect(page, 'plan-log');
  await page.goBack();
  await page.getByRole('button', { name: 'Resume advice' }).click();
  const resume = page.getByRole('dialog');
  await resume.getByLabel('Who you are').fill('night shift');
  await resume.getByLabel('Why', { exact: true }).fill('it was the phantom');
  await resume.getByRole('button', { name: 'Resume advice' }).click();
  await bar.getByText('6 ok').waitFor();
  // Open plans stay without advice to their end.
  await state(page, 'rtmodel').getByText('stopped').first().waitFor();
});

it.each(['/roles', '/experiments', '/configuration'])('%s', async (path) => {
  const page = await openPage(browser, host, path);
  await page.locator('main h1').waitFor();
  await inspect(page, path.slice(1));
});

it('/health: the last hour, each series with its scale', async () => {
  const page = await openPage(browser, host, '/health');
  const questions = page.getByRole('img', { name: /^Questions to roles over the last hour/ });
  await questions.waitFor();
  expect(await page.locator('figure .curve canvas').count()).toBe(5);
  await inspect(page, 'health');
});

it('the host is gone: the clock stops, what is stale steps back, and it comes back by itself', async () => {
  const page = await openPage(browser, host);
  await host.crash();
  const bar = page.getByRole('region', { name: 'Status' });
  await bar.getByText(/^Host gone since/).waitFor();
  const elapsed = () => page.locator('tr.stopped td').nth(8).textContent();
  const before = await elapsed();
  await page.locator('main.lost').waitFor();
  await inspect(page, 'host-gone');
  expect(await elapsed()).toBe(before);
  await host.start();
  await bar.getByText('The host was restarted').waitFor();
});
