import { join } from 'node:path';
import type { ModelsConfig } from '../domain/host-config.js';
import { HostError } from '../domain/host-error.js';
import type { Log } from '../domain/log.js';
import type {
  InferenceClient,
  ModelCatalogue,
  ModelMetrics,
  ModelState,
  Placement,
} from '../domain/ports.js';
import {
  type InferenceHandle,
  InvalidInput,
  type ModelTensors,
  ModelUnavailable,
} from '../plugin-sdk/index.js';
import type { RunningModel } from './execution-backend.js';
import { InlineBackend } from './inline-backend.js';
import { findModels } from './model-folders.js';
import { isVersion, parseModelName, STABLE } from './model-name.js';
import { type ModelPackage, readPackage } from './model-package.js';
import { ShapeCheck } from './shape-check.js';
import { checkSignature, reproduceGolden } from './warm-up.js';
import { WorkerBackend } from './worker-backend.js';

const MIB = 2 ** 20;

export interface RepositoryOptions {
  readonly config: ModelsConfig;
  /** Used when the configuration names no directory. */
  readonly builtInDirectory: string;
  /** The compiled entry of worker threads. */
  readonly workerEntry: string;
  readonly log: Log;
  readonly metrics: ModelMetrics;
}

/** A label that cannot be used. */
export interface LabelFault {
  readonly id: string;
  readonly label: string;
  readonly error: HostError;
}

interface ReadyModel {
  readonly model: ModelPackage;
  readonly running: RunningModel;
  readonly costMs: number;
}

/** The models of one directory: found by name, checked and loaded when first opened or labelled. */
export class ModelRepository implements InferenceClient, ModelCatalogue {
  readonly #options: RepositoryOptions;
  readonly #directory: string;
  readonly #inline: InlineBackend;
  readonly #workers: WorkerBackend;
  readonly #ready = new Map<string, ReadyModel>();
  readonly #loading = new Map<string, Promise<ReadyModel>>();
  readonly #refused = new Map<string, HostError>();
  /** MiB by `id/version`, models being loaded included. */
  readonly #memoryMb = new Map<string, number>();
  /** One load at a time: two at once would measure each other. */
  #lastLoad: Promise<unknown> = Promise.resolve();

