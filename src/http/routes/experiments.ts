import type { Hono } from 'hono';
import type { ExperimentControl } from '../../domain/experiments/experiment-control.js';
import type { ExperimentReader } from '../../domain/experiments/experiment-reader.js';
import type { AccessGuard } from '../../domain/operations/access.js';
import { z } from '../../plugin-sdk/index.js';
import { bodyOf, itemName, origin, originOf, originOnly } from './change-body.js';
import { admitChange } from './guard.js';

export interface ExperimentDependencies {
  readonly experiments: ExperimentReader;
  /** What operators do to them. */
  readonly experimentControl: ExperimentControl;
}

const promotion = z.strictObject({
  ...origin,
  arm: itemName,
  label: itemName.optional(),
  /** Although the analysis does not decide so. */
  override: z.boolean().default(false),
  dryRun: z.boolean().default(false),
});

/** Experiments: analyses are made elsewhere and kept for a while; what changes one is a POST with who and why. */
export function addExperiments(
  app: Hono,
  { experiments, experimentControl }: ExperimentDependencies,
  guard: AccessGuard,
): void {
  app.get('/api/experiments', async (c) => c.json(await experiments.list()));
  app.get('/api/experiments/:id', async (c) => c.json(await experiments.panel(c.req.param('id'))));
  app.post('/api/experiments/:id/promote', async (c) => {
    const { name } = await admitChange(c, guard, 'admin');
    const asked = await bodyOf(c, promotion);
    const { arm, label, override: isOverride, dryRun: isDryRun } = asked;
    const experiment = c.req.param('id');
    const request = { experiment, arm, label, origin: originOf(asked, name), isOverride, isDryRun };
    return c.json(await experimentControl.promote(request));
  });
  app.post('/api/experiments/:id/release', async (c) => {
    const { name } = await admitChange(c, guard, 'admin');
    const asked = await bodyOf(c, originOnly);
    return c.json(await experimentControl.release(c.req.param('id'), originOf(asked, name)));
  });
}
