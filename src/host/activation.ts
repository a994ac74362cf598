import type { ExperimentActivator } from '../domain/experiments/plan-experiments.js';
import type { HostConfig } from '../domain/host-config.js';
import type {
  ActivationFault,
  ConfigActivator,
  ModelActivator,
  PreparedConfig,
} from '../domain/operations/activation.js';
import type { ShadowActivator } from '../domain/shadow/shadow-arms.js';
import { type ActiveRole, withSolvers } from './plugins/active-set.js';
import type { PluginHost, PreparedSet } from './plugins/plugin-host.js';

/** Puts plugins, models, experiments and shadow arms of a configuration into service together. */
export class Activation implements ConfigActivator {
  readonly #plugins: PluginHost;
  readonly #models: ModelActivator;
  readonly #experiments: ExperimentActivator;
  readonly #shadows: ShadowActivator;

  constructor(
    plugins: PluginHost,
    models: ModelActivator,
    experiments: ExperimentActivator,
    shadows: ShadowActivator,
  ) {
    this.#plugins = plugins;
    this.#models = models;
    this.#experiments = experiments;
    this.#shadows = shadows;
  }

  /** The first configuration. What is faulty is off, and the host serves all the same. */
  async start(config: HostConfig): Promise<readonly ActivationFault[]> {
    const prepared = await this.prepare(config);
    prepared.commit();
    return prepared.faults;
  }

  async prepare(config: HostConfig): Promise<PreparedConfig> {
    const models = await this.#models.prepare(config.models);
    const plugins = await this.#plugins.prepare(config, models.view).catch(async (thrown) => {
      await models.discard();
      throw thrown;
    });
    const stores = await this.#experiments.prepare(config);
    const shadows = await this.#shadows.prepare(config);
    const experiments = plugins.refused.map((refused) => {
      const { path, error } = refused;
      return { path, error, isOld: plugins.isOldExperiment(refused) };
    });
    const roles = plugins.set.roles.flatMap((role) => faultsOf(role, plugins));
    return {
      faults: [...models.faults, ...roles, ...experiments, ...stores, ...shadows.faults],
      bindings: withSolvers(plugins.set.roles).map(({ binding }) => binding),
      isDifferent: plugins.isDifferent,
      commit: () => {
        // Models first: a plugin that leaves releases versions that the new labels may hold already.
        models.commit();
        plugins.commit();
        this.#experiments.commit(config);
        shadows.commit();
      },
      discard: async () => {
        shadows.discard();
        await plugins.discard();
        await models.discard();
      },
    };
  }
}

function faultsOf(role: ActiveRole, prepared: PreparedSet): readonly ActivationFault[] {
  return withSolvers([role]).flatMap((active) => {
    const { refusal, binding } = active;
    if (refusal === undefined) return [];
    // What a solver has from all others is told of once.
    const isShared = active !== role && refusal.message === role.refusal?.message;
    if (isShared) return [];
    const place = binding.solver === undefined ? [] : ['by_solver', binding.solver];
    const part = refusal.code === 'plugin-settings' ? 'settings' : 'plugin';
    const path = ['roles', binding.role, ...place, part];
    return [{ path, error: refusal, isOld: prepared.isOldRefusal(active) }];
  });
}
