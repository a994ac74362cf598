import { afterEach, beforeEach, expect, onTestFinished } from 'vitest';
import type { ModelsConfig } from '../../domain/host-config.js';
import { CountingMetrics } from '../../domain/testing/fakes.js';
import { testModels } from '../../domain/testing/test-config.js';
import { ModelRepository } from '../model-repository.js';
import { FakeLog, fixtures, workerEntry } from './fixtures.js';
import { ModelCopies } from './model-copy.js';

/** Repositories over copies of models that a test may spoil; each test of a file has its own. */
export function useRepositories() {
  let copies = new ModelCopies();
  beforeEach(() => {
    copies = new ModelCopies();
  });
  afterEach(() => copies.dispose());

  const repository = (config: Partial<ModelsConfig> = {}): ModelRepository => {
    const made = new ModelRepository({
      // Every model inline, however busy the machine.
      config: testModels({ directory: copies.directory, inlineBelowMs: 10_000, ...config }),
      builtInDirectory: fixtures,
      workerEntry,
      log: new FakeLog(),
      metrics: new CountingMetrics(),
    });
    onTestFinished(() => made.dispose());
    return made;
  };

  /** The code by which a model is refused, through what a plugin would see. */
  const refusalOf = async (name: string, config: Partial<ModelsConfig> = {}): Promise<string> => {
    const thrown = await repository(config)
      .open(name)
      .then(
        () => expect.fail('it was opened'),
        (reason: unknown) => reason as Error & { policy: string; cause: { code: string } },
      );
    expect(thrown.policy).toBe('model-unavailable');
    expect(thrown.message).toContain(thrown.cause.code);
    return thrown.cause.code;
  };

  return {
    /** Of the test that runs. */
    get copies() {
      return copies;
    },
    repository,
    refusalOf,
  };
}
