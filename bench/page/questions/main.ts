// How quickly an operator has the answer to six questions: clicks, keys, pages and the time from opening the page until the answer stands on the
// screen. The same hosts, plans and experiment for today's page and for the first one, which --root names, built, in a checkout of its own.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { chromium } from 'playwright-core';
import type { AdvisorEvent } from '../../../src/generated/dh/advisor/v1/AdvisorEvent.js';
import type { OptimizerEventInit } from '../../../src/generated/dh/advisor/v1/OptimizerEvent.js';
import type { PlanStartInit } from '../../../src/generated/dh/advisor/v1/PlanStart.js';
import { median } from '../../lib/figures.js';
import { readOptions } from '../../lib/options.js';
import { PacedPlans } from '../../lib/paced-plans.js';
import { planClient } from '../../lib/plan-advisor.js';
import { PLAN_KINDS } from '../../lib/plan-kinds.js';
import { plainTable, rounds, writeResult } from '../../lib/report.js';
import { type Host, startHost } from '../../lib/servers.js';
import { FIRST, NOW, Operator } from './operators.js';

const options = readOptions({ root: '.', page: 'now', rounds: 5, out: 'out/bench' });

/** Plans that run beside the two that are asked for. */
const RUNNING = 12;
/** Longer than the page waits before it calls a plan silent. */
const SILENCE_MS = 65_000;

const root = resolve(options.root);
/** Of the checkout that is asked about, whose forms may be others than here. */
const fromRoot = (path: string) => import(pathToFileURL(join(root, 'dist/src', path)).href);

/** An experiment that is decided: version 2 needs 30 % fewer calls. */
async function writeExperiment(folder: string): Promise<void> {
  const { testExperiment } = await fromRoot('domain/testing/test-experiment.js');
  const { simulatedData, fullRamp } = await fromRoot('experiments/testing/simulated-data.js');
  const { experimentStores } = await fromRoot('storage/experiments/experiment-stores.js');
  const experiment = testExperiment({ id: 'warm-start-2' });
  const { assignments, outcomes } = simulatedData(experiment, 120, { new: { ratio: 0.7 } });
  const stores = await experimentStores({}, {})(pathToFileURL(join(folder, 'experiments.db')).href);
  await stores.experiments.put(experiment, fullRamp, 1_700_000_000_000);
  for (const assignment of assignments) await stores.assignments.assign(assignment);
  for (const outcome of outcomes) {
    await stores.outcomes.open(outcome);
    await stores.outcomes.finish(experiment.id, outcome.session, outcome.metrics, 2);
  }
  await stores.close();
}

function writeConfig(folder: string): string {
  const file = join(folder, 'host.yaml');
  const any = "address: '127.0.0.1:0'";
  writeFileSync(
    file,
    `version: 1
server: { ${any}, max_sessions_per_client: 64 }
operator: { ${any} }
http: { ${any} }
plugins: { directories: ['${join(root, 'test/fixtures/adversaries')}'] }
experiments:
  - id: other
    unit: plan
    layer: { name: other }
    arms: [{ id: old, weight: 1 }, { id: new, weight: 1, roles: { pyramid-sigma: { plugin: fixed-schedule } } }]
    control: old
    primary: { metric: call_equivalents, direction: lower }
    state: ended
roles:
  initialization: { plugin: uniform }
  histogram-sigma: { plugin: adversary-histogram-sigma, settings: { how: late }, deadline_ms: 20 }
  pyramid-sigma: { plugin: fixed-schedule }
  adaptive-variance: { plugin: level-default }
  early-stopping: { plugin: plateau }
`,
  );
  return file;
}

