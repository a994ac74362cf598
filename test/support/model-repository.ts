import { fileURLToPath } from 'node:url';
import type { ModelsConfig } from '../../src/domain/host-config.js';
import { CountingMetrics, FakeLog, nobodyThere } from '../../src/domain/testing/fakes.js';
import { testModels } from '../../src/domain/testing/test-config.js';
import { ModelRepository } from '../../src/inference/model-repository.js';

const root = new URL('../../', import.meta.url);

export const fixtureModels = fileURLToPath(new URL('test/fixtures/models', root));
export const workerEntry = fileURLToPath(new URL('dist/src/workers/model-worker.js', root));

/** The repository of a host, by default over the fixture models. Threads run the compiled code. */
export function startRepository(
  config: Partial<ModelsConfig> = {},
  metrics = new CountingMetrics(),
): ModelRepository {
  return new ModelRepository({
    config: testModels({ directory: fixtureModels, ...config }),
    builtInDirectory: fixtureModels,
    workerEntry,
    connectRemote: nobodyThere,
    metrics,
    log: new FakeLog(),
  });
}
