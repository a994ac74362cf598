import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { CLASSICAL, HostProcess } from '../support/host-process.js';
import { PATIENT_CLIENT, PhantomCase } from '../support/rtmodel.js';
import { launchBrowser, openPage } from './browser.js';
import { violations } from './inspect.js';

const phantom = new PhantomCase();
const host = new HostProcess(CLASSICAL);
let browser: Browser;

beforeAll(async () => {
  [browser] = await Promise.all([launchBrowser(), phantom.create(), host.start()]);
});
afterAll(async () => {
  await browser.close();
  phantom.dispose();
  await host.stop();
});

const advised = () => [`--advisor=${host.address}`, ...PATIENT_CLIENT];

/** Iterations that the page shows of its first plan. */
async function shownIterations(page: Page): Promise<number> {
  return Number(await page.locator('.iterations').first().textContent());
}

it('follows a plan while it runs, and shows how it ended', async () => {
  const page = await openPage(browser, host);
  await page.getByText('No plan is open').waitFor();
  const plan = phantom.startLongPlan([...advised(), '--no-safeguard', '--no-polish']);
  await page.getByText('1 open', { exact: true }).waitFor();
  await page.waitForFunction(() => Number(document.querySelector('.iterations')?.textContent) > 5);
  const early = await shownIterations(page);
  // A long curve is thinned, so it is its end that moves on.
  const until = () => page.locator('[data-until]').first().getAttribute('data-until').then(Number);
  const earlyUntil = await until();
  await page.waitForFunction(
    (before) => Number(document.querySelector('.iterations')?.textContent) > before + 5,
    early,
  );
  expect(await until()).toBeGreaterThan(earlyUntil);
  expect(await page.locator('.spark path').first().getAttribute('d')).toMatch(/^M.*L/);

  // The plan's own page, while it runs.
  await page.locator('.plan-link').first().click();
  await page.getByRole('heading', { name: 'Convergence' }).waitFor();
  expect(await page.locator('.curve canvas').count()).toBe(1);
  const label = await page.locator('.curve').first().getAttribute('aria-label');
  expect(label).toMatch(/^Objective \S+ after \d+ iterations/);
  const stages = page.getByRole('region', { name: 'Stages' });
  await stages.getByRole('row').nth(1).waitFor();

  const result = await plan.interrupt();
  const ending = page.getByRole('region', { name: 'Dose metrics' });
  await ending.getByRole('row').nth(1).waitFor();
  expect(await ending.textContent()).toMatch(/D95, Gy.*PTV/);
  const body = await page.locator('main').textContent();
  expect(body).toContain(result.advice.session_id);
  expect(body).toContain('ended by');
  expect(body).not.toContain('c-shape');
  await page.getByText(/^Log of \d+ entries$/).click();
  const log = page.getByRole('region', { name: 'Log' });
  expect(await log.textContent()).toContain('pyramid-sigma');
});

it("is accessible with a plan's page and a dialog open", async () => {
  await phantom.optimize(advised(), 4);
  const page = await openPage(browser, host);
  await page.locator('.plan-link').first().click();
  await page.getByRole('region', { name: 'Dose metrics' }).waitFor();
  expect(await violations(page)).toEqual([]);
  await page.getByRole('button', { name: 'Stop all advice' }).click();
  await page.getByRole('dialog').waitFor();
  expect(await violations(page)).toEqual([]);
});

it('is used by keyboard: the dialog takes the focus, Escape gives it back', async () => {
  const page = await openPage(browser, host);
  const button = page.getByRole('button', { name: 'Stop all advice' });
  await button.focus();
  await page.keyboard.press('Enter');
  await page.getByRole('dialog').waitFor();
  expect(await page.evaluate(() => document.activeElement?.closest('dialog') !== null)).toBe(true);
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  expect(await button.evaluate((element) => element === document.activeElement)).toBe(true);
  // A new page begins at its content.
  await page.getByRole('link', { name: 'Health' }).focus();
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'Health' }).waitFor();
  // It follows once the new page is drawn.
  await page.locator('main:focus').waitFor();
});
