import type { PlanEvent } from '../../src/domain/session/advisor.js';
import { fakePlan } from '../../src/plugin-sdk/testing/index.js';
import { FileRecording } from '../../src/storage/recordings/journal/file-recording.js';
import {
  nodeAppendFiles,
  RecordingLog,
} from '../../src/storage/recordings/journal/recording-log.js';
import type { StartHeader } from '../../src/storage/recordings/journal/stored-events.js';
import { type SessionPaths, sessionPaths } from '../../src/storage/recordings/trajectory-paths.js';
import { median } from '../lib/figures.js';

const VECTORS = ['weights', 'direction', 'variance', 'gradient'] as const;

function iterationEvent(n: number, iteration: number): PlanEvent {
  const vector = () => ({ shape: [n], data: Float64Array.from({ length: n }, Math.random) });
  return {
    kind: 'iteration',
    level: 0,
    stage: 0,
    iteration,
    objective: 1 / 3,
    gradientNorm: 2 / 3,
    stepLength: 1,
    elapsedMs: iteration,
    valueCalls: iteration,
    gradientCalls: iteration,
    tensors: { weights: vector(), direction: vector(), variance: vector(), gradient: vector() },
  };
}

const levelStart = (n: number): PlanEvent => ({
  kind: 'level-start',
  level: 0,
  stage: 0,
  beamletCount: n,
  objective: 1,
  histogramSigmaGy: 2.5,
  varianceLowerGy2: 1,
  varianceUpperGy2: 9,
  tensors: {},
});

function startOf(n: number, sessionId: string): StartHeader {
  const levels = fakePlan().levels.slice(0, 1);
  return {
    format: 1,
    sessionId,
    patientId: '',
    planId: '',
    client: 'bench',
    generation: 1,
    adviceMode: 'shadow',
    bindings: [],
    recorded: VECTORS.map((kind) => ({ kind, everyN: 1 })),
    plan: fakePlan({ levels: levels.map((level) => ({ ...level, beamletCount: n })) }),
  };
}

export interface Recorded {
  readonly paths: SessionPaths;
  /** Microseconds of the serving thread for each iteration, median. */
  readonly recordUs: number;
}

/** Records a session of n beamlets with four vectors an iteration below `folder`. */
export async function recordSession(
  folder: string,
  name: string,
  n: number,
  iterations: number,
): Promise<Recorded> {
  const paths = sessionPaths(folder, name);
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
  const openedMs = performance.now();
  const nowMs = () => performance.now() - openedMs;
  const written: Promise<void>[] = [];
  const recording = new FileRecording(log, startOf(n, name), nowMs, (promise) => {
    written.push(promise);
  });
  recording.event(levelStart(n));
  const spentUs: number[] = [];
  for (let iteration = 0; iteration < iterations; iteration += 1) {
    const event = iterationEvent(n, iteration);
    const startMs = performance.now();
    recording.event(event);
    spentUs.push((performance.now() - startMs) * 1000);
    // As in a host, the loop turns between events.
    await new Promise(setImmediate);
  }
  recording.close('finished');
  await Promise.all(written);
  return { paths, recordUs: median(spentUs) };
}
