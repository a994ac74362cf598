// What the journal of decisions costs a host: the same host with and without it, the same client and messages, interleaved in one run; and the
// serving thread's time for one iteration's advice and verdict, whose vectors are hashed.
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { parseArgs } from 'node:util';
import { execa } from 'execa';
import { nodeJournalFiles } from '../../dist/src/storage/journals/journal-files.js';
import { JournalTail, JournalWriter } from '../../dist/src/storage/journals/journal-writer.js';
import { SessionJournal } from '../../dist/src/storage/journals/session-journal.js';
import { systemClock } from '../../dist/src/system/system-clock.js';
import { median } from '../lib/figures.mjs';
import { cpuSeconds } from '../lib/processes.mjs';
import { plainTable, writeResult } from '../lib/report.mjs';
import { startHost } from '../lib/servers.mjs';

const { values: options } = parseArgs({
  options: {
    rounds: { type: 'string', default: '7' },
    messages: { type: 'string', default: '3000' },
    streams: { type: 'string', default: '16' },
    iterations: { type: 'string', default: '2000' },
    out: { type: 'string', default: 'out/bench' },
    build: { type: 'string', default: 'build/cpp' },
  },
});
const client = join(options.build, 'bench/rtt_client');
const work = mkdtempSync(join(tmpdir(), 'dh-advisor-bench-'));
const rounds = Number(options.rounds);

/** A host with one role, which keeps journals or does not. */
async function startKeeping(isKeeping) {
  const directory = join(work, 'journals');
  const file = join(work, `${isKeeping}.yaml`);
  const base = readFileSync('bench/rtt/plateau-only.yaml', 'utf8');
  writeFileSync(file, `${base}\njournals: { enabled: ${isKeeping}, directory: ${directory} }\n`);
  return startHost(file);
}

async function ask(address, ...args) {
  const { stdout } = await execa(client, [
    `--address=${address}`,
    `--messages=${options.messages}`,
    ...args,
  ]);
  return JSON.parse(stdout);
}

async function measure({ address, pid }) {
  const { p50Us, p99Us } = await ask(address, '--doubles=351');
  const before = cpuSeconds(pid);
  const { answersPerS, messages } = await ask(address, `--streams=${options.streams}`);
  return { p50Us, p99Us, answersPerS, cpuUs: ((cpuSeconds(pid) - before) * 1e6) / messages };
}

/** Microseconds of the serving thread for each iteration, and the bytes of the journal for each. */
async function thread(n) {
  const fail = (thrown) => {
    throw new Error('the disk refused', { cause: thrown });
  };
  const writer = new JournalWriter({
    clock: systemClock,
    files: nodeJournalFiles,
    onWritten: () => {},
    onFailed: fail,
    onGivenUp: fail,
  });
  const path = join(work, `${n}.journal`);
  const journal = new SessionJournal({
    opening: { kind: 'draining', ms: 0 },
    tail: new JournalTail(path, writer),
    nowMs: () => performance.now(),
    onMissing: () => fail('no room'),
    onClosed: () => {},
  });
  const direction = Float64Array.from({ length: n }, Math.random);
  const common = { generation: 1, latencyUs: 7, isFinal: false, isFailure: false, reason: '' };
  const spentUs = [];
  for (let iteration = 0; iteration < Number(options.iterations); iteration += 1) {
    const startMs = performance.now();
    const place = /** @type {const} */ ({ kind: 'iteration', level: 0, stage: 0, iteration });
    journal.answered({
      ...place,
      advices: {
        'step-direction': {
          ...common,
          role: 'step-direction',
          outcome: 'applied',
          detail: undefined,
          outOfDistributionScore: 0,
          value: { space: 'weights', direction },
        },
      },
    });
    journal.receipt({
      kind: 'receipt',
      role: 'step-direction',
      verdict: 'accepted',
      level: 0,
      iteration,
    });
    spentUs.push((performance.now() - startMs) * 1000);
    // As in a host, the loop turns between events.
    await new Promise(setImmediate);
  }
  journal.close('finished');
  await writer.close();
  return { us: median(spentUs), bytes: statSync(path).size / Number(options.iterations) };
}

const names = /** @type {const} */ (['without', 'with']);
const hosts = { without: await startKeeping(false), with: await startKeeping(true) };
const samples = { without: [], with: [] };
try {
  for (let round = 0; round < rounds; round += 1) {
    process.stderr.write(`round ${round + 1} of ${rounds}\n`);
    for (const name of names) samples[name].push(await measure(hosts[name]));
  }
} finally {
  for (const name of names) hosts[name].stop();
}
await Promise.all(names.map((name) => hosts[name].ended));
const rows = names.map((name) => {
  const of = (key) => median(samples[name].map((sample) => sample[key]));
  return {
    journals: name,
    p50Us: of('p50Us'),
    p99Us: of('p99Us'),
    answersPerS: of('answersPerS'),
    cpuUs: of('cpuUs'),
  };
});
const files = readdirSync(join(work, 'journals')).map((name) =>
  statSync(join(work, 'journals', name)),
);
const threads = [];
for (const beamlets of [351, 3000, 20_000]) threads.push({ beamlets, ...(await thread(beamlets)) });
rmSync(work, { recursive: true });

const table = plainTable({ head: ['journals', 'p50 us', 'p99 us', 'answers/s', 'CPU us/answer'] });
for (const { journals, p50Us, p99Us, answersPerS, cpuUs } of rows) {
  const figures = [p50Us, p99Us, answersPerS, cpuUs].map((figure) => figure.toFixed(1));
  table.push([journals, ...figures]);
}
console.log(`journal: medians of ${rounds} rounds, one role, ${options.streams} streams`);
console.log(table.toString());
const inThread = plainTable({ head: ['beamlets', 'us/iteration', 'bytes/iteration'] });
for (const { beamlets, us, bytes } of threads) {
  inThread.push([beamlets, us.toFixed(1), bytes.toFixed(1)]);
}
console.log('on the serving thread, for a direction and its verdict:');
console.log(inThread.toString());
console.log(writeResult(options.out, 'journal', { rounds, rows, threads, files: files.length }));
