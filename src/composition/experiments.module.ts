import { ContainerModule } from 'inversify';
import { LiveExperiments } from '../experiments/live-experiments.js';
import { tokens } from './tokens.js';

/** Which plan is in which arm of what. */
export const experimentsModule = new ContainerModule(({ bind }) => {
  bind(tokens.experiments)
    .toResolvedValue(
      (clock, log, metrics, openStores) =>
        new LiveExperiments({
          ...{ clock, log, metrics, wallMs: () => Date.now() },
          openStores: openStores ?? undefined,
        }),
      [tokens.clock, tokens.log, tokens.metrics, tokens.openExperimentStores],
    )
    .inSingletonScope();
});
