// What shadow arms cost the plans that others serve: three hosts, the same but for none, one and three shadow arms, are driven in turn, in
// another order each round; the others idle meanwhile. Times are of the answers to iterations, which a model gives.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { bootstrap95, median, quantile } from '../lib/figures.js';
import { readMetrics, seriesIn } from '../lib/metrics.js';
import { readOptions } from '../lib/options.js';
import { PacedPlans } from '../lib/paced-plans.js';
import { plainTable, rounds, writeResult } from '../lib/report.js';
import { type Host, startHost } from '../lib/servers.js';
import { configuration, KINDS, type Kind } from './hosts.js';

const options = readOptions({
  plans: 16,
  'period-ms': 20,
  rounds: 10,
  seconds: 6,
  'max-wait-share': 0.05,
  out: 'out/bench',
});
const WARM_UP_MS = 1500;
const ALL: readonly Kind[] = ['none', 'one', 'three'];

/** What became of sessions in the eyes of shadow arms, so far. */
async function resultsOf(host: Host): Promise<Readonly<Record<string, number>>> {
  const name = 'dh_advisor_experiment_shadow_sessions_total';
  const results: Record<string, number> = {};
  for (const { labels, value } of seriesIn(await readMetrics(host), name)) {
    const { result = '' } = labels;
    results[result] = (results[result] ?? 0) + value;
  }
  return results;
}

interface Driven {
  readonly times: readonly number[];
  readonly p50Us: number;
  readonly p99Us: number;
}

async function drive(host: Host): Promise<Driven> {
  const plans = new PacedPlans({
    address: host.address,
    plans: options.plans,
    periodMs: options['period-ms'],
    iterations: 100,
    kind: 'large',
  });
  await plans.open;
  await sleep(WARM_UP_MS);
  plans.phase('measured');
  await sleep(options.seconds * 1000);
  plans.phase('over');
  const { timesUs, counts } = await plans.end();
  if (counts.streamErrors > 0) throw new Error(`${counts.streamErrors} streams broke`);
  const times = new Map(timesUs).get('measured') ?? [];
  // A machine that stood still for the whole time.
  if (times.length === 0) return drive(host);
  return { times, p50Us: quantile(times, 0.5), p99Us: quantile(times, 0.99) };
}

const folder = mkdtempSync(join(tmpdir(), 'dh-advisor-shadow-'));

function start(kind: Kind): Promise<Host> {
  const file = join(folder, kind, 'host.yaml');
  mkdirSync(join(folder, kind));
  writeFileSync(file, configuration(kind, options['max-wait-share']));
  return startHost(file);
}

const measured: Readonly<Record<Kind, Driven[]>> = { none: [], one: [], three: [] };
const results = new Map<Kind, Readonly<Record<string, number>>>();
const hosts: { readonly kind: Kind; readonly host: Host }[] = [];
try {
  for (const kind of ALL) hosts.push({ kind, host: await start(kind) });
  for (const round of rounds(options.rounds)) {
    const first = round % hosts.length;
    for (const { kind, host } of [...hosts.slice(first), ...hosts.slice(0, first)]) {
      measured[kind].push(await drive(host));
    }
  }
  // The last plans' shadow work.
  await sleep(3000);
  for (const { kind, host } of hosts) results.set(kind, await resultsOf(host));
} finally {
  for (const { host } of hosts) host.stop();
  await Promise.all(hosts.map(({ host }) => host.ended));
  rmSync(folder, { recursive: true, force: true });
}

const everyRound = [...measured.none.keys()];
/** p99 of all answers of some rounds over that without shadow arms in the same rounds. */
function pooledRatio(of: readonly Driven[], some: readonly number[]): number {
  const p99 = (which: readonly Driven[]) =>
    quantile(
      some.flatMap((round) => which[round]?.times ?? []),
      0.99,
    );
  return p99(of) / p99(measured.none);
}

function figuresOf(kind: Kind) {
  const of = measured[kind];
  // Paired by round: a neighbour's burst on the processors is in one round and not in the others.
  const ratio = (what: 'p50Us' | 'p99Us') =>
    median(of.map((one, round) => one[what] / (measured.none[round]?.[what] ?? Number.NaN)));
  const resamples = 1000;
  const interval = bootstrap95(everyRound, (sample) => pooledRatio(of, sample), { resamples });
  const ended = kind === 'none' ? {} : (results.get(kind) ?? {});
  const sessions = Object.values(ended).reduce((sum, count) => sum + count, 0);
  const all = of.flatMap(({ times }) => times);
  return {
    shadowArms: KINDS[kind],
    answers: all.length,
    results: ended,
    p50Us: median(of.map(({ p50Us }) => p50Us)),
    p99Us: median(of.map(({ p99Us }) => p99Us)),
    p50Ratio: ratio('p50Us'),
    p99Ratio: ratio('p99Us'),
    pooledP99Us: quantile(all, 0.99),
    pooledP99Ratio: pooledRatio(of, everyRound),
    pooledP99RatioCi95: [interval.low, interval.high],
    droppedShare: sessions === 0 ? 0 : 1 - (ended['stored'] ?? 0) / sessions,
    rounds: of.map(({ p50Us, p99Us }) => [p50Us, p99Us]),
  };
}

const figures = { none: figuresOf('none'), one: figuresOf('one'), three: figuresOf('three') };
const out = writeResult(options.out, 'shadow', {
  plans: options.plans,
  periodMs: options['period-ms'],
  maxWaitShare: options['max-wait-share'],
  ...figures,
});

const table = plainTable({
  head: [
    'shadow arms',
    'answers',
    'p50 us',
    'p99 us',
    'p50 / none',
    'p99 / none',
    'p99 of all / none (95 %)',
    'dropped',
  ],
});
for (const of of Object.values(figures)) {
  table.push([
    of.shadowArms,
    of.answers,
    of.p50Us.toFixed(0),
    of.p99Us.toFixed(0),
    of.p50Ratio.toFixed(3),
    of.p99Ratio.toFixed(3),
    `${of.pooledP99Ratio.toFixed(3)} (${of.pooledP99RatioCi95.map((one) => one.toFixed(2)).join(' to ')})`,
    of.shadowArms === 0 ? '' : `${(100 * of.droppedShare).toFixed(1)} %`,
  ]);
}
process.stdout.write(
  `${table}\nmedians of ${options.rounds} rounds, ratios paired by round, and of all their answers together; ${out}\n`,
);
