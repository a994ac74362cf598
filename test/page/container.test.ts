import { readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { it } from 'vitest';
import { HostProcess } from '../support/host-process.js';
import { confirm, launchBrowser, openPage } from './browser.js';

it('stops advice in the configuration of the shipped container, with its token, in one press and a confirm', async () => {
  const shipped = new HostProcess('', '', { DH_ADVISOR_OPERATOR_TOKEN: 'sesame' });
  const file = fileURLToPath(new URL('../../deploy/host.container.yaml', import.meta.url));
  writeFileSync(
    shipped.configFile,
    readFileSync(file, 'utf8')
      .replaceAll(/:(50151|50152|9464)$/gm, ':0')
      // The volume of the container: what a run leaves there must not be what the next one finds.
      .replaceAll('/var/lib/dh-advisor', dirname(shipped.configFile)),
  );
  await shipped.start();
  const browser = await launchBrowser();
  try {
    const page = await openPage(browser, shipped);
    await page.getByRole('button', { name: 'Stop all advice' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Operator token').fill('wrong');
    await dialog.getByRole('button', { name: 'Stop all advice' }).click();
    await dialog.getByRole('alert').getByText('operator-token').waitFor();
    await dialog.getByLabel('Operator token').fill('sesame');
    await dialog.getByRole('button', { name: 'Stop all advice' }).click();
    await page.getByRole('alert').getByText('All advice is stopped').waitFor();
    // The token is known now: who and why need no other.
    await confirm(page, 'Save', 'a test of the container');
    await page.getByRole('alert').getByText('tester: a test of the container').waitFor();
    await page.close();
  } finally {
    await browser.close();
    await shipped.stop();
  }
});
