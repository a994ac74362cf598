import { randomUUID } from 'node:crypto';
import { ContainerModule } from 'inversify';
import type { HostConfig } from '../domain/host-config.js';
import type { ModelServer } from '../domain/operations/model-server.js';
import { OperatorHttp } from '../http/http-server.js';
import { LiveBoard } from '../http/live/live-board.js';
import { AllCertificates } from '../system/tls/listener-certificates.js';
import { GrpcHost } from '../transport/grpc-host.js';
import { tokens } from './tokens.js';

/** What listens: gRPC and the operator's HTTP. */
export const serverModule = new ContainerModule(({ bind }) => {
  bind(tokens.operators)
    .toResolvedValue(
      (clock, log, paths, plugins, models, registry, control, killSwitch, guard, experiments) => ({
        clock,
        log,
        version: paths.version,
        models,
        registry,
        control,
        killSwitch,
        guard,
        experiments,
        board: plugins,
        catalogue: plugins,
      }),
      [
        tokens.clock,
        tokens.log,
        tokens.packagePaths,
        tokens.pluginHost,
        tokens.modelRepository,
        tokens.advisorService,
        tokens.configControl,
        tokens.killSwitch,
        tokens.operatorAccess,
        tokens.experimentControl,
      ],
    )
    .inSingletonScope();
  bind(tokens.certificates)
    .toResolvedValue(
      (clock, log) => new AllCertificates({ clock, log, wallMs: Date.now }),
      [tokens.clock, tokens.log],
    )
    .inSingletonScope();
  bind(tokens.liveBoard).toConstantValue(new LiveBoard({ wallMs: Date.now }));
  bind(tokens.grpcHost)
    .toResolvedValue(
      (operators, advisor, modelServer, metrics, source, paths, certificates) =>
        new GrpcHost({
          ...operators,
          certificates,
          advisor,
          modelServer,
          metrics: metrics.streams,
          config: () => source.current(),
          protoDirectory: paths.protoDirectory,
        }),
      [
        tokens.operators,
        tokens.advisor,
        tokens.modelServer,
        tokens.metrics,
        tokens.configSource,
        tokens.packagePaths,
        tokens.certificates,
      ],
    )
    .inSingletonScope();
  bind(tokens.operatorHttp)
    .toResolvedValue(
      (
        operators,
        guard,
        metrics,
        live,
        paths,
        reader,
        experiments,
        recordings,
        journals,
        certificates,
        modelServer,
        source,
      ) =>
        new OperatorHttp({
          page: {
            contentType: metrics.registry.contentType,
            metrics: () => metrics.registry.metrics(),
          },
          ...operators,
          experimentControl: operators.experiments,
          guard,
          certificates,
          certificateHealth: () => certificates.health(),
          figures: metrics,
          live,
          experiments: reader,
          storage: () => ({
            ...experiments.health,
            recordings: recordings.health,
            journals: journals.health,
          }),
          instance: randomUUID(),
          wallMs: Date.now,
          dashboardDirectory: paths.dashboardDirectory,
          openInference: served(modelServer, source.current()),
        }),
      [
        tokens.operators,
        tokens.pageAccess,
        tokens.metrics,
        tokens.liveBoard,
        tokens.packagePaths,
        tokens.experimentReader,
        tokens.experiments,
        tokens.trajectoryStore,
        tokens.journals,
        tokens.certificates,
        tokens.modelServer,
        tokens.configSource,
      ],
    )
    .inSingletonScope();
});

function served(modelServer: ModelServer, { openInference, server }: HostConfig) {
  return openInference.enabled
    ? { modelServer, maxMessageBytes: server.maxMessageBytes }
    : undefined;
}
