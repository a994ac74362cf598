// Round-trip time of an iteration question: our host with `plateau`, with the learned `convergence` as it comes and with
// its model asked at every iteration, a bare grpc-js echo and a C++ echo, the same client and messages, interleaved in one
// run; then their throughput with several streams.
// Placement on processors dominates such times, so only the ratios count.
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { execa } from 'execa';
import { median } from '../lib/figures.mjs';
import { cpuSeconds } from '../lib/processes.mjs';
import { plainTable, writeResult } from '../lib/report.mjs';
import { startHost, startServer } from '../lib/servers.mjs';

const DOUBLES = [0, 351, 4_000, 20_000];
/** Questions of each stream that the client does not count. */
const WARM_UP = 300;

const { values: options } = parseArgs({
  options: {
    rounds: { type: 'string', default: '7' },
    messages: { type: 'string', default: '3000' },
    streams: { type: 'string', default: '16' },
    out: { type: 'string', default: 'out/bench' },
    build: { type: 'string', default: 'build/cpp' },
  },
});

const client = join(options.build, 'bench/rtt_client');

/** Several streams at once, without vectors. The client runs beside the server, so processor time says more than wall time. */
async function measureLoad({ address, pid }) {
  const before = cpuSeconds(pid);
  const { stdout } = await execa(client, [
    `--address=${address}`,
    `--streams=${options.streams}`,
    `--messages=${options.messages}`,
  ]);
  const { answersPerS, messages, p50Us, p99Us } = JSON.parse(stdout);
  const cpuUsPerAnswer =
    ((cpuSeconds(pid) - before) * 1e6) / (messages + WARM_UP * Number(options.streams));
  return { answersPerS, cpuUsPerAnswer, p50Us, p99Us, messages };
}

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

const servers = [
  {
    name: 'advisor',
    plugin: 'plateau',
    ...(await startHost('bench/rtt/plateau-only.yaml')),
  },
  {
    name: 'advisor-model',
    plugin: 'convergence',
    ...(await startHost('bench/rtt/convergence-only.yaml')),
  },
  {
    name: 'advisor-model-each',
    plugin: 'convergence, asked each time',
    ...(await startHost('bench/rtt/convergence-each.yaml')),
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
const loads = new Map();
try {
  for (let round = 0; round < Number(options.rounds); round += 1) {
    process.stderr.write(`round ${round + 1} of ${options.rounds}\n`);
    for (const doubles of DOUBLES) {
      for (const server of servers) {
        const key = `${server.name} ${doubles}`;
        samples.set(key, [...(samples.get(key) ?? []), await measure(server.address, doubles)]);
      }
    }
    for (const server of servers) {
      loads.set(server.name, [...(loads.get(server.name) ?? []), await measureLoad(server)]);
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

const table = plainTable({
  head: ['server', 'doubles', 'p50 us', 'p99 us', 'p50 / grpc-js echo', 'p50 / C++ echo'],
});
const rowOf = (server, doubles) =>
  rows.find((row) => row.server === server && row.doubles === doubles);
for (const row of rows) {
  table.push([
    row.plugin ? `${row.server} (${row.plugin})` : row.server,
    row.doubles,
    row.p50Us.toFixed(1),
    row.p99Us.toFixed(1),
    (row.p50Us / rowOf('grpc-js-echo', row.doubles).p50Us).toFixed(2),
    (row.p50Us / rowOf('cpp-echo', row.doubles).p50Us).toFixed(2),
  ]);
}
const loadRows = servers.map(({ name, plugin }) => {
  const runs = loads.get(name);
  return {
    server: name,
    plugin,
    streams: Number(options.streams),
    answersPerS: median(runs.map((run) => run.answersPerS)),
    answersPerCpuS: 1e6 / median(runs.map((run) => run.cpuUsPerAnswer)),
    p50Us: median(runs.map((run) => run.p50Us)),
    p99Us: median(runs.map((run) => run.p99Us)),
  };
});
const loadTable = plainTable({
  head: ['server', 'streams', 'answers/s', 'answers / processor second', 'p50 us', 'p99 us'],
});
for (const row of loadRows) {
  loadTable.push([
    row.plugin ? `${row.server} (${row.plugin})` : row.server,
    row.streams,
    row.answersPerS.toFixed(0),
    row.answersPerCpuS.toFixed(0),
    row.p50Us.toFixed(0),
    row.p99Us.toFixed(0),
  ]);
}
const file = writeResult(options.out, 'rtt', { rows, loadRows });
process.stdout.write(
  `${table}\n${loadTable}\nmedians over ${options.rounds} interleaved rounds; ${file}\n`,
);