/** A plan that says so much and then nothing more; the result closes it. */
async function openPlan(address: string, start: PlanStartInit, iterations: number) {
  const client = planClient(address);
  const call = client.advise();
  call.on('error', () => undefined);
  const answer = () => new Promise<AdvisorEvent>((done) => call.once('data', done));
  const ask = (event: OptimizerEventInit) => {
    const said = answer();
    call.write(event);
    return said;
  };
  const { accepted } = await ask({ start: { ...PLAN_KINDS.small.start, ...start } });
  await ask({ geometry: PLAN_KINDS.small.geometry });
  if (iterations > 0) await ask({ levelStart: PLAN_KINDS.small.levelStart });
  for (let iteration = 0; iteration < iterations; iteration += 1) {
    const objective = 100 / (1 + iteration);
    await ask({ iteration: { level: 0, stage: 0, iteration, objective, gradientNorm: 1 } });
  }
  return { session: accepted?.sessionId ?? '', close: () => client.close() };
}

const headers = { 'content-type': 'application/json' };
const post = (host: Host, path: string, body: object) =>
  fetch(`http://${host.httpAddress}${path}`, {
    method: 'POST',
    headers,
    body: JSON.stringify(body),
  });

const folder = mkdtempSync(join(tmpdir(), 'dh-advisor-questions-'));
await writeExperiment(folder);
const host = await startHost(writeConfig(folder), { root });
const browser = await chromium.launch({
  executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-background-networking'],
});
interface Round {
  readonly isTold: boolean;
  readonly ms: number;
  readonly clicks: number;
  readonly keys: number;
  readonly pages: number;
}

const taken = new Map<string, readonly Round[]>();
try {
  const { address } = host;
  const plans = new PacedPlans({
    address,
    plans: RUNNING,
    iterations: 1_000_000,
    periodMs: 500,
    kind: 'small',
  });
  await plans.open;
  const stuck = await openPlan(address, { planKey: 'stuck', label: 'lung 4' }, 5);
  const refused = await openPlan(
    address,
    { planKey: 'refused', label: 'brain 1', accepts: ['ROLE_HISTOGRAM_SIGMA'] },
    0,
  );
  const change = { kind: 'disable', role: 'pyramid-sigma' };
  await post(host, '/api/configuration/changes', { who: 'ann', why: 'it lags', change });
  await delay(SILENCE_MS);
  const asked = { stuck: stuck.session, refused: refused.session };
  for (const [question, answer] of Object.entries(options.page === 'now' ? NOW : FIRST)) {
    const done: Round[] = [];
    for (const _ of rounds(options.rounds)) {
      const page = await browser.newPage({ viewport: { width: 1366, height: 768 } });
      page.setDefaultTimeout(60_000);
      const operator = new Operator(page);
      const startedMs = performance.now();
      await page.goto(`http://${host.httpAddress}/`);
      const isTold = await answer(operator, asked);
      const ms = performance.now() - startedMs;
      const { clicks, keys, pages } = operator;
      done.push({ isTold, ms, clicks, keys, pages });
      await page.close();
      // The last question stops advice, after which open plans stay stopped.
      await post(host, '/api/advice/resume', { who: 'bench', why: 'the next round' });
    }
    taken.set(question, done);
  }
  stuck.close();
  refused.close();
  await plans.end();
} finally {
  await browser.close();
  host.stop();
  rmSync(folder, { recursive: true, force: true });
}

const result = [...taken].flatMap(([question, [first, ...others]]) => {
  if (first === undefined) return [];
  const { isTold, clicks, keys, pages } = first;
  const ms = median([first, ...others].map((round) => round.ms));
  return [{ question, isTold, clicks, keys, pages, ms }];
});
const table = plainTable({ head: ['question', 'told', 'clicks', 'keys', 'pages', 'ms (median)'] });
for (const { question, isTold, clicks, keys, pages, ms } of result) {
  const figures = isTold ? [clicks, keys, pages, ms.toFixed(0)] : ['–', '–', '–', '–'];
  table.push([question, isTold ? 'yes' : 'no', ...figures]);
}
const file = writeResult(options.out, `page-questions-${options.page}`, result);
process.stdout.write(`${table}\n${options.rounds} rounds; ${file}\n`);
