// What recording costs a host: the serving thread's time per iteration, and how long its event loop is held up while a
// session is converted, beside converting on the serving thread itself.
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay, performance } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { fakePlan } from '../../dist/src/plugin-sdk/testing/index.js';
import { convertRecording } from '../../dist/src/storage/recordings/convert-recording.js';
import { FileRecording } from '../../dist/src/storage/recordings/journal/file-recording.js';
import {
  nodeAppendFiles,
  RecordingLog,
} from '../../dist/src/storage/recordings/journal/recording-log.js';
import { sessionPaths } from '../../dist/src/storage/recordings/trajectory-paths.js';
import { convertInWorker } from '../../dist/src/workers/convert-in-worker.js';
import { median } from '../lib/figures.mjs';
import { plainTable, writeResult } from '../lib/report.mjs';

const { values: options } = parseArgs({
  options: {
    iterations: { type: 'string', default: '200' },
    rounds: { type: 'string', default: '5' },
    out: { type: 'string', default: 'out/bench' },
  },
});
/** @type {readonly import('../../dist/src/plugin-sdk/index.js').TensorKind[]} */
const VECTORS = ['weights', 'direction', 'variance', 'gradient'];
const iterations = Number(options.iterations);
const rounds = Number(options.rounds);
const LAG_RESOLUTION_MS = 1;
const script = fileURLToPath(new URL('../../dist/src/workers/convert-worker.js', import.meta.url));
const work = mkdtempSync(join(tmpdir(), 'dh-advisor-bench-'));

/** @returns {import('../../dist/src/domain/session/advisor.js').PlanEvent} */
function iterationEvent(n, iteration) {
  const vector = () => ({ shape: [n], data: Float64Array.from({ length: n }, Math.random) });
  const tensors = {
    weights: vector(),
    direction: vector(),
    variance: vector(),
    gradient: vector(),
  };
  const scalars = { objective: 1 / 3, gradientNorm: 2 / 3, stepLength: 1, elapsedMs: iteration };
  const counts = { valueCalls: iteration, gradientCalls: iteration };
  return { kind: 'iteration', level: 0, stage: 0, iteration, ...scalars, ...counts, tensors };
}

/** @returns {import('../../dist/src/domain/session/advisor.js').PlanEvent} */
function levelStart(n) {
  const sigmas = { histogramSigmaGy: 2.5, varianceLowerGy2: 1, varianceUpperGy2: 9 };
  const place = { level: 0, stage: 0, beamletCount: n, objective: 1 };
  return { kind: 'level-start', ...place, ...sigmas, tensors: {} };
}

/** Records a session of n beamlets; returns its paths and the serving thread's microseconds per iteration. */
async function record(n, name) {
  const paths = sessionPaths(work, name);
  const log = new RecordingLog({
    path: paths.recording,
    files: nodeAppendFiles,
    quota: { take: () => true },
    maxSessionBytes: Number.MAX_SAFE_INTEGER,
    maxBufferBytes: Number.MAX_SAFE_INTEGER,
    onStop: (cause, error) => {
      throw new Error(`stopped by ${cause}`, { cause: error });
    },
  });
  const [level] = fakePlan().levels;
  /** @type {import('../../dist/src/storage/recordings/journal/stored-events.js').StartHeader} */
  const start = {
    format: 1,
    sessionId: name,
    patientId: '',
    planId: '',
    client: 'bench',
    generation: 1,
    adviceMode: 'shadow',
    bindings: [],
    recorded: VECTORS.map((kind) => ({ kind, everyN: 1 })),
    plan: fakePlan({ levels: [{ ...level, beamletCount: n }] }),
  };
  let written;
  const openedMs = performance.now();
  const nowMs = () => performance.now() - openedMs;
  const recording = new FileRecording(log, start, nowMs, (promise) => {
    written = promise;
  });
  recording.event(levelStart(n));
  const spentUs = [];
  for (let iteration = 0; iteration < iterations; iteration += 1) {
    const event = iterationEvent(n, iteration);
    const startMs = performance.now();
    recording.event(event);
    spentUs.push((performance.now() - startMs) * 1000);
    // As in a host, the loop turns between events.
    await new Promise(setImmediate);
  }
  recording.close('finished');
  await written;
  return { paths, recordUs: median(spentUs) };
}

/** Longest hold-up of the event loop while `job` runs, and how long that took. */
async function heldUp(job) {
  const delay = monitorEventLoopDelay({ resolution: LAG_RESOLUTION_MS });
  delay.enable();
  await new Promise((resolve) => setTimeout(resolve, 20));
  const startMs = performance.now();
  await job();
  const ms = performance.now() - startMs;
  await new Promise((resolve) => setTimeout(resolve, 5));
  delay.disable();
  return { ms, lagMs: Math.max(0, delay.max / 1e6 - LAG_RESOLUTION_MS) };
}

const convert = convertInWorker(script);
const rows = [];
for (const n of [351, 3000, 12000]) {
  const of = { recordUs: [], workerMs: [], workerLagMs: [], idleLagMs: [], inlineLagMs: [] };
  let recordingBytes = 0;
  let parquetBytes = 0;
  for (let round = 0; round < rounds; round += 1) {
    const { paths, recordUs } = await record(n, `${n}-${round}`);
    of.recordUs.push(recordUs);
    const bytes = readFileSync(paths.recording);
    recordingBytes = bytes.length;
    const inWorker = await heldUp(() => convert(paths));
    of.workerMs.push(inWorker.ms);
    of.workerLagMs.push(inWorker.lagMs);
    const idle = await heldUp(() => new Promise((resolve) => setTimeout(resolve, inWorker.ms)));
    of.idleLagMs.push(idle.lagMs);
    parquetBytes = statSync(join(paths.trajectory, 'iterations.parquet')).size;
    rmSync(paths.trajectory, { recursive: true });
    writeFileSync(paths.recording, bytes);
    of.inlineLagMs.push((await heldUp(async () => convertRecording(paths))).lagMs);
    rmSync(paths.trajectory, { recursive: true });
  }
  rows.push({
    beamlets: n,
    iterations,
    recordingBytes,
    parquetBytes,
    ...Object.fromEntries(Object.entries(of).map(([key, list]) => [key, median(list)])),
  });
}
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
console.log(`recording: ${iterations} iterations of four vectors, medians of ${rounds} rounds`);
console.log(table.toString());
console.log(
  'us/iteration: on the serving thread. held: longest hold-up of its loop while a worker converts; idle: the',
);
console.log(
  'same with nothing to do for as long (a busy machine shows here); inline: converting on the loop itself.',
);
console.log(writeResult(options.out, 'recording', { cpus: cpus().length, rounds, rows }));
