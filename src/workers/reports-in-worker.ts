import { describeThrown, HostError } from '../domain/errors/host-error.js';
import type { ReadExperiments } from '../experiments/report/cached-reader.js';
import type { ExperimentList, ExperimentPanel } from '../experiments/report/panel.js';
import { askWorker } from './run-in-worker.js';

export interface ReportRequest {
  readonly url: string;
  /** Undefined: all experiments, in short. */
  readonly id: string | undefined;
}

export type ReportAnswer =
  | { readonly value: ExperimentList | ExperimentPanel }
  | { readonly problem: string };

/** A database that says nothing must not keep pages waiting for good. */
const LIMIT_MS = 30_000;

async function answerOf(script: string, request: ReportRequest): Promise<ReportAnswer> {
  try {
    return await askWorker(script, { workerData: request, limitMs: LIMIT_MS });
  } catch (thrown) {
    return { problem: describeThrown(thrown) };
  }
}

/** `script` is the compiled worker. Rejects with `experiment-store`. */
export function readInWorker(script: string): ReadExperiments {
  const ask = async <T>(url: string, id: string | undefined): Promise<T> => {
    const answer = await answerOf(script, { url, id });
    if ('value' in answer) return answer.value as T;
    throw new HostError('experiment-store', { problem: answer.problem });
  };
  return { list: (url) => ask(url, undefined), panel: (url, id) => ask(url, id) };
}
