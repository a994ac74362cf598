import { ContainerModule } from 'inversify';
import { LiveExperiments } from '../experiments/live-experiments.js';
import { ShadowArms } from '../experiments/shadow/shadow-arms.js';
import { busyThread } from './busy-thread.js';
import { lookInWorker } from './look-in-worker.js';
import { shadowsInThread } from './shadow-thread.js';
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
  bind(tokens.shadows)
    .toResolvedValue(
      (clock, log, metrics, facts, home, source, experiments, adviceSwitch) => {
        const shadows = new ShadowArms({
          ...{ clock, log, metrics, wallMs: () => Date.now(), isBusy: busyThread() },
          start: shadowsInThread(facts.shadowScript, () => ({
            ...{ home, builtInModels: facts.modelDirectory, modelWorkerEntry: facts.workerEntry },
            models: source.current().models,
          })),
          store: (outcome) => experiments.storeShadow(outcome),
        });
        adviceSwitch.onChange(() => shadows.stopped(adviceSwitch.stopped !== undefined));
        return shadows;
      },
      [
        tokens.clock,
        tokens.log,
        tokens.metrics,
        tokens.packageFacts,
        tokens.pluginHome,
        tokens.configSource,
        tokens.experiments,
        tokens.adviceSwitch,
      ],
    )
    .inSingletonScope();
});
