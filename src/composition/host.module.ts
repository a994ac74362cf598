import { ContainerModule } from 'inversify';
import { Activation } from '../host/activation.js';
import { KillSwitch } from '../host/kill-switch.js';
import { PluginHost } from '../host/plugins/plugin-host.js';
import { AdvisorService } from '../host/sessions/advisor-service.js';
import { watchPluginProcesses } from '../observability/prometheus/plugin-metrics.js';
import { tokens } from './tokens.js';

/** Plugins, sessions and dispatch. */
export const hostModule = new ContainerModule(({ bind }) => {
  bind(tokens.pluginHost)
    .toResolvedValue(
      (clock, log, metrics, random, activity, home, isolation) => {
        const services = { clock, log, metrics, random, activity, isolation };
        const plugins = new PluginHost(services, home);
        watchPluginProcesses(metrics.registry, plugins);
        return plugins;
      },
      [
        tokens.clock,
        tokens.log,
        tokens.metrics,
        tokens.random,
        tokens.pluginActivity,
        tokens.pluginHome,
        tokens.pluginIsolation,
      ],
    )
    .inSingletonScope();
  bind(tokens.activation)
    .toResolvedValue(
      (plugins, models, experiments, shadows) =>
        new Activation(plugins, models, experiments, shadows),
      [tokens.pluginHost, tokens.modelRepository, tokens.experiments, tokens.shadows],
    )
    .inSingletonScope();
  bind(tokens.killSwitch)
    .toResolvedValue(
      (log, metrics, store) =>
        new KillSwitch({ log, metrics: metrics.control, store, wallMs: () => Date.now() }),
      [tokens.log, tokens.metrics, tokens.stopStore],
    )
    .inSingletonScope();
  bind(tokens.advisorService)
    .toResolvedValue(
      (
        paths,
        clock,
        log,
        metrics,
        plugins,
        recorder,
        journals,
        live,
        killSwitch,
        others,
        experiments,
        shadows,
      ) =>
        new AdvisorService({
          host: `dh-advisor ${paths.version}`,
          clock,
          log,
          metrics,
          recorder,
          journals,
          killSwitch,
          experiments,
          shadows,
          observerFactories: [live, ...others],
          activeSet: () => plugins.active,
          roleChanged: () => plugins.roleChanged(),
        }),
      [
        tokens.packagePaths,
        tokens.clock,
        tokens.log,
        tokens.metrics,
        tokens.pluginHost,
        tokens.trajectoryStore,
        tokens.journals,
        tokens.liveBoard,
        tokens.killSwitch,
        tokens.observerFactories,
        tokens.experiments,
        tokens.shadows,
      ],
    )
    .inSingletonScope();
  bind(tokens.advisor)
    .toResolvedValue((service) => service, [tokens.advisorService])
    .inSingletonScope();
});
