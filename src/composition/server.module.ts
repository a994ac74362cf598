import { randomUUID } from 'node:crypto';
import { ContainerModule } from 'inversify';
import { OperatorHttp } from '../operator/http-server.js';
import { LiveBoard } from '../operator/live/live-board.js';
import { GrpcHost } from '../transport/grpc-host.js';
import { tokens } from './tokens.js';

const OPERATOR_TOKEN = 'DH_ADVISOR_OPERATOR_TOKEN';

/** What listens: gRPC and the operator's HTTP. */
export const serverModule = new ContainerModule(({ bind }) => {
  bind(tokens.grpcHost)
    .toResolvedValue(
      (advisor, registry, plugins, metrics, clock, log, source, facts) =>
        new GrpcHost({
          ...{ advisor, registry, metrics, clock, log },
          board: plugins,
          catalogue: plugins,
          config: () => source.current(),
          version: facts.version,
          protoDirectory: facts.protoDirectory,
        }),
      [
        tokens.advisor,
        tokens.advisorService,
        tokens.pluginHost,
        tokens.metrics,
        tokens.clock,
        tokens.log,
        tokens.configSource,
        tokens.packageFacts,
      ],
    )
    .inSingletonScope();
  bind(tokens.liveBoard).toConstantValue(new LiveBoard({ wallMs: Date.now }));
  bind(tokens.operatorHttp)
    .toResolvedValue(
      (metrics, plugins, models, registry, live, control, adviceSwitch, clock, log, facts) =>
        new OperatorHttp({
          page: {
            contentType: metrics.registry.contentType,
            metrics: () => metrics.registry.metrics(),
          },
          ...{ registry, models, live, control, adviceSwitch, clock, log },
          ...{ board: plugins, catalogue: plugins, figures: metrics },
          ...{ version: facts.version, dashboardDirectory: facts.dashboardDirectory },
          ...{ instance: randomUUID(), wallMs: Date.now },
          operatorToken: process.env[OPERATOR_TOKEN] || undefined,
        }),
      [
        tokens.metrics,
        tokens.pluginHost,
        tokens.modelRepository,
        tokens.advisorService,
        tokens.liveBoard,
        tokens.configControl,
        tokens.adviceSwitch,
        tokens.clock,
        tokens.log,
        tokens.packageFacts,
      ],
    )
    .inSingletonScope();
});