  constructor(options: RepositoryOptions) {
    this.#options = options;
    const { directory, maxBatch, queueLimit, workerThreads } = options.config;
    this.#directory = directory ?? options.builtInDirectory;
    this.#inline = new InlineBackend({ maxBatch, queueLimit });
    this.#workers = new WorkerBackend({
      ...{ log: options.log, entry: options.workerEntry, queueLimit },
      concurrency: workerThreads,
    });
  }

  /** Loads what labels point at. A label of a version that does not become ready is a fault, and cannot be opened. */
  async start(): Promise<readonly LabelFault[]> {
    const faults: LabelFault[] = [];
    for (const [id, labels] of Object.entries(this.#options.config.labels)) {
      for (const [label, version] of Object.entries(labels)) {
        try {
          const found = this.#resolve(`${id}@${version}`);
          await this.#load(found.id, found.version);
        } catch (thrown) {
          const error = this.#labelError(id, label, version, thrown);
          this.#options.log.error('label refused', { code: error.code, reason: error.message });
          faults.push({ id, label, error });
        }
      }
    }
    return faults;
  }

  async open(name: string): Promise<InferenceHandle> {
    try {
      const { id, version } = this.#resolve(name);
      return this.#handle(await this.#load(id, version));
    } catch (thrown) {
      if (!HostError.is(thrown)) throw thrown;
      throw new ModelUnavailable(`${thrown.message} (${thrown.code})`, { cause: thrown });
    }
  }

  /** Releases a version. Handles to it answer ModelUnavailable from now on; opening it loads it anew. */
  async unload(id: string, version: string): Promise<void> {
    const name = `${id}/${version}`;
    await this.#loading.get(name)?.catch(() => undefined);
    const ready = this.#ready.get(name);
    this.#ready.delete(name);
    await ready?.running.unload();
    if (ready !== undefined) this.#memoryMb.delete(name);
  }

  async dispose(): Promise<void> {
    await this.#lastLoad;
    for (const { model } of [...this.#ready.values()]) {
      await this.unload(model.identity.id, model.identity.version);
    }
    await this.#workers.dispose();
  }

  models(): readonly ModelState[] {
    return [...findModels(this.#directory)].flatMap(([id, versions]) =>
      versions.map((version) => this.#stateOf(id, version)),
    );
  }

  #stateOf(id: string, version: string): ModelState {
    const name = `${id}/${version}`;
    const ready = this.#ready.get(name);
    const reason = this.#refused.get(name)?.message ?? '';
    const idle = this.#loading.has(name) ? 'loading' : reason !== '' ? 'refused' : 'available';
    const labels = Object.entries(this.#options.config.labels[id] ?? {})
      .filter(([, labelled]) => labelled === version)
      .map(([label]) => label);
    return {
      ...{ id, version, labels, reason },
      state: ready === undefined ? idle : 'ready',
      placement: ready?.running.placement,
      costMs: ready?.costMs,
    };
  }

  #resolve(name: string): { readonly id: string; readonly version: string } {
    const found = findModels(this.#directory);
    const refuse = (known: readonly string[], model = name) =>
      new HostError('model-not-found', {
        ...{ model, directory: this.#directory },
        known: known.join(', ') || 'none',
      });
    const parsed = parseModelName(name);
    const versions = found.get(parsed?.id ?? '');
    if (parsed === undefined || versions === undefined) throw refuse([...found.keys()]);
    const { id, which } = parsed;
    const labels: Readonly<Record<string, string | undefined>> = {
      [STABLE]: versions.at(-1),
      ...this.#options.config.labels[id],
    };
    const version = isVersion(which) ? which : labels[which];
    const known = [...Object.keys(labels), ...versions].map((one) => `${id}@${one}`);
    if (version === undefined) throw refuse(known);
    if (versions.includes(version)) return { id, version };
    const missing = refuse(known, `${id}@${version}`);
    throw isVersion(which) ? missing : this.#labelError(id, which, version, missing);
  }

  #labelError(id: string, label: string, version: string, thrown: unknown): HostError {
    if (!HostError.is(thrown)) throw thrown;
    const params = { label, model: id, version, problem: thrown.message };
    return new HostError('model-label', params, { cause: thrown });
  }

  #load(id: string, version: string): Promise<ReadyModel> {
    const name = `${id}/${version}`;
    const ready = this.#ready.get(name);
    if (ready !== undefined) return Promise.resolve(ready);
    const loading = this.#loading.get(name);
    if (loading !== undefined) return loading;
    const load = this.#lastLoad.then(() => this.#check(name));
    this.#lastLoad = load.catch(() => undefined);
    this.#loading.set(name, load);
    return load;
  }

  async #check(name: string): Promise<ReadyModel> {
    const { log } = this.#options;
    try {
      const model = await readPackage(join(this.#directory, name));
      this.#reserve(model);
      const ready = await this.#warmUp(model);
      this.#ready.set(name, ready);
      this.#refused.delete(name);
      const { placement } = ready.running;
      log.info('model ready', { model: name, placement, costMs: ready.costMs });
      return ready;
    } catch (thrown) {
      this.#memoryMb.delete(name);
      if (!HostError.is(thrown)) throw thrown;
      this.#refused.set(name, thrown);
      log.error('model refused', { model: name, code: thrown.code, reason: thrown.message });
      throw thrown;
    } finally {
      this.#loading.delete(name);
    }
  }

  /**
   * Tries the model in a thread of its own, so that a slow one stalls no plan, and brings it to this thread when it is
   * quick enough.
   */
  async #warmUp(model: ModelPackage): Promise<ReadyModel> {
    const { metrics, config } = this.#options;
    const meter = (placement: Placement) => () => metrics.model(model.identity, placement);
    const trial = await this.#workers.start(model, meter('worker'));
    let costMs: number;
    try {
      checkSignature(model, trial);
      costMs = await reproduceGolden(model, trial);
      if (costMs >= config.inlineBelowMs) return { model, running: trial, costMs };
    } catch (thrown) {
      await trial.unload();
      throw thrown;
    }
    await trial.unload();
    const running = await this.#inline.start(model, meter('inline'));
    try {
      await reproduceGolden(model, running, 1);
    } catch (thrown) {
      await running.unload();
      throw thrown;
    }
    return { model, running, costMs };
  }

  /**
   * A session holds its weights about twice, as read and packed for the kernels; the verified bytes stay for threads to
   * come. Counted and not measured, so that the same models always fit.
   */
  #reserve(model: ModelPackage): void {
    const sessions = Math.max(1, this.#options.config.workerThreads);
    const neededMb = (model.bytes.byteLength * (1 + 2 * sessions)) / MIB;
    const usedMb = [...this.#memoryMb.values()].reduce((sum, mb) => sum + mb, 0);
    const limit = this.#options.config.maxMemoryMb;
    if (usedMb + neededMb > limit) {
      const params = { needed: neededMb.toFixed(1), used: usedMb.toFixed(1), limit };
      throw new HostError('model-memory', { model: model.name, ...params });
    }
    this.#memoryMb.set(model.name, neededMb);
  }

  #handle({ model, running }: ReadyModel): InferenceHandle {
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
}
