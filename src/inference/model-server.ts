import { describeThrown, HostError } from '../domain/errors/host-error.js';
import type { ModelLease } from '../domain/operations/activation.js';
import type { ModelAnswer, ModelServer, ServedModel } from '../domain/operations/model-server.js';
import type { ModelState } from '../domain/operations/models.js';
import {
  type InferenceHandle,
  InvalidInput,
  type ModelTensors,
  RetryLater,
} from '../plugin-sdk/index.js';
import { STABLE } from './model-name.js';
import type { ModelRepository } from './model-repository.js';

interface Held {
  readonly lease: ModelLease;
  readonly handle: InferenceHandle;
}

/** Serves the models that are ready. What is asked keeps no model: only a load does, until its unload. */
export class RepositoryModelServer implements ModelServer {
  readonly #repository: Pick<ModelRepository, 'models' | 'lease'>;
  /** What operators have loaded, by the names they loaded it by. */
  readonly #loaded = new Map<string, Held>();

  constructor(repository: Pick<ModelRepository, 'models' | 'lease'>) {
    this.#repository = repository;
  }

  models(): readonly ModelState[] {
    return this.#repository.models();
  }

  isReady(name: string, version: string): boolean {
    return this.#find(name, version)?.state === 'ready';
  }

  async describe(name: string, version: string): Promise<ServedModel> {
    return this.#with(name, version, ({ model, signature }) => ({
      identity: model,
      signature,
      versions: this.#versionsOf(name).map((state) => state.version),
    }));
  }

  async infer(
    name: string,
    version: string,
    inputs: ModelTensors,
    signal: AbortSignal,
  ): Promise<ModelAnswer> {
    return this.#with(name, version, async (handle) => {
      try {
        const outputs = await handle.run(inputs, signal);
        return { identity: handle.model, signature: handle.signature, outputs };
      } catch (thrown) {
        const params = { model: handle.model.id, problem: describeThrown(thrown) };
        if (thrown instanceof InvalidInput)
          throw new HostError('invalid-field', { field: 'inputs', problem: params.problem });
        const code = thrown instanceof RetryLater ? 'inference-busy' : 'inference-failed';
        throw new HostError(code, params, { cause: thrown });
      }
    });
  }

  async load(name: string): Promise<void> {
    if (this.#loaded.has(name)) return;
    const lease = this.#repository.lease();
    const handle = await open(lease, name);
    const before = this.#loaded.get(name);
    this.#loaded.set(name, { lease, handle });
    // Loaded twice at once: one hold is enough.
    await before?.lease.release();
  }

  async unload(name: string): Promise<void> {
    const held = this.#loaded.get(name);
    if (held === undefined) throw new HostError('model-not-loaded', { model: name });
    this.#loaded.delete(name);
    await held.lease.release();
  }

  #versionsOf(name: string): readonly ModelState[] {
    return this.#repository.models().filter(({ id }) => id === name);
  }

  #find(name: string, version: string): ModelState | undefined {
    const versions = this.#versionsOf(name);
    if (version !== '') return versions.find((state) => state.version === version);
    return versions.find(({ labels }) => labels.includes(STABLE)) ?? versions.at(-1);
  }

  /** Holds a version that is ready for as long as `use` takes, so that nobody unloads it meanwhile. */
  async #with<T>(
    name: string,
    version: string,
    use: (handle: InferenceHandle) => T | Promise<T>,
  ): Promise<T> {
    const found = this.#find(name, version);
    if (found === undefined) {
      const known = [...new Set(this.models().map(({ id }) => id))].join(', ') || 'none';
      const model = version === '' ? name : `${name}@${version}`;
      throw new HostError('model-unknown', { model, known });
    }
    const exact = `${name}@${found.version}`;
    if (found.state !== 'ready') throw new HostError('model-not-loaded', { model: exact });
    const lease = this.#repository.lease();
    try {
      return await use(await open(lease, exact));
    } finally {
      await lease.release();
    }
  }
}

/** @throws HostError why a model is refused, as the repository says it. */
async function open(lease: ModelLease, name: string): Promise<InferenceHandle> {
  try {
    return await lease.open(name);
  } catch (thrown) {
    await lease.release();
    const { cause } = thrown as Error;
    throw HostError.is(cause) ? cause : thrown;
  }
}
