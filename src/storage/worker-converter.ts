import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { Conversion } from './convert-recording.js';
import type { SessionPaths } from './trajectory-paths.js';

/** Turns a recording into a trajectory. */
export type Convert = (paths: SessionPaths) => Promise<Conversion>;

/** Converts on a thread of its own, for encoding Parquet takes long enough to hold up every stream. `script` is the compiled worker. */
export function convertInWorker(script: string): Convert {
  return async (paths) => {
    const worker = new Worker(script, { workerData: paths });
    try {
      // Rejects with the worker's error.
      const [conversion] = (await once(worker, 'message')) as [Conversion];
      return conversion;
    } finally {
      await worker.terminate();
    }
  };
}
