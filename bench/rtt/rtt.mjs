// Round-trip time of an iteration question: our host with `plateau`, a bare grpc-js echo and a C++ echo, the same client
// and messages, interleaved in one run. Placement on processors dominates such times, so only the ratios count.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import Table from 'cli-table3';
import { execa } from 'execa';
import { startHost, startServer } from '../servers.mjs';

const DOUBLES = [0, 351, 4_000, 20_000];

const { values: options } = parseArgs({
  options: {
    rounds: { type: 'string', default: '7' },
    messages: { type: 'string', default: '3000' },
    out: { type: 'string', default: 'out/bench' },
    build: { type: 'string', default: 'build/cpp' },
  },
});

const client = join(options.build, 'bench/rtt_client');

async function measure(address, doubles) {
  // Large messages take longer and vary less; a third of them is enough.
  const messages = Math.ceil(Number(options.messages) / (doubles >= 4_000 ? 3 : 1));
  const { stdout } = await execa(client, [
    `--address=${address}`,
    `--doubles=${doubles}`,
    `--messages=${messages}`,
  ]);
  return JSON.parse(stdout);
}

const median = (values) => values.toSorted((a, b) => a - b)[values.length >> 1];

const servers = [
  {
    name: 'advisor',
    plugin: 'plateau',
    ...(await startHost('bench/rtt/plateau-only.yaml')),
  },
  {
    name: 'grpc-js-echo',
    plugin: null,
    ...(await startServer('node', ['bench/rtt/grpc-js-echo.mjs'])),
  },
  {
    name: 'cpp-echo',
    plugin: null,
    ...(await startServer(join(options.build, 'bench/cpp_echo'), [])),
  },
];

const samples = new Map();
try {
  for (let round = 0; round < Number(options.rounds); round += 1) {
    process.stderr.write(`round ${round + 1} of ${options.rounds}\n`);
    for (const doubles of DOUBLES) {
      for (const server of servers) {
        const key = `${server.name} ${doubles}`;
        samples.set(key, [...(samples.get(key) ?? []), await measure(server.address, doubles)]);
      }
    }
  }
} finally {
  for (const server of servers) server.stop();
}

const rows = servers.flatMap(({ name, plugin }) =>
  DOUBLES.map((doubles) => {
    const runs = samples.get(`${name} ${doubles}`);
    return {
      server: name,
      plugin,
      doubles,
      p50Us: median(runs.map(({ p50Us }) => p50Us)),
      p99Us: median(runs.map(({ p99Us }) => p99Us)),
      messages: runs.reduce((sum, run) => sum + run.messages, 0),
    };
  }),
);

const table = new Table({
  head: ['server', 'doubles', 'p50 us', 'p99 us', 'p50 / grpc-js echo', 'p50 / C++ echo'],
  style: { head: [], border: [], compact: true },
});
const of = (server, doubles) =>
  rows.find((row) => row.server === server && row.doubles === doubles);
for (const row of rows) {
  table.push([
    row.plugin ? `${row.server} (${row.plugin})` : row.server,
    row.doubles,
    row.p50Us.toFixed(1),
    row.p99Us.toFixed(1),
    (row.p50Us / of('grpc-js-echo', row.doubles).p50Us).toFixed(2),
    (row.p50Us / of('cpp-echo', row.doubles).p50Us).toFixed(2),
  ]);
}
mkdirSync(options.out, { recursive: true });
writeFileSync(join(options.out, 'rtt.json'), `${JSON.stringify({ rows }, null, 1)}\n`);
process.stdout.write(
  `${table}\nmedians over ${options.rounds} interleaved rounds; ${join(options.out, 'rtt.json')}\n`,
);
