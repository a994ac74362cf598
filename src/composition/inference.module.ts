import { ContainerModule } from 'inversify';
import { ModelRepository } from '../inference/model-repository.js';
import { RepositoryModelServer } from '../inference/model-server.js';
import { connectRemote } from '../transport/open-inference/remote-client.js';
import { tokens } from './tokens.js';

/** Learned models. */
export const inferenceModule = new ContainerModule(({ bind }) => {
  bind(tokens.modelServer)
    .toResolvedValue(
      (repository) => new RepositoryModelServer(repository),
      [tokens.modelRepository],
    )
    .inSingletonScope();
  bind(tokens.modelRepository)
    .toResolvedValue(
      (log, metrics, source, { modelDirectory, workerEntry, protoDirectory }) =>
        new ModelRepository({
          log,
          metrics: metrics.models,
          workerEntry,
          connectRemote: connectRemote(protoDirectory),
          config: source.current().models,
          builtInDirectory: modelDirectory,
        }),
      [tokens.log, tokens.metrics, tokens.configSource, tokens.packagePaths],
    )
    .inSingletonScope();
});
