// What an operator does for each of six questions who knows the page: on today's, and on the first one (the commit before e7286ec).
// Scrolling is a key a screen; typing is a key a letter. An answer counts when it is within the screen, not below it.

import type { Locator, Page } from 'playwright-core';

export class Operator {
  clicks = 0;
  keys = 0;
  pages = 1;
  readonly page: Page;

  constructor(page: Page) {
    this.page = page;
  }

  async click(locator: Locator): Promise<void> {
    await this.bringIntoView(locator);
    await locator.click();
    this.clicks += 1;
  }

  /** To another page of the page. */
  async go(name: string): Promise<void> {
    await this.click(this.page.getByRole('navigation').getByRole('link', { name }));
    this.pages += 1;
  }

  async press(key: string): Promise<void> {
    await this.page.keyboard.press(key);
    this.keys += 1;
  }

  async type(locator: Locator, text: string): Promise<void> {
    await locator.fill(text);
    this.keys += text.length;
  }

  /** Scrolls a screen at a time until it is there to be read. */
  async bringIntoView(locator: Locator): Promise<void> {
    await locator.waitFor();
    for (;;) {
      const height = this.page.viewportSize()?.height ?? 0;
      const box = await locator.boundingBox();
      if (box !== null && box.y >= 0 && box.y + Math.min(box.height, 20) <= height) return;
      const before = await this.page.evaluate(() => scrollY);
      await this.press('PageDown');
      // A browser scrolls smoothly.
      await this.page.waitForFunction((from) => scrollY > from, before);
    }
  }

  /** The answer is on the screen. */
  async reads(locator: Locator): Promise<true> {
    await this.bringIntoView(locator);
    return true;
  }
}

/** Sessions that questions are about. */
export interface AskedSessions {
  readonly stuck: string;
  readonly refused: string;
}

/** Whether the page told the answer. */
type Answer = (operator: Operator, asked: AskedSessions) => boolean | Promise<boolean>;
type Answers = Readonly<Record<string, Answer>>;

const shortId = (session: string) => session.slice(0, 8);

const readHistory: Answer = async (operator) => {
  await operator.go('Configuration');
  return operator.reads(operator.page.getByText('it lags'));
};

const readExperiment: Answer = async (operator) => {
  await operator.go('Experiments');
  await operator.click(operator.page.getByRole('link', { name: 'warm-start-2' }));
  operator.pages += 1;
  return operator.reads(operator.page.getByText(/new is better than control/).first());
};

export const NOW: Answers = {
  'is advice on?': (operator) =>
    operator.reads(operator.page.getByRole('link', { name: /^Advice (On|Partly off)/ })),
  'which plan is stuck?': (operator) =>
    operator.reads(
      operator.page.getByRole('row').filter({ hasText: 'lung 4' }).locator('td .silent'),
    ),
  'why was advice refused?': (operator) =>
    operator.reads(
      operator.page
        .getByRole('row')
        .filter({ hasText: 'brain 1' })
        .locator('td .why', { hasText: /No advice so far/ }),
    ),
  'what changed today?': readHistory,
  'is version 2 better?': readExperiment,
  'stop everything': async (operator) => {
    const { page } = operator;
    await operator.click(page.getByRole('button', { name: 'Stop all advice' }));
    await page.getByRole('dialog').waitFor();
    await operator.press('Enter');
    return operator.reads(page.getByText('All advice is stopped'));
  },
};

export const FIRST: Answers = {
  // Nothing says so but the roles that are well.
  'is advice on?': async (operator) => {
    await operator.go('Roles and models');
    return operator.reads(operator.page.locator('main .badge.ok').first());
  },
  // A plan that stands still looks like any other; somebody who watches its figures for long enough may tell.
  'which plan is stuck?': () => false,
  'why was advice refused?': async (operator, { refused }) => {
    const { page } = operator;
    await operator.click(page.getByRole('link', { name: shortId(refused), exact: true }));
    operator.pages += 1;
    return operator.reads(page.getByText(/timeout: late/).first());
  },
  'what changed today?': readHistory,
  'is version 2 better?': readExperiment,
  'stop everything': async (operator) => {
    const { page } = operator;
    await operator.click(page.getByRole('button', { name: 'Stop all advice' }));
    const dialog = page.getByRole('dialog');
    await operator.type(dialog.getByLabel('Who you are'), 'ann');
    await operator.type(dialog.getByLabel('Why', { exact: true }), 'plans look odd');
    await operator.click(dialog.getByRole('button', { name: 'Stop all advice' }));
    return operator.reads(page.getByText('All advice is stopped'));
  },
};
