import type { Look } from '../experiments/interim-analyses.js';
import type { RampMove } from '../experiments/interim-analysis.js';
import { askWorker } from './run-in-worker.js';

export interface LookRequest {
  readonly url: string;
  readonly ids: readonly string[];
}

/** Far more than any look takes. One that hangs must not be the last. */
const LIMIT_MS = 300_000;

/** `script` is the compiled worker, which closes its database before it ends. Rejects with the worker's error. */
export function lookInWorker(script: string, limitMs = LIMIT_MS): Look {
  return (url, ids) => {
    const workerData: LookRequest = { url, ids };
    return askWorker<readonly RampMove[]>(script, { workerData, limitMs, waitsForExit: true });
  };
}
