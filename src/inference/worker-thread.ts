import { workerData } from 'node:worker_threads';
import type { ModelTensors } from '../plugin-sdk/index.js';
import type { RuntimeSignature, TimedRun } from './execution-backend.js';
import { OnnxSession } from './onnx-session.js';

/** What a thread of `WorkerBackend` is given: the model it serves for all its life. */
export interface WorkerModel {
  readonly bytes: SharedArrayBuffer;
}

let session: Promise<OnnxSession> | undefined;

/** Made at the first task, so that a model that cannot be loaded fails that task and not the thread. */
function open(): Promise<OnnxSession> {
  session ??= OnnxSession.create((workerData as WorkerModel).bytes);
  return session;
}

export async function describe(): Promise<RuntimeSignature> {
  return (await open()).signature;
}

export async function run(inputs: ModelTensors): Promise<TimedRun> {
  return (await open()).timedRun(inputs);
}
