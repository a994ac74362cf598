// How quickly an operator has the answer to six questions: clicks, keys, pages and the time from opening the page until the answer stands on the
// screen. The same hosts, plans and experiment for today's page and for the first one, which --root names, built, in a checkout of its own.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { credentials } from '@grpc/grpc-js';
import { chromium } from 'playwright-core';
import { median } from '../lib/figures.mjs';
import { smallPlan } from '../lib/paced-plan-kinds.mjs';
import { PacedPlans } from '../lib/paced-plans.mjs';
import { planAdvisor } from '../lib/plan-advisor.mjs';
import { plainTable, writeResult } from '../lib/report.mjs';
import { startHost } from '../lib/servers.mjs';
import { FIRST, NOW, Operator } from './operators.mjs';

const { values: options } = parseArgs({
  options: {
    root: { type: 'string', default: '.' },
    page: { type: 'string', default: 'now' },
    rounds: { type: 'string', default: '5' },
    out: { type: 'string', default: 'out/bench' },
  },
});

/** Plans that run beside the two that are asked for. */
const RUNNING = 12;
/** Longer than the page waits before it calls a plan silent. */
const SILENCE_MS = 65_000;

const root = resolve(options.root);
const fromRoot = (path) => import(pathToFileURL(join(root, 'dist/src', path)).href);

/** An experiment that is decided: version 2 needs 30 % fewer calls. */
async function writeExperiment(folder) {
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

function writeConfig(folder) {
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
async function openPlan(address, start, iterations) {
  const PlanAdvisor = planAdvisor({ enums: String });
  const client = new PlanAdvisor(address, credentials.createInsecure(), {
    'grpc.enable_http_proxy': 0,
  });
  const call = client.advise();
  call.on('error', () => undefined);
  const answer = () => new Promise((done) => call.once('data', done));
  const ask = (event) => {
    const said = answer();
    call.write(event);
    return said;
  };
  const { accepted } = await ask({ start: { ...smallPlan.start, ...start } });
  await ask({ geometry: smallPlan.geometry });
  if (iterations > 0) await ask({ levelStart: smallPlan.levelStart });
  for (let iteration = 0; iteration < iterations; iteration += 1) {
    const objective = 100 / (1 + iteration);
    await ask({ iteration: { level: 0, stage: 0, iteration, objective, gradientNorm: 1 } });
  }
  return { session: accepted.sessionId, close: () => client.close() };
}

const headers = { 'content-type': 'application/json' };
const post = (host, path, body) =>
  fetch(`http://${host.httpAddress}${path}`, {
    method: 'POST',
    headers,
    body: JSON.stringify(body),
  });

const folder = mkdtempSync(join(tmpdir(), 'dh-advisor-questions-'));
await writeExperiment(folder);
const host = await startHost(writeConfig(folder), { cwd: root });
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-background-networking'],
});
const taken = new Map();
try {
  const { address } = host;
  const plans = new PacedPlans({ address, plans: RUNNING, iterations: 1_000_000, periodMs: 500 });
  await plans.open;
  const stuck = await openPlan(address, { planKey: 'stuck', label: 'lung 4' }, 5);
  const accepts = ['ROLE_HISTOGRAM_SIGMA'];
  const refused = await openPlan(address, { planKey: 'refused', label: 'brain 1', accepts }, 0);
  const change = { kind: 'disable', role: 'pyramid-sigma' };
  await post(host, '/api/configuration/changes', { who: 'ann', why: 'it lags', change });
  await delay(SILENCE_MS);
  const asked = { stuck: stuck.session, refused: refused.session };
  for (const [question, answer] of Object.entries(options.page === 'now' ? NOW : FIRST)) {
    const rounds = [];
    for (let round = 0; round < Number(options.rounds); round += 1) {
      const page = await browser.newPage({ viewport: { width: 1366, height: 768 } });
      page.setDefaultTimeout(60_000);
      const operator = new Operator(page);
      const startedMs = performance.now();
      await page.goto(`http://${host.httpAddress}/`);
      const isTold = await answer(operator, asked);
      const ms = performance.now() - startedMs;
      const { clicks, keys, pages } = operator;
      rounds.push({ isTold, ms, clicks, keys, pages });
      await page.close();
      // The last question stops advice, after which open plans stay stopped.
      await post(host, '/api/advice/resume', { who: 'bench', why: 'the next round' });
    }
    taken.set(question, rounds);
  }
  stuck.close();
  refused.close();
  await plans.end();
} finally {
  await browser.close();
  host.stop();
  rmSync(folder, { recursive: true, force: true });
}

const result = [...taken].map(([question, rounds]) => {
  const { isTold, clicks, keys, pages } = rounds[0];
  return { question, isTold, clicks, keys, pages, ms: median(rounds.map(({ ms }) => ms)) };
});
const table = plainTable({ head: ['question', 'told', 'clicks', 'keys', 'pages', 'ms (median)'] });
for (const { question, isTold, clicks, keys, pages, ms } of result) {
  const figures = isTold ? [clicks, keys, pages, ms.toFixed(0)] : ['–', '–', '–', '–'];
  table.push([question, isTold ? 'yes' : 'no', ...figures]);
}
const file = writeResult(options.out, `page-questions-${options.page}`, result);
process.stdout.write(`${table}\n${options.rounds} rounds; ${file}\n`);
