import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { HostError } from '../domain/errors/host-error.js';
import type { ModelsConfig, VersionPolicy } from '../domain/host-config.js';
import type { ModelLease, ModelView } from '../domain/operations/activation.js';
import {
  type InferenceHandle,
  InvalidInput,
  type ModelTensors,
  ModelUnavailable,
} from '../plugin-sdk/index.js';
import { keyOf, type LoadedModels, type ModelSource, type ReadyModel } from './loaded-models.js';
import { findModels } from './model-folders.js';
import { isVersion, parseModelName, STABLE } from './model-name.js';
import { MAX_DESCRIPTION_BYTES, readModelFile } from './read-file.js';
import { ShapeCheck } from './shape-check.js';

/** Of a model.yaml that cannot be read; loading it says why. */
const UNREADABLE = 'unreadable';

async function fingerprintOf(folder: string): Promise<string> {
  try {
    const description = await readModelFile(join(folder, 'model.yaml'), MAX_DESCRIPTION_BYTES);
    return createHash('sha256').update(description).digest('hex');
  } catch {
    return UNREADABLE;
  }
}

/** The models of one directory under one configuration: names and labels mean versions, versions are loaded once. */
export class LabelledModels implements ModelView {
  readonly config: ModelsConfig;
  readonly directory: string;
  readonly #loaded: LoadedModels;

  constructor(config: ModelsConfig, directory: string, loaded: LoadedModels) {
    this.config = config;
    this.directory = directory;
    this.#loaded = loaded;
  }

  lease(): ModelLease {
    return new Lease(this, this.#loaded);
  }

  async identify(name: string): Promise<string | undefined> {
    try {
      return keyOf(await this.find(name));
    } catch {
      return undefined;
    }
  }

  /** @throws HostError `model-not-found` or `model-label` */
  async find(name: string): Promise<ModelSource> {
    const { id, version } = this.#resolve(name);
    const folder = join(this.directory, id, version);
    const remote = this.config.remote[id];
    return { folder, name: `${id}/${version}`, fingerprint: await fingerprintOf(folder), remote };
  }

  labelsOf(id: string, version: string): readonly string[] {
    return Object.entries(this.config.labels[id] ?? {})
      .filter(([, labelled]) => labelled === version)
      .map(([label]) => label);
  }

  labelError(id: string, label: string, version: string, thrown: unknown): HostError {
    if (!HostError.is(thrown)) throw thrown;
    const params = { label, model: id, version, problem: thrown.message };
    return new HostError('model-label', params, { cause: thrown });
  }

  #resolve(name: string): { readonly id: string; readonly version: string } {
    const found = findModels(this.directory);
    const refuse = (known: readonly string[], model = name) =>
      new HostError('model-not-found', {
        model,
        directory: this.directory,
        known: known.join(', ') || 'none',
      });
    const parsed = parseModelName(name);
    const present = found.get(parsed?.id ?? '');
    if (parsed === undefined || present === undefined) throw refuse([...found.keys()]);
    const { id, which } = parsed;
    const versions = servedVersions(present, this.config.versionPolicies[id]);
    const labels: Readonly<Record<string, string | undefined>> = {
      [STABLE]: versions.at(-1),
      ...this.config.labels[id],
    };
    const version = isVersion(which) ? which : labels[which];
    const known = [...Object.keys(labels), ...versions].map((version) => `${id}@${version}`);
    if (version === undefined) throw refuse(known);
    if (versions.includes(version)) return { id, version };
    const missing = present.includes(version)
      ? new HostError('model-version-policy', {
          version,
          model: id,
          served: versions.join(', ') || 'none',
        })
      : refuse(known, `${id}@${version}`);
    throw isVersion(which) ? missing : this.labelError(id, which, version, missing);
  }
}

/** Of the versions that are there, ascending, those that may serve. */
function servedVersions(
  present: readonly string[],
  policy: VersionPolicy | undefined,
): readonly string[] {
  switch (policy?.kind) {
    case 'latest':
      return present.slice(-policy.count);
    case 'specific':
      return present.filter((version) => policy.versions.includes(version));
    default:
      return present;
  }
}

/** Models that one user opened. */
class Lease implements ModelLease {
  readonly #view: LabelledModels;
  readonly #loaded: LoadedModels;
  readonly #held: ModelSource[] = [];
  readonly opened = new Map<string, string>();
  #isReleased = false;

  constructor(view: LabelledModels, loaded: LoadedModels) {
    this.#view = view;
    this.#loaded = loaded;
  }

  async open(name: string): Promise<InferenceHandle> {
    try {
      const source = await this.#view.find(name);
      const ready = await this.#loaded.acquire(source, this.#view.config);
      if (this.#isReleased) {
        await this.#loaded.release(source);
        throw new ModelUnavailable(`${source.name} was opened by a plugin that is gone`);
      }
      this.#held.push(source);
      this.opened.set(name, keyOf(source));
      return handleOf(ready);
    } catch (thrown) {
      if (!HostError.is(thrown)) throw thrown;
      throw new ModelUnavailable(`${thrown.message} (${thrown.code})`, { cause: thrown });
    }
  }

  async release(): Promise<void> {
    this.#isReleased = true;
    for (const source of this.#held.splice(0)) await this.#loaded.release(source);
  }
}

function handleOf({ model, running }: ReadyModel): InferenceHandle {
  const check = new ShapeCheck(model.signature.inputs);
  return {
    model: model.identity,
    signature: model.signature,
    run: (inputs: ModelTensors, signal: AbortSignal) => {
      const problem = check.problem(inputs);
      return problem === undefined
        ? running.run(inputs, signal)
        : Promise.reject(new InvalidInput(`${model.name}: ${problem}`));
    },
  };
}
