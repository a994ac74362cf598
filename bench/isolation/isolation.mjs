// What a process of its own costs an answer: one plugin in the thread that serves, in a process, and its twin in Python, each with the
// gradient of every iteration, the same client and messages, interleaved in one run.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { execa } from 'execa';
import { median } from '../lib/figures.mjs';
import { plainTable, writeResult } from '../lib/report.mjs';
import { startHost } from '../lib/servers.mjs';

const DOUBLES = [0, 351, 4_000, 20_000];

const { values: options } = parseArgs({
  options: {
    rounds: { type: 'string', default: '7' },
    messages: { type: 'string', default: '2000' },
    out: { type: 'string', default: 'out/bench' },
    build: { type: 'string', default: 'build/cpp' },
    python: { type: 'string', default: '.venv/bin/python' },
  },
});

const folder = mkdtempSync(join(tmpdir(), 'dh-advisor-bench-'));

async function start(name, plugin, isolation) {
  const file = join(folder, `${name}.yaml`);
  const python = resolve(options.python);
  writeFileSync(
    file,
    `version: 1
server: { address: '127.0.0.1:0' }
operator: { address: '127.0.0.1:0' }
http: { address: '127.0.0.1:0' }
plugins: { directories: ['${resolve('bench/isolation/plugins')}'], isolation: { default: ${isolation}, python: '${python}' } }
roles: { early-stopping: { plugin: ${plugin}, deadline_ms: 5000 } }
`,
  );
  const host = await startHost(file);
  // Its plugin's process is its only child.
  const children = readFileSync(`/proc/${host.pid}/task/${host.pid}/children`, 'utf8').trim();
  return { name, ...host, child: children.split(' ').filter((pid) => pid !== '')[0] };
}

function residentMb(pid) {
  if (pid === undefined) return undefined;
  const [, kb] = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  return Number(kb) / 1024;
}

async function measure(address, doubles) {
  const { stdout } = await execa(join(options.build, 'bench/rtt_client'), [
    `--address=${address}`,
    `--doubles=${doubles}`,
    `--messages=${options.messages}`,
  ]);
  return JSON.parse(stdout);
}

const hosts = [
  await start('inline', 'first-slope', 'inline'),
  await start('process', 'first-slope', 'process'),
  await start('python', 'first-slope-python', 'process'),
];
const samples = new Map();
let memory;
try {
  for (let round = 0; round < Number(options.rounds); round += 1) {
    process.stderr.write(`round ${round + 1} of ${options.rounds}\n`);
    for (const doubles of DOUBLES) {
      for (const { name, address } of hosts) {
        const key = `${name} ${doubles}`;
        samples.set(key, [...(samples.get(key) ?? []), await measure(address, doubles)]);
      }
    }
  }
  memory = Object.fromEntries(hosts.map(({ name, child }) => [name, residentMb(child)]));
} finally {
  for (const host of hosts) host.stop();
  rmSync(folder, { recursive: true });
}

const rows = hosts.flatMap(({ name }) =>
  DOUBLES.map((doubles) => {
    const runs = samples.get(`${name} ${doubles}`);
    const p50Us = median(runs.map((run) => run.p50Us));
    const p99Us = median(runs.map((run) => run.p99Us));
    return { where: name, doubles, p50Us, p99Us, processMb: memory[name] };
  }),
);
const table = plainTable({
  head: ['plugin runs', 'doubles', 'p50 us', 'p99 us', 'p50 more than inline, us', 'process MB'],
});
for (const row of rows) {
  const inline = rows.find(({ where, doubles }) => where === 'inline' && doubles === row.doubles);
  table.push([
    row.where,
    row.doubles,
    row.p50Us.toFixed(0),
    row.p99Us.toFixed(0),
    (row.p50Us - inline.p50Us).toFixed(0),
    row.processMb?.toFixed(0) ?? '',
  ]);
}
const file = writeResult(options.out, 'isolation', { rows });
process.stdout.write(`${table}\nmedians over ${options.rounds} interleaved rounds; ${file}\n`);
