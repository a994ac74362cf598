import { parentPort, workerData } from 'node:worker_threads';
import { analyseInterim } from '../experiments/interim-analysis.js';
import { readExperiments } from '../storage/experiments/experiment-stores.js';
import type { AnalysisRequest } from './analyse-in-worker.js';

// An analysis reads all plans of an experiment and works through them: too long for the thread that serves.
const { url, ids } = workerData as AnalysisRequest;
const stores = await readExperiments(url, process.env);
try {
  parentPort?.postMessage(await analyseInterim(stores, ids, Date.now()));
} finally {
  await stores.close();
}
