import { ContainerModule } from 'inversify';
import { LiveExperiments } from '../experiments/live-experiments.js';
import { CachedReader } from '../experiments/report/cached-reader.js';
import { lookInWorker } from './look-in-worker.js';
import { readInWorker } from './reports-in-worker.js';
import { tokens } from './tokens.js';

/** Which plan is in which arm of what. */
export const experimentsModule = new ContainerModule(({ bind }) => {
  bind(tokens.experiments)
    .toResolvedValue(
      (clock, log, metrics, facts, openStores) =>
        new LiveExperiments({
          ...{ clock, log, metrics, wallMs: () => Date.now() },
          openStores: openStores ?? undefined,
          look: openStores === null ? undefined : lookInWorker(facts.lookScript),
        }),
      [tokens.clock, tokens.log, tokens.metrics, tokens.packageFacts, tokens.openExperimentStores],
    )
    .inSingletonScope();
  bind(tokens.experimentReader)
    .toResolvedValue(
      (clock, facts, source) =>
        new CachedReader({
          ...{ clock, read: readInWorker(facts.reportScript) },
          storage: () => source.current().storage,
        }),
      [tokens.clock, tokens.packageFacts, tokens.configSource],
    )
    .inSingletonScope();
});
