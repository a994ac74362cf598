import { ContainerModule } from 'inversify';
import { OperatorHttp } from '../operator/http-server.js';
import { GrpcHost } from '../transport/grpc-host.js';
import { tokens } from './tokens.js';

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
  bind(tokens.operatorHttp)
    .toResolvedValue(
      (metrics, board, registry) =>
        new OperatorHttp({
          page: {
            contentType: metrics.registry.contentType,
            metrics: () => metrics.registry.metrics(),
          },
          ...{ board, registry },
        }),
      [tokens.metrics, tokens.pluginHost, tokens.advisorService],
    )
    .inSingletonScope();
});
