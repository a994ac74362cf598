import type { Hono } from 'hono';
import type { ExperimentReader } from '../../domain/experiments/experiment-reader.js';

export interface ExperimentDependencies {
  readonly experiments: ExperimentReader;
}

/** Experiments, read only; looks are made elsewhere and kept for a while. */
export function addExperiments(app: Hono, { experiments }: ExperimentDependencies): void {
  app.get('/api/experiments', async (c) => c.json(await experiments.list()));
  app.get('/api/experiments/:id', async (c) => c.json(await experiments.panel(c.req.param('id'))));
}
