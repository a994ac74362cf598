import assert from 'node:assert/strict';
import type { ModelsConfig } from '../../domain/host-config.js';
import { CountingMetrics, nobodyThere } from '../../domain/testing/fakes.js';
import { testModels } from '../../domain/testing/test-config.js';
import { PluginError } from '../../plugin-sdk/index.js';
import { ModelRepository } from '../model-repository.js';
import { FakeLog, fixtures, workerEntry } from './fixtures.js';
import { ModelCopies } from './model-copy.js';

/** Repositories over copies of models that a test may spoil. */
export class TestRepositories {
  readonly copies = new ModelCopies();
  readonly #made: ModelRepository[] = [];

  over(config: Partial<ModelsConfig> = {}): ModelRepository {
    const made = new ModelRepository({
      // Every model inline, however busy the machine.
      config: testModels({ directory: this.copies.directory, inlineBelowMs: 10_000, ...config }),
      builtInDirectory: fixtures,
      workerEntry,
      connectRemote: nobodyThere,
      log: new FakeLog(),
      metrics: new CountingMetrics(),
    });
    this.#made.push(made);
    return made;
  }

  /** The code by which a model is refused, through what a plugin would see. */
  async refusalOf(name: string, config: Partial<ModelsConfig> = {}): Promise<string> {
    const thrown = await this.over(config)
      .open(name)
      .then(
        () => assert.fail('it was opened'),
        (reason: unknown) => reason,
      );
    assert.ok(PluginError.is(thrown) && thrown.policy === 'model-unavailable');
    const { code } = thrown.cause as { readonly code: string };
    assert.ok(thrown.message.includes(code));
    return code;
  }

  async dispose(): Promise<void> {
    for (const made of this.#made.splice(0)) await made.dispose();
    this.copies.dispose();
  }
}
