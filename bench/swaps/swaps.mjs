// Plans stream at a steady pace while the configuration of their host is changed again and again, a third of the changes
// broken; quiet and busy phases alternate in one run. Then the kill switch: from the command to the last open plan's answer
// without advice. One host, one process of plans; placement on processors dominates single times, so the ratio counts.
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { median, quantile } from '../lib/figures.mjs';
import { PacedPlans } from '../lib/paced-plans.mjs';
import { plainTable, writeResult } from '../lib/report.mjs';
import { BROKEN, SOUND } from './changes.mjs';
import { initialState, LiveHost, render } from './live-host.mjs';

const { values: options } = parseArgs({
  options: {
    plans: { type: 'string', default: '16' },
    swaps: { type: 'string', default: '200' },
    rounds: { type: 'string', default: '10' },
    'period-ms': { type: 'string', default: '20' },
    'switch-period-ms': { type: 'string', default: '40' },
    'switch-plans': { type: 'string', default: '64' },
    'switch-rounds': { type: 'string', default: '5' },
    out: { type: 'string', default: 'out/bench' },
  },
});
const plans = Number(options.plans);
const swaps = Number(options.swaps);
const rounds = Number(options.rounds);
const origin = { who: 'benchmark', why: 'npm run bench -- swaps', via: 'command' };
/** Between two changes, so that plans open under each. */
const PAUSE_MS = 100;
const WARM_UP_MS = 3000;

const wallMs = () => performance.timeOrigin + performance.now();
const isApplied = (entry) => entry.msg === 'configuration applied';
const isRefused = (entry) => entry.msg?.startsWith('configuration refused');
const isBack = (entry) => entry.msg?.includes('in force again');

/** Makes changes one by one and counts what went otherwise than it should. */
class Changer {
  state = initialState;
  sound = 0;
  broken = 0;
  unreportedFaults = 0;
  lost = 0;
  #host;
  #made = 0;

  constructor(host) {
    this.#host = host;
  }

  async next() {
    this.#made += 1;
    if (this.#made % 3 === 0) await this.#breakSomething();
    else await this.#swap();
  }

  #ask(change) {
    const asked = { change, origin, isDryRun: false, expectedGeneration: undefined };
    return this.#host.operator.change(asked);
  }

  async #swap() {
    const { to, command } = SOUND[this.sound % SOUND.length];
    this.sound += 1;
    this.state = { ...this.state, ...to };
    // Every other time around by the file even where there is a command.
    const byCommand = command !== undefined && Math.floor(this.sound / SOUND.length) % 2 === 0;
    const applied = this.#host.says(isApplied).catch(() => {
      this.lost += 1;
    });
    if (byCommand) await this.#ask(command);
    else this.#host.write(render(this.state, this.#host.models));
    await applied;
  }

  async #breakSomething() {
    const { names, edit, command } = BROKEN[this.broken % BROKEN.length];
    this.broken += 1;
    const before = readFileSync(this.#host.file, 'utf8');
    const refused = this.#host.says(isRefused).catch(() => ({}));
    if (command !== undefined) await this.#ask(command).catch(() => undefined);
    else this.#host.write(edit(before, this.state, this.#host.models));
    const { reason = '' } = await refused;
    const isPlaced = /host\.yaml:[1-9]\d*: /.test(reason) && reason.includes(names);
    if (!isPlaced) {
      this.unreportedFaults += 1;
      process.stderr.write(`not reported with its place: ${names}: ${reason}\n`);
    }
    if (command !== undefined) return;
    const back = this.#host.says(isBack);
    this.#host.write(before);
    await back;
  }
}

async function measureSwaps(host) {
  const running = new PacedPlans({
    address: host.address,
    plans,
    iterations: 100,
    periodMs: Number(options['period-ms']),
  });
  await sleep(WARM_UP_MS);
  const changer = new Changer(host);
  const rssMb = [host.residentMb()];
  let busyMs = 6000;
  for (let round = 0; round < rounds; round += 1) {
    process.stderr.write(`round ${round + 1} of ${rounds}\n`);
    running.phase(`quiet ${round}`);
    await sleep(busyMs);
    running.phase(`swaps ${round}`);
    const startedMs = performance.now();
    for (
      let swap = Math.round((round * swaps) / rounds);
      swap < Math.round(((round + 1) * swaps) / rounds);
      swap += 1
    ) {
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
function figuresOf(phase, timesUs) {
  const rounds = timesUs.filter(([name]) => name.startsWith(`${phase} `)).map(([, times]) => times);
  const at = (q) => median(rounds.map((times) => quantile(times, q)));
  const answers = rounds.reduce((sum, { length }) => sum + length, 0);
  const all = rounds.flat();
  const ofRounds = rounds.map((times) => [quantile(times, 0.5), quantile(times, 0.99)]);
  const pooledP99Us = quantile(all, 0.99);
  return { answers, p50Us: at(0.5), p99Us: at(0.99), pooledP99Us, rounds: ofRounds };
}

/** From just before the command until the last plan has heard an answer without advice, five times anew. */
async function measureSwitch(host) {
  const open = Number(options['switch-plans']);
  const lastMs = [];
  let appliedAfterStop = 0;
  for (let round = 0; round < Number(options['switch-rounds']); round += 1) {
    const running = new PacedPlans({
      address: host.address,
      plans: open,
      iterations: 100_000,
      periodMs: Number(options['switch-period-ms']),
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

const host = await new LiveHost().start();
let swapping;
let killSwitch;
try {
  swapping = await measureSwaps(host);
  killSwitch = await measureSwitch(host);
} finally {
  const exitCode = await host.stop();
  if (exitCode !== 0) process.stderr.write(`the host ended with ${exitCode}\n`);
}

const { changer, counts, generations, figures, rssMb } = swapping;
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
for (const [phase, of] of Object.entries({ quiet, swaps: busy })) {
  times.push([
    phase,
    of.answers,
    of.p50Us.toFixed(0),
    of.p99Us.toFixed(0),
    of.pooledP99Us.toFixed(0),
  ]);
}
const summary = plainTable();
const row = (what, value) => summary.push([what, value]);
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
