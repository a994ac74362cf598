import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import axe from 'axe-core';
import type { Page } from 'playwright-core';
import { expect } from 'vitest';

const pictures = fileURLToPath(new URL('../../out/page-screenshots', import.meta.url));

/** What axe-core finds against the page as it stands. */
export async function violations(page: Page): Promise<readonly string[]> {
  await page.evaluate(axe.source);
  const { violations: found } = await page.evaluate(() =>
    (globalThis as unknown as { axe: typeof axe }).axe.run(),
  );
  return found.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`);
}

export const LOOKS = [
  [1366, 768, 'light'],
  [1366, 768, 'dark'],
  [390, 844, 'light'],
  [390, 844, 'dark'],
] as const;

/**
 * The page as it stands in every width and colour: accessible, no wider than the screen, its status and kill switch in view; a picture of
 * each is kept in out/page-screenshots, for people to look at.
 */
export async function inspect(page: Page, name: string): Promise<void> {
  mkdirSync(pictures, { recursive: true });
  for (const [width, height, colorScheme] of LOOKS) {
    const look = `${name}-${width}x${height}-${colorScheme}`;
    await page.setViewportSize({ width, height });
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await page.evaluate(() => new Promise(requestAnimationFrame));
    await page.screenshot({ path: join(pictures, `${look}.png`) });
    expect(await violations(page), look).toEqual([]);
    const overflow = await page.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    );
    expect(overflow, look).toBe(0);
    for (const part of ['.status-bar', '.kill-switch']) {
      const box = await page.locator(part).boundingBox();
      expect(box && box.y >= 0 && box.y + box.height <= height / 3, `${look} ${part}`).toBe(true);
    }
  }
  await page.setViewportSize({ width: LOOKS[0][0], height: LOOKS[0][1] });
}
