// A host that asks who looks (`access.reads: viewer`): what a browser without a certificate sees, and how somebody signs in.
import { writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { PlanClient } from '../contract/stream/testing/plan-client.js';
import { HostProcess } from '../support/host-process.js';
import { scriptedPlan, wholeFinish } from '../support/scripted-plans.js';
import { confirm, launchBrowser, openPage } from './browser.js';
import { inspect } from './inspect.js';

const tokenOf = (role: string) => `a-secret-token-of-the-${role}`;
const host = new HostProcess('');
let browser: Browser;
let ended: PlanClient;

beforeAll(async () => {
  const folder = dirname(host.configFile);
  const tokens = ['viewer', 'operator', 'optimizer'].map((role) => {
    const file = join(folder, `${role}.token`);
    writeFileSync(file, tokenOf(role), { mode: 0o600 });
    return `{ name: '${role}s', file: '${file}', roles: [${role}] }`;
  });
  writeFileSync(
    host.configFile,
    `version: 1
server: { address: '127.0.0.1:0', drain_ms: 500 }
operator: { address: '127.0.0.1:0', tokens: [${tokens.join(', ')}] }
http: { address: '127.0.0.1:0' }
access: { reads: viewer }
roles: { initialization: { plugin: uniform, deadline_ms: 10000 } }
`,
  );
  [browser] = await Promise.all([launchBrowser(), host.start()]);
  ended = await scriptedPlan(host.address, { label: 'head and neck 12' });
  await ended.ask({ finish: wholeFinish });
});
afterAll(async () => {
  ended.cancel();
  await browser.close();
  await host.stop();
});

const openDenied = (path?: string) =>
  openPage(browser, host, path, { connection: 'Not signed in' });

async function signIn(page: Page, role: string): Promise<void> {
  await page.getByLabel('Token').fill(tokenOf(role));
  await page.getByRole('button', { name: 'Sign in' }).click();
}

it('says plainly that it may not look, and shows nothing else', async () => {
  const page = await openDenied();
  await page.getByRole('heading', { name: 'Sign in to look' }).waitFor();
  const main = await page.locator('main').textContent();
  expect(main).toContain('access.reads: viewer');
  expect(await page.locator('body').textContent()).not.toContain('head and neck');
  await inspect(page, 'sign-in');
});

it('refuses a token that the host does not know, and one that may not look', async () => {
  const page = await openDenied();
  await signIn(page, 'stranger');
  await page.getByRole('alert').getByText('The host does not know this token.').waitFor();
  await signIn(page, 'optimizer');
  await page.getByRole('alert').getByText('This token does not have the role viewer.').waitFor();
  await inspect(page, 'sign-in-refused');
});

it('a viewer signs in and sees all, pictures and reports included; nothing of the token is kept', async () => {
  const page = await openDenied();
  await signIn(page, 'viewer');
  await page.getByRole('region', { name: 'Status' }).getByText('Live').waitFor();
  await page.getByRole('link', { name: 'head and neck 12' }).click();
  await page.waitForFunction(() => {
    const images = [...document.querySelectorAll('img')];
    return images.length === 3 && images.every((image) => image.naturalWidth === 96);
  });
  const saving = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Save report' }).click();
  expect((await saving).suggestedFilename()).toMatch(/^plan-.*\.html$/);
  await inspect(page, 'plan-of-viewer');
  expect(await page.context().cookies()).toEqual([]);
  const kept = await page.evaluate(() => JSON.stringify([localStorage, sessionStorage, location]));
  expect(kept).not.toContain(tokenOf('viewer'));

  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.getByRole('heading', { name: 'Sign in to look' }).waitFor();
  expect(await page.locator('body').textContent()).not.toContain('head and neck');
  await signIn(page, 'viewer');
  await page.getByRole('heading', { name: 'Convergence' }).waitFor();
  await page.reload();
  await page.getByRole('heading', { name: 'Sign in to look' }).waitFor();
});

it("somebody who is not signed in stops advice with an operator's token, and sees what he has done", async () => {
  const page = await openDenied();
  await page.getByRole('button', { name: 'Stop all advice' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Operator token').fill(tokenOf('operator'));
  await dialog.getByRole('button', { name: 'Stop all advice' }).click();
  await dialog.getByText('Who stopped it, and why?').waitFor();
  await confirm(page, 'Save', 'a test without a look');
  await page.getByRole('alert').getByText('a test without a look').waitFor();
  await page.getByRole('link', { name: 'head and neck 12' }).waitFor();
});

it('a viewer changes nothing without the token of an operator, and goes on looking with his own', async () => {
  const page = await openDenied();
  await signIn(page, 'viewer');
  await page.getByRole('button', { name: 'Resume advice' }).click();
  const dialog = await confirm(page, 'Resume advice');
  await dialog.getByRole('alert').getByText('access-role').waitFor();
  await dialog.getByLabel('Operator token').fill('wrong');
  await confirm(page, 'Resume advice');
  await dialog.getByRole('alert').getByText('operator-token').waitFor();
  await page.getByRole('region', { name: 'Status' }).getByText('Live').waitFor();
  await dialog.getByLabel('Operator token').fill(tokenOf('operator'));
  await confirm(page, 'Resume advice');
  await dialog.waitFor({ state: 'detached' });
  await page.getByRole('button', { name: 'Stop all advice' }).waitFor();
});
