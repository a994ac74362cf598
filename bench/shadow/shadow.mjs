// What shadow arms cost the plans that others serve: three hosts, the same but for none, one and three shadow arms, are driven in turn, in
// another order each round; the others idle meanwhile. Times are of the answers to iterations, which a model gives.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { bootstrap95 } from '../../dist/evaluation/measures/statistics.js';
import { median, quantile } from '../lib/figures.mjs';
import { PacedPlans } from '../lib/paced-plans.mjs';
import { plainTable, writeResult } from '../lib/report.mjs';
import { startHost } from '../lib/servers.mjs';

const { values: options } = parseArgs({
  options: {
    plans: { type: 'string', default: '16' },
    'period-ms': { type: 'string', default: '20' },
    rounds: { type: 'string', default: '10' },
    seconds: { type: 'string', default: '6' },
    'max-wait-share': { type: 'string', default: '0.05' },
    out: { type: 'string', default: 'out/bench' },
  },
});
const rounds = Number(options.rounds);
const WARM_UP_MS = 1500;

const SHADOWS = [
  '{ id: stopping, roles: { early-stopping: { plugin: convergence, settings: { tolerance: 0.01 } } } }',
  '{ id: starts, roles: { initialization: { plugin: warm-start } } }',
  '{ id: both, roles: { initialization: { plugin: warm-start }, early-stopping: { plugin: convergence } } }',
];
const KINDS = { none: 0, one: 1, three: 3 };

const configuration = (shadows) => `version: 1
server: { address: '127.0.0.1:0', max_sessions: 128, max_sessions_per_client: 128 }
operator: { address: '127.0.0.1:0' }
http: { address: '127.0.0.1:0' }
shadows: { max_wait_share: ${options['max-wait-share']} }
models: { inline_below_ms: 5 }   # on a busy machine the trial may measure more than the model takes
roles:
  initialization: { plugin: uniform, deadline_ms: 1000 }
  early-stopping: { plugin: convergence, deadline_ms: 1000 }
experiments:
  - id: shadowed
    unit: plan
    arms:
      - { id: shipped, weight: 1 }
      - { id: same, weight: 1, roles: { initialization: { plugin: uniform } } }
    control: shipped
    primary: { metric: iterations }
    shadow_arms: [${SHADOWS.slice(0, shadows).join(', ')}]
`;

/** What became of sessions in the eyes of shadow arms, so far. */
async function resultsOf({ httpAddress }) {
  const text = await (await fetch(`http://${httpAddress}/metrics`)).text();
  const results = {};
  for (const line of text.split('\n')) {
    const [, result, count] =
      /^dh_advisor_experiment_shadow_sessions_total\{.*result="([^"]+)".*\} (\d+)/.exec(line) ?? [];
    if (result !== undefined) results[result] = (results[result] ?? 0) + Number(count);
  }
  return results;
}

async function drive(host) {
  const { address } = host;
  const plans = new PacedPlans({
    address,
    plans: Number(options.plans),
    periodMs: Number(options['period-ms']),
    iterations: 100,
    kind: 'large',
  });
  await plans.open;
  await sleep(WARM_UP_MS);
  plans.phase('measured');
  await sleep(Number(options.seconds) * 1000);
  plans.phase('over');
  const { timesUs, counts } = await plans.end();
  if (counts.streamErrors > 0) throw new Error(`${counts.streamErrors} streams broke`);
  const times = new Map(timesUs).get('measured') ?? [];
  // A machine that stood still for the whole time.
  if (times.length === 0) return drive(host);
  return { times, p50Us: quantile(times, 0.5), p99Us: quantile(times, 0.99) };
}

const folder = mkdtempSync(join(tmpdir(), 'dh-advisor-shadow-'));
const hosts = {};
const measured = { none: [], one: [], three: [] };
const dropped = {};
try {
  for (const [kind, shadows] of Object.entries(KINDS)) {
    const file = join(folder, kind, 'host.yaml');
    mkdirSync(join(folder, kind));
    writeFileSync(file, configuration(shadows));
    hosts[kind] = await startHost(file);
  }
  for (let round = 0; round < rounds; round += 1) {
    process.stderr.write(`round ${round + 1} of ${rounds}\n`);
    const order = Object.keys(KINDS);
    for (let n = 0; n < order.length; n += 1) {
      const kind = order[(n + round) % order.length];
      measured[kind].push(await drive(hosts[kind]));
    }
  }
  // The last plans' shadow work.
  await sleep(3000);
  for (const kind of ['one', 'three']) dropped[kind] = await resultsOf(hosts[kind]);
} finally {
  for (const host of Object.values(hosts)) host.stop();
  await Promise.all(Object.values(hosts).map(({ ended }) => ended));
  rmSync(folder, { recursive: true, force: true });
}

const everyRound = measured.none.map((_, round) => round);
/** p99 of all answers of some rounds over that without shadow arms in the same rounds. */
const pooledRatio = (of, rounds) => {
  const p99 = (which) =>
    quantile(
      rounds.flatMap((round) => which[round].times),
      0.99,
    );
  return p99(of) / p99(measured.none);
};

const figures = {};
for (const [kind, of] of Object.entries(measured)) {
  // Paired by round: a neighbour's burst on the processors is in one round and not in the others.
  const ratios = (what) => of.map((one, round) => one[what] / measured.none[round][what]);
  const { low, high } = bootstrap95(everyRound, (sample) => pooledRatio(of, sample), {
    resamples: 1000,
  });
  const results = dropped[kind] ?? {};
  const sessions = Object.values(results).reduce((sum, count) => sum + count, 0);
  const all = of.flatMap(({ times }) => times);
  figures[kind] = {
    shadowArms: KINDS[kind],
    answers: all.length,
    results,
    p50Us: median(of.map((one) => one.p50Us)),
    p99Us: median(of.map((one) => one.p99Us)),
    p50Ratio: median(ratios('p50Us')),
    p99Ratio: median(ratios('p99Us')),
    pooledP99Us: quantile(all, 0.99),
    pooledP99Ratio: pooledRatio(of, everyRound),
    pooledP99RatioCi95: [low, high],
    droppedShare: sessions === 0 ? 0 : 1 - (results.stored ?? 0) / sessions,
    rounds: of.map(({ p50Us, p99Us }) => [p50Us, p99Us]),
  };
}
const result = {
  plans: Number(options.plans),
  periodMs: Number(options['period-ms']),
  maxWaitShare: Number(options['max-wait-share']),
  ...figures,
};
const out = writeResult(options.out, 'shadow', result);

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
  `${table}\nmedians of ${rounds} rounds, ratios paired by round, and of all their answers together; ${out}\n`,
);
