// Plans stream at a steady pace while the configuration of their host is changed again and again, a third of the changes
// broken; quiet and busy phases alternate in one run. Then the kill switch: from the command to the last open plan's answer
// without advice. One host, one process of plans; placement on processors dominates single times, so the ratio counts.
import { setTimeout as sleep } from 'node:timers/promises';
import { median, quantile } from '../lib/figures.js';
import { readOptions } from '../lib/options.js';
import { wallMs } from '../lib/paced-messages.js';
import { PacedPlans, type PhaseTimes } from '../lib/paced-plans.js';
import { plainTable, rounds, writeResult } from '../lib/report.js';
import { Changer, origin } from './changer.js';
import { LiveHost } from './live-host.js';

const options = readOptions({
  plans: 16,
  swaps: 200,
  rounds: 10,
  'period-ms': 20,
  'switch-period-ms': 40,
  'switch-plans': 64,
  'switch-rounds': 5,
  out: 'out/bench',
});
const { plans, swaps } = options;
/** Between two changes, so that plans open under each. */
const PAUSE_MS = 100;
const WARM_UP_MS = 3000;

async function measureSwaps(host: LiveHost) {
  const running = new PacedPlans({
    address: host.address,
    plans,
    iterations: 100,
    periodMs: options['period-ms'],
    kind: 'small',
  });
  await sleep(WARM_UP_MS);
  const changer = new Changer(host);
  const rssMb = [host.residentMb()];
  const until = (round: number) => Math.round((round * swaps) / options.rounds);
  let busyMs = 6000;
  for (const round of rounds(options.rounds)) {
    running.phase(`quiet ${round}`);
    await sleep(busyMs);
    running.phase(`swaps ${round}`);
    const startedMs = performance.now();
    for (let swap = until(round); swap < until(round + 1); swap += 1) {
      await changer.next();
      await sleep(PAUSE_MS);
    }
    busyMs = performance.now() - startedMs;
    rssMb.push(host.residentMb());
  }
  const { counts, generations, timesUs } = await running.end();
  const figures = { quiet: figuresOf('quiet', timesUs), swaps: figuresOf('swaps', timesUs) };
  return { changer, counts, generations, figures, rssMb };
}

/** Medians over the rounds of a phase: a neighbour's burst on the processor is in one round and not in the others. */
function figuresOf(phase: 'quiet' | 'swaps', timesUs: PhaseTimes) {
  const rounds = timesUs.filter(([name]) => name.startsWith(`${phase} `)).map(([, times]) => times);
  const at = (q: number) => median(rounds.map((times) => quantile(times, q)));
  const all = rounds.flat();
  return {
    answers: all.length,
    p50Us: at(0.5),
    p99Us: at(0.99),
    pooledP99Us: quantile(all, 0.99),
    rounds: rounds.map((times) => [quantile(times, 0.5), quantile(times, 0.99)]),
  };
}

/** From just before the command until the last plan has heard an answer without advice, five times anew. */
async function measureSwitch(host: LiveHost) {
  const open = options['switch-plans'];
  const lastMs: number[] = [];
  let appliedAfterStop = 0;
  for (let round = 0; round < options['switch-rounds']; round += 1) {
    const running = new PacedPlans({
      address: host.address,
      plans: open,
      iterations: 100_000,
      periodMs: options['switch-period-ms'],
      kind: 'small',
    });
    await sleep(WARM_UP_MS);
    const { length } = await host.operator.sessions();
    if (length !== open) throw new Error(`${length} of ${open} plans are open`);
    const commandMs = wallMs();
    await host.operator.stopAdvice(origin);
    running.stopped();
    await sleep(1000);
    const stop = await running.heardOfStop();
    if (stop.atMs.length !== open) throw new Error(`${stop.atMs.length} of ${open} plans stopped`);
    lastMs.push(Math.max(...stop.atMs) - commandMs);
    appliedAfterStop += stop.appliedAfterStop;
    await running.end();
    await host.operator.resumeAdvice(origin);
  }
  return { plans: open, lastMs: median(lastMs), worstMs: Math.max(...lastMs), appliedAfterStop };
}

async function measureAll() {
  const host = await LiveHost.start();
  try {
    return { ...(await measureSwaps(host)), killSwitch: await measureSwitch(host) };
  } finally {
    const exitCode = await host.stop();
    if (exitCode !== 0) process.stderr.write(`the host ended with ${exitCode}\n`);
  }
}

const { changer, counts, generations, figures, rssMb, killSwitch } = await measureAll();
const { quiet, swaps: busy } = figures;
// What grows with use shows in the first rounds, what leaks in all of them.
const early = median(rssMb.slice(1, 4));
const late = median(rssMb.slice(-3));
const result = {
  plans,
  swaps: changer.sound + changer.broken,
  broken: changer.broken,
  streamErrors: counts.streamErrors,
  wrongGeneration: counts.wrongGeneration,
  unreportedFaults: changer.unreportedFaults + changer.lost,
  p99Ratio: busy.p99Us / quiet.p99Us,
  rssGrowth: late / early,
  generations,
  plansRun: counts.plans,
  answers: counts.answers,
  quiet,
  busy,
  rssMb,
  killSwitch,
};
const file = writeResult(options.out, 'swaps', result);

const times = plainTable({
  head: ['phase', 'answers', 'p50 us', 'p99 us', 'p99 us, all rounds as one'],
});
for (const [phase, of] of Object.entries(figures)) {
  times.push([
    phase,
    of.answers,
    of.p50Us.toFixed(0),
    of.p99Us.toFixed(0),
    of.pooledP99Us.toFixed(0),
  ]);
}
const summary = plainTable();
const row = (what: string, value: string | number) => summary.push([what, value]);
row('plans at once, and in all', `${plans}, ${counts.plans}`);
row('changes, broken ones among them', `${result.swaps}, ${result.broken}`);
row('generations that plans opened under', generations);
row('stream errors', result.streamErrors);
row('advice of a wrong generation', result.wrongGeneration);
row('faults not reported with their place', result.unreportedFaults);
row('p99 with changes / quiet, medians of rounds', result.p99Ratio.toFixed(2));
row('resident memory, late / early', `${result.rssGrowth.toFixed(3)} (${late.toFixed(0)} MB)`);
row(
  `kill switch, ${killSwitch.plans} plans: last plan's answer`,
  `${killSwitch.lastMs.toFixed(1)} ms (median of ${options['switch-rounds']}; worst ${killSwitch.worstMs.toFixed(1)})`,
);
row('advice asked for after the kill switch and given', killSwitch.appliedAfterStop);
process.stdout.write(`${times}\n${summary}\n${file}\n`);
