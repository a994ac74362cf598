import { hostname } from 'node:os';
import { ContainerModule } from 'inversify';
import { ExperimentOperations } from '../experiments/experiment-operations.js';
import { LiveExperiments } from '../experiments/live-experiments.js';
import { Promotions } from '../experiments/promotions.js';
import { CachedReader } from '../experiments/report/cached-reader.js';
import { ShadowArms } from '../shadow/shadow-arms.js';
import { analyseInWorker } from '../workers/analyse-in-worker.js';
import { readInWorker } from '../workers/reports-in-worker.js';
import { shadowsInProcess } from '../workers/shadow-process.js';
import { tokens } from './tokens.js';

/** Which plan is in which arm of what. */
export const experimentsModule = new ContainerModule(({ bind }) => {
  bind(tokens.experiments)
    .toResolvedValue(
      (clock, log, metrics, paths, openStores, promotions) =>
        new LiveExperiments({
          clock,
          log,
          metrics: metrics.experiments,
          promotions,
          wallMs: () => Date.now(),
          openStores: openStores ?? undefined,
          analyse: openStores === null ? undefined : analyseInWorker(paths.analysisScript),
        }),
      [
        tokens.clock,
        tokens.log,
        tokens.metrics,
        tokens.packagePaths,
        tokens.openExperimentStores,
        tokens.promotions,
      ],
    )
    .inSingletonScope();
  bind(tokens.promotions)
    .toResolvedValue(
      (control, log, source) =>
        new Promotions({
          control,
          log,
          wallMs: () => Date.now(),
          // The folder of generations and audit log belongs to one file.
          configuration: `${hostname()}:${source.current().history.directory}`,
        }),
      [tokens.configControl, tokens.log, tokens.configSource],
    )
    .inSingletonScope();
  bind(tokens.experimentControl)
    .toResolvedValue(
      (experiments, promotions, paths, source) => {
        const { panel } = readInWorker(paths.reportScript);
        return new ExperimentOperations({
          promotions,
          wallMs: () => Date.now(),
          stores: () => experiments.stores,
          // Not from the cache of the page: a label must not move by what was true a while ago.
          decide: async (id) => (await panel(source.current().storage.url, id)).armDecisions,
          onRampChange: () => experiments.moved(),
        });
      },
      [tokens.experiments, tokens.promotions, tokens.packagePaths, tokens.configSource],
    )
    .inSingletonScope();
  bind(tokens.shadows)
    .toResolvedValue(
      (clock, log, metrics, paths, home, source, experiments, killSwitch, overload) => {
        const shadows = new ShadowArms({
          clock,
          log,
          metrics: metrics.experiments,
          wallMs: () => Date.now(),
          overload,
          start: shadowsInProcess(paths.shadowScript, () => ({
            home,
            builtInModels: paths.modelDirectory,
            modelWorkerEntry: paths.workerEntry,
            models: source.current().models,
            pluginScript: paths.pluginScript,
            protoDirectory: paths.protoDirectory,
          })),
          store: (outcome) => experiments.storeShadow(outcome),
        });
        killSwitch.onChange(() => shadows.stopped(killSwitch.stopped !== undefined));
        return shadows;
      },
      [
        tokens.clock,
        tokens.log,
        tokens.metrics,
        tokens.packagePaths,
        tokens.pluginHome,
        tokens.configSource,
        tokens.experiments,
        tokens.killSwitch,
        tokens.overload,
      ],
    )
    .inSingletonScope();
  bind(tokens.experimentReader)
    .toResolvedValue(
      (clock, paths, source) =>
        new CachedReader({
          clock,
          read: readInWorker(paths.reportScript),
          storage: () => source.current().storage,
        }),
      [tokens.clock, tokens.packagePaths, tokens.configSource],
    )
    .inSingletonScope();
});
