import type { RuntimeSignature, TimedRun } from '../inference/backends/execution-backend.js';
import { OnnxSession } from '../inference/backends/onnx-session.js';
import type { WorkerModel, WorkerTask } from '../inference/backends/worker-task.js';

// Entry of the threads that models run in: a pool calls what is exported here by name.

const sessions = new Map<string, Promise<OnnxSession>>();

/** Sessions are made at the first task, so that a thread that replaces a dead one serves what that served. */
function open({ key, bytes }: WorkerModel): Promise<OnnxSession> {
  const known = sessions.get(key);
  if (known !== undefined) return known;
  const session = OnnxSession.create(bytes);
  sessions.set(key, session);
  session.catch(() => sessions.delete(key));
  return session;
}

/** Releases the sessions of unloaded models: the runtime does not free what a thread leaves behind. */
export async function tidy({ live }: Pick<WorkerTask, 'live'>): Promise<void> {
  for (const [key, session] of [...sessions]) {
    if (live.includes(key)) continue;
    sessions.delete(key);
    await (await session).release();
  }
}

export async function describe(task: WorkerTask): Promise<RuntimeSignature> {
  await tidy(task);
  return (await open(task.model)).signature;
}

export async function run(task: WorkerTask): Promise<TimedRun> {
  await tidy(task);
  return (await open(task.model)).timedRun(task.inputs);
}
