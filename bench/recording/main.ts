// What recording costs a host: the serving thread's time per iteration, and how long its event loop is held up while a
// session is converted, beside converting on the serving thread itself.
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as delay } from 'node:timers/promises';
import { convertRecording } from '../../src/storage/recordings/convert-recording.js';
import { convertInWorker } from '../../src/workers/convert-in-worker.js';
import { median } from '../lib/figures.js';
import { readOptions } from '../lib/options.js';
import { plainTable, rounds, writeResult } from '../lib/report.js';
import { recordSession } from './record-session.js';

const options = readOptions({ iterations: 200, rounds: 5, out: 'out/bench' });
const { iterations } = options;
const LAG_RESOLUTION_MS = 1;
const work = mkdtempSync(join(tmpdir(), 'dh-advisor-bench-'));
const convert = convertInWorker(resolve('dist/src/workers/convert-worker.js'));

interface HeldUp {
  readonly ms: number;
  readonly lagMs: number;
}

/** Longest hold-up of the event loop while `job` runs, and how long that took. */
async function heldUp(job: () => Promise<unknown>): Promise<HeldUp> {
  const loop = monitorEventLoopDelay({ resolution: LAG_RESOLUTION_MS });
  loop.enable();
  await delay(20);
  const startMs = performance.now();
  await job();
  const ms = performance.now() - startMs;
  await delay(5);
  loop.disable();
  return { ms, lagMs: Math.max(0, loop.max / 1e6 - LAG_RESOLUTION_MS) };
}

/** One session: recorded, converted in a worker, and once more on this thread. */
async function measure(name: string, beamlets: number) {
  const { paths, recordUs } = await recordSession(work, name, beamlets, iterations);
  const bytes = readFileSync(paths.recording);
  const inWorker = await heldUp(() => convert(paths));
  const idle = await heldUp(() => delay(inWorker.ms));
  const parquetBytes = statSync(join(paths.trajectory, 'iterations.parquet')).size;
  rmSync(paths.trajectory, { recursive: true });
  writeFileSync(paths.recording, bytes);
  const inline = await heldUp(async () => convertRecording(paths));
  rmSync(paths.trajectory, { recursive: true });
  return {
    recordingBytes: bytes.length,
    parquetBytes,
    recordUs,
    workerMs: inWorker.ms,
    workerLagMs: inWorker.lagMs,
    idleLagMs: idle.lagMs,
    inlineLagMs: inline.lagMs,
  };
}

async function measureSize(beamlets: number) {
  const measured: Awaited<ReturnType<typeof measure>>[] = [];
  for (const round of rounds(options.rounds)) {
    measured.push(await measure(`${beamlets}-${round}`, beamlets));
  }
  const last = measured.at(-1);
  const of = (figure: keyof Awaited<ReturnType<typeof measure>>) =>
    median(measured.map((one) => one[figure]));
  return {
    beamlets,
    iterations,
    recordingBytes: last?.recordingBytes ?? 0,
    parquetBytes: last?.parquetBytes ?? 0,
    recordUs: of('recordUs'),
    workerMs: of('workerMs'),
    workerLagMs: of('workerLagMs'),
    idleLagMs: of('idleLagMs'),
    inlineLagMs: of('inlineLagMs'),
  };
}

const rows: Awaited<ReturnType<typeof measureSize>>[] = [];
for (const beamlets of [351, 3000, 12000]) rows.push(await measureSize(beamlets));
rmSync(work, { recursive: true });

const table = plainTable({
  head: [
    'beamlets',
    'us/iteration',
    'convert ms',
    'held ms',
    'idle ms',
    'inline ms',
    'MiB',
    'MiB Parquet',
  ],
});
for (const row of rows) {
  table.push([
    row.beamlets,
    row.recordUs.toFixed(1),
    row.workerMs.toFixed(0),
    row.workerLagMs.toFixed(1),
    row.idleLagMs.toFixed(1),
    row.inlineLagMs.toFixed(0),
    (row.recordingBytes / 2 ** 20).toFixed(1),
    (row.parquetBytes / 2 ** 20).toFixed(1),
  ]);
}
console.log(
  `recording: ${iterations} iterations of four vectors, medians of ${options.rounds} rounds`,
);
console.log(table.toString());
console.log(
  'us/iteration: on the serving thread. held: longest hold-up of its loop while a worker converts; idle: the',
);
console.log(
  'same with nothing to do for as long (a busy machine shows here); inline: converting on the loop itself.',
);
const result = { cpus: cpus().length, rounds: options.rounds, rows };
console.log(writeResult(options.out, 'recording', result));
