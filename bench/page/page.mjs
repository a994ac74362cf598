// Whether the operator's page keeps up with 64 live plans: how old is what it shows, and what it costs the host and the
// plans: windows without a page, with its feed read by nobody who draws, and with the page, in turn. A browser on the same
// machine takes processor time from host and plans; the feed alone shows what is the host's own.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { chromium } from 'playwright-core';
import { median, quantile } from '../lib/figures.mjs';
import { PacedPlans } from '../lib/paced-plans.mjs';
import { cpuSeconds, residentMb } from '../lib/processes.mjs';
import { plainTable, writeResult } from '../lib/report.mjs';
import { startHost } from '../lib/servers.mjs';

const { values: options } = parseArgs({
  options: {
    plans: { type: 'string', default: '64' },
    rate: { type: 'string', default: '10' },
    rounds: { type: 'string', default: '3' },
    seconds: { type: 'string', default: '10' },
    // Processors as taskset names them; empty: wherever the system puts them.
    'host-cores': { type: 'string', default: '' },
    'browser-cores': { type: 'string', default: '' },
    out: { type: 'string', default: 'out/bench' },
  },
});

/**
 * Runs in the page: samples how old the newest iteration is that it shows (host and page share a clock), and how long an
 * update took from the host's hand to the screen. A plan iterates all the time, so what is old is the page.
 */
function sampleLag(seconds) {
  return new Promise((resolve) => {
    const ages = [];
    const deliveries = [];
    let last = '';
    const endMs = performance.now() + seconds * 1000;
    const look = () => {
      /** @type {HTMLElement} */
      const plans = document.querySelector('.plans');
      const { newestMs, sentAtMs, shownAtMs } = plans.dataset;
      ages.push(Date.now() - Number(newestMs));
      if (sentAtMs !== last) deliveries.push(Number(shownAtMs) - Number(sentAtMs));
      last = sentAtMs;
      if (performance.now() < endMs) setTimeout(look, 20);
      else resolve({ ages, deliveries, cards: document.querySelectorAll('[data-plan]').length });
    };
    look();
  });
}

/** Takes the live feed and drops it. */
async function readFeed(address, signal) {
  try {
    const { body } = await fetch(`http://${address}/api/events`, { signal });
    for await (const bytes of body) feedBytes += bytes.byteLength;
  } catch (thrown) {
    if (!signal.aborted) throw thrown;
  }
}

let feedBytes = 0;
let windows = 0;

async function measure(host, plans, page) {
  const seconds = Number(options.seconds);
  windows += 1;
  const phase = `window ${windows}`;
  plans.phase(phase);
  const before = cpuSeconds(host.pid);
  const startedMs = performance.now();
  const lag =
    page === undefined ? await delay(seconds * 1000) : await page.evaluate(sampleLag, seconds);
  const elapsed = (performance.now() - startedMs) / 1000;
  const cpu = (cpuSeconds(host.pid) - before) / elapsed;
  plans.phase('between');
  return { phase, cpu, elapsed, residentMb: residentMb(host.pid), lag };
}

/** The same with what the plans measured in each window. */
function withTimes(measured, timesUs) {
  const times = new Map(timesUs);
  return measured.map(({ phase, ...rest }) => {
    const us = times.get(phase) ?? [];
    return { ...rest, iterations: us.length, p99Us: quantile(us, 0.99) };
  });
}

/** Keeps this process, and all that it starts from now on, to some processors. */
function pin(cores) {
  if (cores !== '') execFileSync('taskset', ['--all-tasks', '-cp', cores, String(process.pid)]);
}

/** The browser on processors of its own: a script that says so, because a browser starts its own processes. */
function browserCommand(folder) {
  const chrome = process.env.CHROMIUM ?? '/usr/bin/chromium';
  const cores = options['browser-cores'];
  if (cores === '') return chrome;
  const script = join(folder, 'browser');
  writeFileSync(script, `#!/bin/sh\nexec taskset -c ${cores} ${chrome} "$@"\n`, { mode: 0o755 });
  return script;
}

