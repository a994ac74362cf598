// As many plans as a department has at once, all of them live.
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
// Compiled, for it starts a process of its own.
import { PacedPlans } from '../../dist/bench/lib/paced-plans.js';
import { HostProcess } from '../support/host-process.js';
import { LAPTOP, launchBrowser, openPage } from './browser.js';
import { inspect } from './inspect.js';

const PLANS = 64;
const host = new HostProcess(
  '  early-stopping: { plugin: plateau, deadline_ms: 10000 }\n',
  '',
  {},
  'max_sessions: 128, max_sessions_per_client: 128',
);
let browser: Browser;
let plans: PacedPlans;

beforeAll(async () => {
  [browser] = await Promise.all([launchBrowser(), host.start()]);
  const { address } = host;
  plans = new PacedPlans({
    address,
    plans: PLANS,
    iterations: 1_000_000,
    periodMs: 1000,
    kind: 'small',
  });
  await plans.open;
});
afterAll(async () => {
  await plans.end();
  await browser.close();
  await host.stop();
});

it('are on one screen, go on, and are found', async () => {
  const page = await openPage(browser, host);
  const shown = page.locator('[data-plan]');
  await shown.nth(PLANS - 1).waitFor();
  expect(await shown.count()).toBe(PLANS);
  const box = await shown.nth(PLANS - 1).boundingBox();
  expect((box?.y ?? Infinity) + (box?.height ?? 0)).toBeLessThanOrEqual(LAPTOP.height);
  await page.waitForFunction(() =>
    [...document.querySelectorAll('.iterations')].every(
      ({ textContent }) => Number(textContent) > 8,
    ),
  );
  await inspect(page, 'plans-64');
  await page.getByRole('button', { name: 'list' }).click();
  await inspect(page, 'plans-64-list');
  await page.getByLabel('Search plans').fill('nothing like it');
  await page.getByText('No plan matches.').waitFor();
  await inspect(page, 'plans-64-no-match');
});
