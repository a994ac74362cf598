// Takes the picture of the operators' page that README.md shows: a host with the committed configuration, a whole phantom planned beside
// it, and the page of that plan while it runs. npm run gen:picture; needs what scripts/setup --tests installs.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { chromium } from 'playwright-core';
import { onFreePorts } from '../../dist/bench/lib/free-ports.js';
import { startHost } from '../../dist/bench/lib/servers.js';
import { RTMODEL } from '../plan-arms.mjs';

const PICTURE = 'docs/page.png';
/** Late enough for a curve, long before the plan ends. */
const ITERATIONS = 60;

const folder = mkdtempSync(join(tmpdir(), 'dh-advisor-picture-'));
const casePath = join(folder, 'case');
let host;
let browser;
let plan;
try {
  await execa(RTMODEL, ['phantom', '--kind=head-neck', '--seed=1', casePath]);
  host = await startHost(onFreePorts('config/host.yaml', folder));
  browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-background-networking'],
  });
  const page = await browser.newPage({
    viewport: { width: 1366, height: 768 },
    reducedMotion: 'reduce',
  });
  await page.goto(`http://${host.httpAddress}/#/plans`);
  plan = execa(
    RTMODEL,
    [
      'optimize',
      casePath,
      '--full',
      '--solver=dh',
      `--advisor=${host.address}`,
      '--advice-label=head and neck 12',
    ],
    { reject: false, stdio: 'ignore', env: { no_grpc_proxy: '127.0.0.1' } },
  );
  await page.locator('tr.advised .plan-link').first().click({ timeout: 120_000 });
  await page.getByRole('heading', { name: 'Convergence' }).waitFor();
  await page.waitForFunction(
    (least) => {
      const said = document.querySelector('.curve')?.ariaLabel ?? '';
      const [, iterations] = /after (\d+) iterations, predicted/.exec(said) ?? [];
      return Number(iterations) > least;
    },
    ITERATIONS,
    { timeout: 300_000 },
  );
  await page.screenshot({ path: PICTURE });
  process.stdout.write(`${PICTURE}\n`);
} finally {
  plan?.kill();
  await plan;
  await browser?.close();
  host?.stop();
  rmSync(folder, { recursive: true, force: true });
}
