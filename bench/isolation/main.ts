// What a process of its own costs an answer: one plugin in the thread that serves, in a process, and its twin in Python, each with the
// gradient of every iteration, the same client and messages, interleaved in one run.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Samples } from '../lib/figures.js';
import { readOptions } from '../lib/options.js';
import { residentMb } from '../lib/processes.js';
import { plainTable, rounds, writeResult } from '../lib/report.js';
import { type RoundTrips, roundTrips } from '../lib/rtt-client.js';
import { type Host, startHost } from '../lib/servers.js';

const DOUBLES = [0, 351, 4_000, 20_000];

const { out, build, python, ...options } = readOptions({
  rounds: 7,
  messages: 2000,
  out: 'out/bench',
  build: 'build/cpp',
  python: '.venv/bin/python',
});

const folder = mkdtempSync(join(tmpdir(), 'dh-advisor-bench-'));

interface Contender {
  readonly where: string;
  readonly host: Host;
  /** The process of its plugin; undefined where that runs in the host. */
  readonly child: number | undefined;
}

async function start(
  where: string,
  plugin: string,
  isolation: 'inline' | 'process',
): Promise<Contender> {
  const file = join(folder, `${where}.yaml`);
  writeFileSync(
    file,
    `version: 1
server: { address: '127.0.0.1:0' }
operator: { address: '127.0.0.1:0' }
http: { address: '127.0.0.1:0' }
plugins: { directories: ['${resolve('bench/isolation/plugins')}'], isolation: { default: ${isolation}, python: '${resolve(python)}' } }
roles: { early-stopping: { plugin: ${plugin}, deadline_ms: 5000 } }
`,
  );
  const host = await startHost(file);
  // Its plugin's process is its only child.
  const children = readFileSync(`/proc/${host.pid}/task/${host.pid}/children`, 'utf8');
  const [child] = children.match(/\d+/) ?? [];
  return { where, host, child: child === undefined ? undefined : Number(child) };
}

const contenders = [
  await start('inline', 'first-slope', 'inline'),
  await start('process', 'first-slope', 'process'),
  await start('python', 'first-slope-python', 'process'),
];
const samples = new Samples<RoundTrips>();
const processMb = new Map<string, number>();
try {
  for (const _ of rounds(options.rounds)) {
    for (const doubles of DOUBLES) {
      for (const { where, host } of contenders) {
        const { address } = host;
        const { messages } = options;
        const measured = await roundTrips(build, { address, doubles, messages });
        samples.add(`${where} ${doubles}`, measured);
      }
    }
  }
  for (const { where, child } of contenders) {
    if (child !== undefined) processMb.set(where, residentMb(child));
  }
} finally {
  for (const { host } of contenders) host.stop();
  rmSync(folder, { recursive: true });
}

const p50Us = (where: string, doubles: number) =>
  samples.median(`${where} ${doubles}`, (sample) => sample.p50Us);
const rows = contenders.flatMap(({ where }) =>
  DOUBLES.map((doubles) => ({
    where,
    doubles,
    p50Us: p50Us(where, doubles),
    p99Us: samples.median(`${where} ${doubles}`, (sample) => sample.p99Us),
    processMb: processMb.get(where),
  })),
);
const table = plainTable({
  head: ['plugin runs', 'doubles', 'p50 us', 'p99 us', 'p50 more than inline, us', 'process MB'],
});
for (const row of rows) {
  table.push([
    row.where,
    row.doubles,
    row.p50Us.toFixed(0),
    row.p99Us.toFixed(0),
    (row.p50Us - p50Us('inline', row.doubles)).toFixed(0),
    row.processMb?.toFixed(0) ?? '',
  ]);
}
const file = writeResult(out, 'isolation', { rows });
process.stdout.write(`${table}\nmedians over ${options.rounds} interleaved rounds; ${file}\n`);
