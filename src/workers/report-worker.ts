import { parentPort, workerData } from 'node:worker_threads';
import { describeThrown } from '../domain/errors/host-error.js';
import { analyse } from '../experiments/analysis/analyse.js';
import { experimentEntry, experimentPanel } from '../experiments/report/experiment-panel.js';
import type { ExperimentList, ExperimentPanel } from '../experiments/report/panel.js';
import { isDatabaseMade, readExperiments } from '../storage/experiments/experiment-stores.js';
import type { ReportAnswer, ReportRequest } from './reports-in-worker.js';

// A report reads all plans of an experiment and works through them: too long for the thread that serves.
const { url, id } = workerData as ReportRequest;

async function read(): Promise<ExperimentList | ExperimentPanel> {
  const atMs = Date.now();
  if (id === undefined && !isDatabaseMade(url)) return { atMs, experiments: [] };
  const stores = await readExperiments(url, process.env);
  try {
    const { experiments, assignments, outcomes } = stores;
    if (id === undefined) {
      return { atMs, experiments: (await experiments.list()).map(experimentEntry) };
    }
    const stored = await experiments.get(id);
    if (stored === undefined) throw new Error(`it holds no experiment ${id} any more`);
    const { experiment, ramp } = stored;
    const data = {
      experiment,
      ramp,
      assignments: await assignments.assignments(id),
      outcomes: await outcomes.outcomes(id),
      shadows: await outcomes.shadows(id),
    };
    return experimentPanel(analyse(data, atMs), stored);
  } finally {
    await stores.close();
  }
}

let answer: ReportAnswer;
try {
  answer = { value: await read() };
} catch (thrown) {
  answer = { problem: describeThrown(thrown) };
}
parentPort?.postMessage(answer);
