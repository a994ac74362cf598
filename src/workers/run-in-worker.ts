import { Worker, type WorkerOptions } from 'node:worker_threads';
import { withinTime } from '../domain/within-time.js';
import { systemClock } from '../system/system-clock.js';

export interface AskOptions extends WorkerOptions {
  /** A thread that has not answered by then is ended. */
  readonly limitMs: number;
  /** Waits for the thread's own end after its answer: it has something to close. */
  readonly waitsForExit?: boolean;
}

/** Why a thread gave no answer. */
export class WorkerFailure extends Error {
  override readonly name = 'WorkerFailure';
}

/**
 * Starts a thread for one question and returns the one message it answers with. The thread is gone when this settles.
 * @param script Compiled code.
 * @throws the thread's own error; WorkerFailure when it ends without an answer or gives none in time.
 */
export async function askWorker<Answer>(
  script: string,
  { limitMs, waitsForExit = false, ...options }: AskOptions,
): Promise<Answer> {
  const worker = new Worker(script, options);
  let answer: { readonly value: Answer } | undefined;
  const settled = new Promise<Answer>((resolve, reject) => {
    worker.on('error', reject);
    worker.on('message', (value: Answer) => {
      answer = { value };
      if (!waitsForExit) resolve(value);
    });
    worker.on('exit', (code) => {
      if (answer !== undefined) resolve(answer.value);
      else reject(new WorkerFailure(`${script} ended without an answer, code ${code}`));
    });
  });
  const late = () => {
    const what = answer === undefined ? 'did not answer' : 'did not end';
    return new WorkerFailure(`${script} ${what} in ${Math.round(limitMs / 1000)} s`);
  };
  try {
    return await withinTime(settled, limitMs, systemClock, late);
  } finally {
    await worker.terminate();
  }
}
