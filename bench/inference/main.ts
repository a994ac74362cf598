// Two figures of the inference room. What a slow model that runs without a pause in a worker thread adds to the round
// trips of another plan, whose iterations ask a quick model: the same client, alternating, in one host. And resident
// memory after many reloads of a model over that after the first.
import { join } from 'node:path';
import { execa } from 'execa';
import { median, Samples } from '../lib/figures.js';
import { readMetrics, seriesIn } from '../lib/metrics.js';
import { readOptions } from '../lib/options.js';
import { plainTable, rounds, writeResult } from '../lib/report.js';
import { type RoundTrips, roundTrips } from '../lib/rtt-client.js';
import { type Host, startHost } from '../lib/servers.js';
import { openBusyPlan } from './busy-plan.js';
import type { ReloadSample } from './reload-samples.js';

const options = readOptions({
  rounds: 7,
  messages: 3000,
  reloads: 300,
  out: 'out/bench',
  build: 'build/cpp',
});
const { build, messages } = options;

/** Runs of the slow model and their mean time so far. */
async function slowRuns(host: Host): Promise<{ readonly count: number; readonly seconds: number }> {
  const text = await readMetrics(host);
  const figure = (name: string) =>
    seriesIn(text, `dh_advisor_model_run_seconds_${name}`)
      .filter(({ labels }) => labels['model'] === 'slow')
      .reduce((sum, { value }) => sum + value, 0);
  return { count: figure('count'), seconds: figure('sum') };
}

async function measureDelay() {
  const host = await startHost('bench/inference/host.yaml');
  const { address } = host;
  const runs = new Samples<RoundTrips>();
  let slow = { count: 0, seconds: 0 };
  try {
    for (const _ of rounds(options.rounds)) {
      runs.add('alone', await roundTrips(build, { address, messages }));
      const close = await openBusyPlan(address);
      runs.add('busy', await roundTrips(build, { address, messages }));
      await close();
    }
    slow = await slowRuns(host);
  } finally {
    host.stop();
  }
  if (slow.count < options.rounds) throw new Error('the slow model did not run');
  const figures = (other: 'alone' | 'busy') => ({
    other,
    p50Us: runs.median(other, ({ p50Us }) => p50Us),
    p99Us: runs.median(other, ({ p99Us }) => p99Us),
  });
  const [alone, busy] = [figures('alone'), figures('busy')];
  return {
    rows: [alone, busy],
    slowRuns: slow.count,
    slowRunMs: (1000 * slow.seconds) / slow.count,
    p99DelayMs: (busy.p99Us - alone.p99Us) / 1000,
  };
}

/**
 * The nursery of the JavaScript heap grows with use, whoever uses it, by more than a model takes; kept small, what stays
 * is what models leave.
 */
const NURSERY = '--max-semi-space-size=2';
/** As in the container. */
const ALLOCATOR = { MALLOC_ARENA_MAX: '2' };
const RELOADS = join(import.meta.dirname, 'reloads.js');

/** One process for each placement, so that they do not share what stays. */
async function measureReloads(id: string, version: string, inlineBelowMs: number) {
  const { reloads } = options;
  process.stderr.write(`${reloads} reloads of ${id}\n`);
  const args = [NURSERY, RELOADS, id, version, String(reloads), String(inlineBelowMs)];
  const { stdout } = await execa('node', args, { env: ALLOCATOR });
  const samples: readonly ReloadSample[] = JSON.parse(stdout);
  // What grows with use shows in the first third, what leaks in the rest.
  const third = samples.find(({ reload }) => reload >= reloads / 3);
  const [first, last] = [samples[0], samples.at(-1)];
  if (!first || !third || !last) throw new Error(`no sample of ${reloads} reloads`);
  // A worker thread collects its garbage when it likes, which moves a single sample by several per cent.
  const lastMb = median(samples.slice(-5).map(({ residentMb }) => residentMb));
  return {
    model: `${id}/${version}`,
    placement: first.placement,
    reloads: last.reload,
    samples,
    firstMb: first.residentMb,
    thirdMb: third.residentMb,
    lastMb,
    lastOverFirst: lastMb / first.residentMb,
  };
}

const delay = await measureDelay();
const reloads = [
  await measureReloads('convergence', '1', 1000),
  await measureReloads('convergence', '1', 0),
];

const delayTable = plainTable({
  head: ['slow model beside', 'p50 us', 'p99 us'],
});
for (const { other, p50Us, p99Us } of delay.rows) {
  delayTable.push([other === 'busy' ? 'running' : 'idle', p50Us.toFixed(1), p99Us.toFixed(1)]);
}
const reloadTable = plainTable({
  head: ['model', 'placement', 'reloads', 'MB: first', 'a third', 'last five', 'last / first'],
});
for (const row of reloads) {
  const figures = [row.firstMb, row.thirdMb, row.lastMb].map((mb) => mb.toFixed(1));
  reloadTable.push([
    row.model,
    row.placement,
    row.reloads,
    ...figures,
    row.lastOverFirst.toFixed(3),
  ]);
}
const file = writeResult(options.out, 'inference', { delay, reloads });
process.stdout.write(
  `${delayTable}\na run of the slow model takes ${delay.slowRunMs.toFixed(1)} ms here; ` +
    `it adds ${delay.p99DelayMs.toFixed(2)} ms to the p99 of another plan's iterations ` +
    `(medians of ${options.rounds} rounds)\n${reloadTable}\n${file}\n`,
);
