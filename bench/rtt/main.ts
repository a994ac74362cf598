// Round-trip time of an iteration question: our host with `plateau`, with the learned `convergence` as it comes and with
// its model asked at every iteration, a bare grpc-js echo and a C++ echo, the same client and messages, interleaved in one
// run; then their throughput with several streams.
// Placement on processors dominates such times, so only the ratios count.
import { join } from 'node:path';
import { Samples } from '../lib/figures.js';
import { readOptions } from '../lib/options.js';
import { cpuSeconds } from '../lib/processes.js';
import { plainTable, rounds, writeResult } from '../lib/report.js';
import { type RoundTrips, roundTrips, WARM_UP } from '../lib/rtt-client.js';
import { type Server, startHost, startServer } from '../lib/servers.js';

const DOUBLES = [0, 351, 4_000, 20_000];

const options = readOptions({
  rounds: 7,
  messages: 3000,
  streams: 16,
  out: 'out/bench',
  build: 'build/cpp',
});
const { build, streams } = options;

interface Load extends RoundTrips {
  readonly cpuUsPerAnswer: number;
}

/** Several streams at once, without vectors. The client runs beside the server, so processor time says more than wall time. */
async function measureLoad({ address, pid }: Server): Promise<Load> {
  const before = cpuSeconds(pid);
  const load = await roundTrips(build, { address, streams, messages: options.messages });
  const answers = load.messages + WARM_UP * streams;
  return { ...load, cpuUsPerAnswer: ((cpuSeconds(pid) - before) * 1e6) / answers };
}

function measure({ address }: Server, doubles: number): Promise<RoundTrips> {
  // Large messages take longer and vary less; a third of them is enough.
  const messages = Math.ceil(options.messages / (doubles >= 4_000 ? 3 : 1));
  return roundTrips(build, { address, doubles, messages });
}

interface Contender {
  readonly name: string;
  /** Null of a bare echo. */
  readonly plugin: string | null;
  readonly server: Server;
}

const echo = join(import.meta.dirname, 'grpc-js-echo.js');
const contenders: readonly Contender[] = [
  { name: 'advisor', plugin: 'plateau', server: await startHost('bench/rtt/plateau-only.yaml') },
  {
    name: 'advisor-model',
    plugin: 'convergence',
    server: await startHost('bench/rtt/convergence-only.yaml'),
  },
  {
    name: 'advisor-model-each',
    plugin: 'convergence, asked each time',
    server: await startHost('bench/rtt/convergence-each.yaml'),
  },
  { name: 'grpc-js-echo', plugin: null, server: await startServer('node', [echo]) },
  { name: 'cpp-echo', plugin: null, server: await startServer(join(build, 'bench/cpp_echo')) },
];

const samples = new Samples<RoundTrips>();
const loads = new Samples<Load>();
try {
  for (const _ of rounds(options.rounds)) {
    for (const doubles of DOUBLES) {
      for (const { name, server } of contenders) {
        samples.add(`${name} ${doubles}`, await measure(server, doubles));
      }
    }
    for (const { name, server } of contenders) loads.add(name, await measureLoad(server));
  }
} finally {
  for (const { server } of contenders) server.stop();
}

const rows = contenders.flatMap(({ name, plugin }) =>
  DOUBLES.map((doubles) => {
    const key = `${name} ${doubles}`;
    return {
      server: name,
      plugin,
      doubles,
      p50Us: samples.median(key, ({ p50Us }) => p50Us),
      p99Us: samples.median(key, ({ p99Us }) => p99Us),
      messages: samples.of(key).reduce((sum, run) => sum + run.messages, 0),
    };
  }),
);
const labelOf = (row: { readonly server: string; readonly plugin: string | null }) =>
  row.plugin === null ? row.server : `${row.server} (${row.plugin})`;
const over = (p50Us: number, name: string, doubles: number) =>
  (p50Us / samples.median(`${name} ${doubles}`, (sample) => sample.p50Us)).toFixed(2);

const table = plainTable({
  head: ['server', 'doubles', 'p50 us', 'p99 us', 'p50 / grpc-js echo', 'p50 / C++ echo'],
});
for (const row of rows) {
  table.push([
    labelOf(row),
    row.doubles,
    row.p50Us.toFixed(1),
    row.p99Us.toFixed(1),
    over(row.p50Us, 'grpc-js-echo', row.doubles),
    over(row.p50Us, 'cpp-echo', row.doubles),
  ]);
}
const loadRows = contenders.map(({ name, plugin }) => ({
  server: name,
  plugin,
  streams,
  answersPerS: loads.median(name, (load) => load.answersPerS),
  answersPerCpuS: 1e6 / loads.median(name, (load) => load.cpuUsPerAnswer),
  p50Us: loads.median(name, (load) => load.p50Us),
  p99Us: loads.median(name, (load) => load.p99Us),
}));
const loadTable = plainTable({
  head: ['server', 'streams', 'answers/s', 'answers / processor second', 'p50 us', 'p99 us'],
});
for (const row of loadRows) {
  loadTable.push([
    labelOf(row),
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