pin(options['host-cores']);
const folder = mkdtempSync(join(tmpdir(), 'dh-advisor-bench-page-'));
const host = await startHost('bench/page/host.yaml');
const browser = await chromium.launch({
  executablePath: browserCommand(folder),
  args: ['--no-sandbox', '--disable-background-networking'],
});
const raw = { closed: [], fed: [], open: [] };
/** @type {import('../lib/paced-plans.mjs').PacedAnswer['timesUs']} */
let timesUs = [];
try {
  const plans = new PacedPlans({
    address: host.address,
    plans: Number(options.plans),
    iterations: 1_000_000,
    periodMs: 1000 / Number(options.rate),
  });
  await delay(5000);
  for (let round = 0; round < Number(options.rounds); round += 1) {
    process.stderr.write(`round ${round + 1} of ${options.rounds}\n`);
    raw.closed.push(await measure(host, plans, undefined));
    const leave = new AbortController();
    const reading = readFeed(host.httpAddress, leave.signal);
    raw.fed.push(await measure(host, plans, undefined));
    leave.abort();
    await reading;
    const page = await browser.newPage({ viewport: { width: 1366, height: 768 } });
    await page.goto(`http://${host.httpAddress}/#/plans`);
    await page
      .locator('[data-plan]')
      .nth(Number(options.plans) - 1)
      .waitFor();
    raw.open.push(await measure(host, plans, page));
    await page.close();
    await delay(1000);
  }
  ({ timesUs } = await plans.end());
} finally {
  await browser.close();
  host.stop();
  rmSync(folder, { recursive: true, force: true });
}

const closed = withTimes(raw.closed, timesUs);
const fed = withTimes(raw.fed, timesUs);
const open = withTimes(raw.open, timesUs);
const ages = open.flatMap(({ lag }) => lag.ages);
const deliveries = open.flatMap(({ lag }) => lag.deliveries);
const ofLast = open.at(-1).lag.ages;
const third = Math.floor(ofLast.length / 3);
const result = {
  cores: { host: options['host-cores'], browser: options['browser-cores'] },
  plans: Number(options.plans),
  ratePerPlan: Number(options.rate),
  cards: Math.min(...open.map(({ lag }) => lag.cards)),
  iterationsPerS: median(open.map(({ iterations, elapsed }) => iterations / elapsed)),
  ageMs: {
    p50: quantile(ages, 0.5),
    p95: quantile(ages, 0.95),
    p99: quantile(ages, 0.99),
    max: Math.max(...ages),
  },
  deliveryMs: { p50: quantile(deliveries, 0.5), p99: quantile(deliveries, 0.99) },
  updatesPerS: deliveries.length / open.reduce((sum, { elapsed }) => sum + elapsed, 0),
  feedKbPerS: feedBytes / 1000 / fed.reduce((sum, { elapsed }) => sum + elapsed, 0),
  // Above 1 the page would fall behind while it is open.
  ageGrowth: median(ofLast.slice(-third)) / median(ofLast.slice(0, third)),
  hostCpu: {
    closed: median(closed.map(({ cpu }) => cpu)),
    fed: median(fed.map(({ cpu }) => cpu)),
    open: median(open.map(({ cpu }) => cpu)),
  },
  adviceP99Us: {
    closed: median(closed.map(({ p99Us }) => p99Us)),
    fed: median(fed.map(({ p99Us }) => p99Us)),
    open: median(open.map(({ p99Us }) => p99Us)),
  },
  // Within each round, so that what others do to the machine is the same for both.
  adviceP99Ratio: {
    fed: median(fed.map(({ p99Us }, k) => p99Us / closed[k].p99Us)),
    open: median(open.map(({ p99Us }, k) => p99Us / closed[k].p99Us)),
  },
  residentMb: {
    closed: closed.at(-1).residentMb,
    fed: fed.at(-1).residentMb,
    open: open.at(-1).residentMb,
  },
};
const file = writeResult(options.out, 'page', result);
const table = plainTable({
  head: ['', 'no page', 'feed alone', 'page', 'feed / none', 'page / none'],
});
const row = (name, { closed: without, fed: feed, open: withPage }, digits) =>
  table.push([
    name,
    without.toFixed(digits),
    feed.toFixed(digits),
    withPage.toFixed(digits),
    (feed / without).toFixed(2),
    (withPage / without).toFixed(2),
  ]);
row('host, processors', result.hostCpu, 3);
row('iteration p99, us', result.adviceP99Us, 0);
row('host, MB', result.residentMb, 0);
const { ageMs, deliveryMs } = result;
process.stdout.write(
  `${table}\n${result.cards} plans shown, ${result.iterationsPerS.toFixed(0)} iterations/s; ` +
    `${result.updatesPerS.toFixed(1)} updates/s, ${result.feedKbPerS.toFixed(0)} kB/s; newest iteration shown is ${ageMs.p50} ms old (p50), ${ageMs.p95} ms (p95), ` +
    `${ageMs.p99} ms (p99), ${ageMs.max} ms (most); p99 of iterations over that without, by round: feed ${result.adviceP99Ratio.fed.toFixed(2)}, page ${result.adviceP99Ratio.open.toFixed(2)} (median); from host to screen ${deliveryMs.p50} ms (p50), ` +
    `${deliveryMs.p99} ms (p99); age at the end of a window over its beginning ${result.ageGrowth.toFixed(2)}; ${file}\n`,
);
