// Two figures of the inference room. What a slow model that runs without a pause in a worker thread adds to the round
// trips of another plan, whose iterations ask a quick model: the same client, alternating, in one host. And resident
// memory after many reloads of a model over that after the first.
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { execa } from 'execa';
import { median } from '../lib/figures.mjs';
import { plainTable, writeResult } from '../lib/report.mjs';
import { startHost } from '../lib/servers.mjs';
import { openBusyPlan } from './busy-plan.mjs';

const { values: options } = parseArgs({
  options: {
    rounds: { type: 'string', default: '7' },
    messages: { type: 'string', default: '3000' },
    reloads: { type: 'string', default: '300' },
    out: { type: 'string', default: 'out/bench' },
    build: { type: 'string', default: 'build/cpp' },
  },
});

async function measure(address) {
  const args = [`--address=${address}`, `--messages=${options.messages}`];
  const { stdout } = await execa(join(options.build, 'bench/rtt_client'), args);
  return JSON.parse(stdout);
}

/** Runs of the slow model and their mean time so far. */
async function slowRuns(httpAddress) {
  const text = await (await fetch(`http://${httpAddress}/metrics`)).text();
  const figure = (name) =>
    text
      .split('\n')
      .filter((line) => line.startsWith(`${name}{`) && line.includes('model="slow"'))
      .reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0);
  return {
    count: figure('dh_advisor_model_run_seconds_count'),
    seconds: figure('dh_advisor_model_run_seconds_sum'),
  };
}

async function measureDelay() {
  const host = await startHost('bench/inference/host.yaml');
  const runs = { alone: [], busy: [] };
  let slow;
  try {
    for (let round = 0; round < Number(options.rounds); round += 1) {
      process.stderr.write(`round ${round + 1} of ${options.rounds}\n`);
      runs.alone.push(await measure(host.address));
      const close = await openBusyPlan(host.address);
      runs.busy.push(await measure(host.address));
      await close();
    }
    slow = await slowRuns(host.httpAddress);
  } finally {
    host.stop();
  }
  if (slow.count < Number(options.rounds)) throw new Error('the slow model did not run');
  const figures = ([name, of]) => ({
    other: name,
    p50Us: median(of.map((run) => run.p50Us)),
    p99Us: median(of.map((run) => run.p99Us)),
  });
  const [alone, busy] = Object.entries(runs).map(figures);
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

/** One process for each placement, so that they do not share what stays. */
async function measureReloads(id, version, inlineBelowMs) {
  process.stderr.write(`${options.reloads} reloads of ${id}\n`);
  const args = [
    NURSERY,
    'bench/inference/reloads.mjs',
    id,
    version,
    options.reloads,
    inlineBelowMs,
  ];
  const samples = JSON.parse((await execa('node', args, { env: ALLOCATOR })).stdout);
  // What grows with use shows in the first third, what leaks in the rest.
  const third = samples.find(({ reload }) => reload >= Number(options.reloads) / 3);
  const [first, last] = [samples[0], samples.at(-1)];
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
  await measureReloads('convergence', '1', '1000'),
  await measureReloads('convergence', '1', '0'),
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
