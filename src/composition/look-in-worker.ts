import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { RampMove } from '../experiments/look-at-all.js';
import type { Look } from '../experiments/looks.js';

export interface LookRequest {
  readonly url: string;
  readonly ids: readonly string[];
}

/** `script` is the compiled worker. Rejects with the worker's error. */
export function lookInWorker(script: string): Look {
  return async (url, ids) => {
    const workerData: LookRequest = { url, ids };
    const worker = new Worker(script, { workerData });
    // Not terminated: it closes its database first. Waited for together, because an error ends both waits.
    const [[moves]] = await Promise.all([once(worker, 'message'), once(worker, 'exit')]);
    return moves as readonly RampMove[];
  };
}
