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
    const ended = once(worker, 'exit');
    const [moves] = (await once(worker, 'message')) as [readonly RampMove[]];
    // Not terminated: it closes its database first.
    await ended;
    return moves;
  };
}
