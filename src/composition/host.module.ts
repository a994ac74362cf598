import { ContainerModule } from 'inversify';
import { AdvisorService } from '../host/advisor-service.js';
import { PluginHost } from '../host/plugin-host.js';
import { tokens } from './tokens.js';

/** Plugins, sessions and dispatch. */
export const hostModule = new ContainerModule(({ bind }) => {
  bind(tokens.pluginHost)
    .toResolvedValue(
      (clock, log, metrics, random, inference, home) =>
        new PluginHost({ clock, log, metrics, random, inference }, home),
      [
        tokens.clock,
        tokens.log,
        tokens.metrics,
        tokens.random,
        tokens.modelRepository,
        tokens.pluginHome,
      ],
    )
    .inSingletonScope();
  bind(tokens.advisorService)
    .toResolvedValue(
      (clock, log, metrics, plugins, recorder, live) =>
        new AdvisorService({
          ...{ clock, log, metrics, recorder },
          audiences: [live],
          activeSet: () => plugins.active,
          roleChanged: () => plugins.roleChanged(),
        }),
      [
        tokens.clock,
        tokens.log,
        tokens.metrics,
        tokens.pluginHost,
        tokens.trajectoryStore,
        tokens.liveBoard,
      ],
    )
    .inSingletonScope();
  bind(tokens.advisor)
    .toResolvedValue((service) => service, [tokens.advisorService])
    .inSingletonScope();
});
