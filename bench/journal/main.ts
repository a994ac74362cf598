// What the journal of decisions costs a host: the same host with and without it, the same client and messages, interleaved in one run; and the
// serving thread's time for one iteration's advice and verdict, whose vectors are hashed.
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Samples } from '../lib/figures.js';
import { readOptions } from '../lib/options.js';
import { cpuSeconds } from '../lib/processes.js';
import { plainTable, rounds, writeResult } from '../lib/report.js';
import { roundTrips } from '../lib/rtt-client.js';
import { type Host, startHost } from '../lib/servers.js';
import { type ThreadCost, threadCost } from './thread-cost.js';

const options = readOptions({
  rounds: 7,
  messages: 3000,
  streams: 16,
  iterations: 2000,
  out: 'out/bench',
  build: 'build/cpp',
});
const { build, messages, streams, iterations } = options;
const work = mkdtempSync(join(tmpdir(), 'dh-advisor-bench-'));
const directory = join(work, 'journals');

/** A host with one role, which keeps journals or does not. */
async function startKeeping(isKeeping: boolean): Promise<Host> {
  const file = join(work, `${isKeeping}.yaml`);
  const base = readFileSync('bench/rtt/plateau-only.yaml', 'utf8');
  writeFileSync(file, `${base}\njournals: { enabled: ${isKeeping}, directory: ${directory} }\n`);
  return startHost(file);
}

interface Measured {
  readonly p50Us: number;
  readonly p99Us: number;
  readonly answersPerS: number;
  readonly cpuUs: number;
}

async function measure({ address, pid }: Host): Promise<Measured> {
  const { p50Us, p99Us } = await roundTrips(build, { address, messages, doubles: 351 });
  const before = cpuSeconds(pid);
  const load = await roundTrips(build, { address, messages, streams });
  const cpuUs = ((cpuSeconds(pid) - before) * 1e6) / load.messages;
  return { p50Us, p99Us, answersPerS: load.answersPerS, cpuUs };
}

const hosts = { without: await startKeeping(false), with: await startKeeping(true) };
const named = Object.entries(hosts);
const samples = new Samples<Measured>();
try {
  for (const _ of rounds(options.rounds)) {
    for (const [name, host] of named) samples.add(name, await measure(host));
  }
} finally {
  for (const [, host] of named) host.stop();
}
await Promise.all(named.map(([, { ended }]) => ended));
const rows = named.map(([name]) => ({
  journals: name,
  p50Us: samples.median(name, ({ p50Us }) => p50Us),
  p99Us: samples.median(name, ({ p99Us }) => p99Us),
  answersPerS: samples.median(name, ({ answersPerS }) => answersPerS),
  cpuUs: samples.median(name, ({ cpuUs }) => cpuUs),
}));
const files = readdirSync(directory).length;
const threads: ThreadCost[] = [];
for (const beamlets of [351, 3000, 20_000]) {
  threads.push(await threadCost(join(work, `${beamlets}.journal`), beamlets, iterations));
}
rmSync(work, { recursive: true });

const table = plainTable({ head: ['journals', 'p50 us', 'p99 us', 'answers/s', 'CPU us/answer'] });
for (const { journals, p50Us, p99Us, answersPerS, cpuUs } of rows) {
  const figures = [p50Us, p99Us, answersPerS, cpuUs].map((figure) => figure.toFixed(1));
  table.push([journals, ...figures]);
}
console.log(`journal: medians of ${options.rounds} rounds, one role, ${streams} streams`);
console.log(table.toString());
const inThread = plainTable({ head: ['beamlets', 'us/iteration', 'bytes/iteration'] });
for (const { beamlets, us, bytes } of threads) {
  inThread.push([beamlets, us.toFixed(1), bytes.toFixed(1)]);
}
console.log('on the serving thread, for a direction and its verdict:');
console.log(inThread.toString());
console.log(writeResult(options.out, 'journal', { rounds: options.rounds, rows, threads, files }));
