import { existsSync } from 'node:fs';
import { type Browser, chromium, type Page } from 'playwright-core';
import { onTestFinished } from 'vitest';
import type { HostProcess } from '../support/host-process.js';

const EXECUTABLE = process.env['CHROMIUM'] ?? '/usr/bin/chromium';

/** A headless browser that talks to nobody but the host. */
export async function launchBrowser(): Promise<Browser> {
  if (!existsSync(EXECUTABLE)) throw new Error(`no ${EXECUTABLE}; run scripts/setup --tests`);
  return chromium.launch({
    executablePath: EXECUTABLE,
    args: [
      '--no-sandbox',
      '--disable-background-networking',
      '--disable-component-update',
      '--no-first-run',
    ],
  });
}

/** A browser, a host and an optimizer share the processors with other tests. */
const PATIENCE_MS = 60_000;

export const LAPTOP = { width: 1366, height: 768 };
export const PHONE = { width: 390, height: 844 };

export interface OpenOptions {
  readonly viewport?: { readonly width: number; readonly height: number };
  readonly colorScheme?: 'light' | 'dark';
  /** What the page says of the host once it has called it; `Live` unless told. */
  readonly connection?: string;
}

/** The host's page, live. What it logs as an error fails the test, as does anything the policy keeps it from doing. */
export async function openPage(
  browser: Browser,
  host: HostProcess,
  path = '/plans',
  { viewport = LAPTOP, colorScheme = 'light', connection = 'Live' }: OpenOptions = {},
): Promise<Page> {
  const page = await browser.newPage({ viewport, colorScheme, reducedMotion: 'reduce' });
  page.setDefaultTimeout(PATIENCE_MS);
  const problems: string[] = [];
  page.on('pageerror', (error) => problems.push(error.message));
  page.on('console', (message) => {
    const isExpected = /Failed to load resource|ERR_CONNECTION|ERR_INCOMPLETE/.test(message.text());
    if (message.type() === 'error' && !isExpected) problems.push(message.text());
  });
  onTestFinished(async () => {
    await page.close();
    if (problems.length > 0) throw new Error(`the page reported: ${problems.join('; ')}`);
  });
  await page.goto(`http://${host.httpAddress}/#${path}`);
  await page.getByRole('region', { name: 'Status' }).getByText(connection).waitFor();
  return page;
}

/** Fills who and why into the dialog that is open and presses its button. */
export async function confirm(page: Page, action: string, why = 'a test of the page') {
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Who you are').fill('tester');
  await dialog.getByLabel('Why', { exact: true }).fill(why);
  await dialog.getByRole('button', { name: action, exact: true }).click();
  return dialog;
}
