// Whether the operator's page keeps up with 64 live plans: how old is what it shows, and what it costs the host and the
// plans: windows without a page, with its feed read by nobody who draws, and with the page, in turn. A browser on the same
// machine takes processor time from host and plans; the feed alone shows what is the host's own.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { chromium, type Page } from 'playwright-core';
import { median, quantile } from '../lib/figures.js';
import { readOptions } from '../lib/options.js';
import { PacedPlans, type PhaseTimes } from '../lib/paced-plans.js';
import { cpuSeconds, residentMb } from '../lib/processes.js';
import { plainTable, rounds, writeResult } from '../lib/report.js';
import { type Host, startHost } from '../lib/servers.js';
import { type Lag, sampleLag } from './sample-lag.js';

const options = readOptions({
  plans: 64,
  rate: 10,
  rounds: 3,
  seconds: 10,
  // Processors as taskset names them; empty: wherever the system puts them.
  'host-cores': '',
  'browser-cores': '',
  out: 'out/bench',
});
const { seconds } = options;
/** What watches: nothing, the feed read by nobody who draws, or the page. */
const KINDS = ['closed', 'fed', 'open'] as const;
type Kind = (typeof KINDS)[number];

let feedBytes = 0;

/** Takes the live feed and drops it. */
async function readFeed({ httpAddress }: Host, signal: AbortSignal): Promise<void> {
  try {
    const { body } = await fetch(`http://${httpAddress}/api/events`, { signal });
    if (body === null) throw new Error('the feed is empty');
    for await (const bytes of body) feedBytes += bytes.byteLength;
  } catch (thrown) {
    if (!signal.aborted) throw thrown;
  }
}

interface Window {
  readonly phase: string;
  /** Processors that the host was busy on. */
  readonly cpu: number;
  readonly elapsed: number;
  readonly residentMb: number;
  /** Undefined without a page. */
  readonly lag: Lag | undefined;
}

let windows = 0;

async function measure(host: Host, plans: PacedPlans, page?: Page): Promise<Window> {
  windows += 1;
  const phase = `window ${windows}`;
  plans.phase(phase);
  const before = cpuSeconds(host.pid);
  const startedMs = performance.now();
  const lag = await page?.evaluate(sampleLag, seconds);
  if (page === undefined) await delay(seconds * 1000);
  const elapsed = (performance.now() - startedMs) / 1000;
  const cpu = (cpuSeconds(host.pid) - before) / elapsed;
  plans.phase('between');
  return { phase, cpu, elapsed, residentMb: residentMb(host.pid), lag };
}

/** Keeps this process, and all that it starts from now on, to some processors. */
function pin(cores: string): void {
  if (cores !== '') execFileSync('taskset', ['--all-tasks', '-cp', cores, String(process.pid)]);
}

/** The browser on processors of its own: a script that says so, because a browser starts its own processes. */
function browserCommand(folder: string): string {
  const chrome = process.env['CHROMIUM'] ?? '/usr/bin/chromium';
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
const measured: Record<Kind, Window[]> = { closed: [], fed: [], open: [] };
let timesUs: PhaseTimes = [];
try {
  const plans = new PacedPlans({
    address: host.address,
    plans: options.plans,
    iterations: 1_000_000,
    periodMs: 1000 / options.rate,
    kind: 'small',
  });
  await delay(5000);
  for (const _ of rounds(options.rounds)) {
    measured.closed.push(await measure(host, plans));
    const leave = new AbortController();
    const reading = readFeed(host, leave.signal);
    measured.fed.push(await measure(host, plans));
    leave.abort();
    await reading;
    const page = await browser.newPage({ viewport: { width: 1366, height: 768 } });
    await page.goto(`http://${host.httpAddress}/#/plans`);
    await page
      .locator('[data-plan]')
      .nth(options.plans - 1)
      .waitFor();
    measured.open.push(await measure(host, plans, page));
    await page.close();
    await delay(1000);
  }
  ({ timesUs } = await plans.end());
} finally {
  await browser.close();
  host.stop();
  rmSync(folder, { recursive: true, force: true });
}

const times = new Map(timesUs);
const timesIn = ({ phase }: Window) => times.get(phase) ?? [];
const { fed, open } = measured;
const lags = open.flatMap(({ lag }) => lag ?? []);
const ages = lags.flatMap((lag) => lag.ages);
const deliveries = lags.flatMap((lag) => lag.deliveries);
const ofLast = lags.at(-1)?.ages ?? [];
const third = Math.floor(ofLast.length / 3);
const secondsOf = (of: readonly Window[]) => of.reduce((sum, { elapsed }) => sum + elapsed, 0);
/** One figure of each kind of windows. */
const each = (figure: (of: readonly Window[]) => number): Readonly<Record<Kind, number>> => ({
  closed: figure(measured.closed),
  fed: figure(measured.fed),
  open: figure(measured.open),
});
/** Within each round, so that what others do to the machine is the same for both. */
const p99Ratio = (kind: Kind) =>
  median(
    measured[kind].map(
      (window, k) =>
        quantile(timesIn(window), 0.99) / quantile(timesIn(measured.closed[k] ?? window), 0.99),
    ),
  );
const result = {
  cores: { host: options['host-cores'], browser: options['browser-cores'] },
  plans: options.plans,
  ratePerPlan: options.rate,
  cards: Math.min(...lags.map(({ cards }) => cards)),
  iterationsPerS: median(open.map((window) => timesIn(window).length / window.elapsed)),
  ageMs: {
    p50: quantile(ages, 0.5),
    p95: quantile(ages, 0.95),
    p99: quantile(ages, 0.99),
    max: Math.max(...ages),
  },
  deliveryMs: { p50: quantile(deliveries, 0.5), p99: quantile(deliveries, 0.99) },
  updatesPerS: deliveries.length / secondsOf(open),
  feedKbPerS: feedBytes / 1000 / secondsOf(fed),
  // Above 1 the page would fall behind while it is open.
  ageGrowth: median(ofLast.slice(-third)) / median(ofLast.slice(0, third)),
  hostCpu: each((of) => median(of.map(({ cpu }) => cpu))),
  adviceP99Us: each((of) => median(of.map((window) => quantile(timesIn(window), 0.99)))),
  adviceP99Ratio: { fed: p99Ratio('fed'), open: p99Ratio('open') },
  residentMb: each((of) => of.at(-1)?.residentMb ?? Number.NaN),
};
const file = writeResult(options.out, 'page', result);
const table = plainTable({
  head: ['', 'no page', 'feed alone', 'page', 'feed / none', 'page / none'],
});
const row = (name: string, figures: Readonly<Record<Kind, number>>, digits: number) =>
  table.push([
    name,
    ...KINDS.map((kind) => figures[kind].toFixed(digits)),
    (figures.fed / figures.closed).toFixed(2),
    (figures.open / figures.closed).toFixed(2),
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
