import type { InterimAnalysis } from '../experiments/interim-analyses.js';
import type { RampChange } from '../experiments/interim-analysis.js';
import { askWorker } from './run-in-worker.js';

export interface AnalysisRequest {
  readonly url: string;
  readonly ids: readonly string[];
}

/** Far more than any analysis takes. One that hangs must not be the last. */
const LIMIT_MS = 300_000;

/** `script` is the compiled worker, which closes its database before it ends. Rejects with the worker's error. */
export function analyseInWorker(script: string, limitMs = LIMIT_MS): InterimAnalysis {
  return (url, ids) => {
    const workerData: AnalysisRequest = { url, ids };
    return askWorker<readonly RampChange[]>(script, { workerData, limitMs, waitsForExit: true });
  };
}
