import { describeThrown, HostError } from '../domain/errors/host-error.js';
import type { Log } from '../domain/log.js';
import type { RemoteTarget } from '../domain/open-inference/remote.js';
import type { ModelMetrics, Placement } from '../domain/operations/models.js';
import type { RunningModel } from './backends/execution-backend.js';
import type { InlineBackend } from './backends/inline-backend.js';
import type { RemoteBackend } from './backends/remote-backend.js';
import type { WorkerBackend } from './backends/worker-backend.js';
import { type ModelPackage, readPackage } from './model-package.js';
import { checkSignature, reproduceGolden } from './warm-up.js';

const MIB = 2 ** 20;

/** A model folder with what it holds. */
export interface ModelSource {
  readonly folder: string;
  /** `id/version`. */
  readonly name: string;
  /** Of model.yaml, which names the hashes of the other files. */
  readonly fingerprint: string;
  /** Who answers in place of this machine. */
  readonly remote: RemoteTarget | undefined;
}

/** What a load may take, by the configuration it is for. */
export interface LoadLimits {
  readonly maxMemoryMb: number;
  readonly inlineBelowMs: number;
  readonly workerThreads: number;
}

export interface ReadyModel {
  readonly model: ModelPackage;
  readonly running: RunningModel;
  readonly costMs: number;
}

/** A load, and who holds it. */
interface Entry {
  readonly source: ModelSource;
  readonly loading: Promise<ReadyModel>;
  ready: ReadyModel | undefined;
  holders: number;
}

export interface LoadServices {
  readonly inline: InlineBackend;
  readonly workers: WorkerBackend;
  readonly remote: RemoteBackend;
  readonly log: Log;
  readonly metrics: ModelMetrics;
}

export function keyOf({ folder, fingerprint, remote }: ModelSource): string {
  return `${folder}#${fingerprint}${remote === undefined ? '' : JSON.stringify(remote)}`;
}

/** Models that are loaded, each once however many hold it, and unloaded when nobody does. */
export class LoadedModels {
  readonly #services: LoadServices;
  readonly #entries = new Map<string, Entry>();
  /** MiB by entry, those being loaded or unloaded included. */
  readonly #memoryMb = new Map<Entry, number>();
  readonly #refused = new Map<string, HostError>();
  /** One load at a time: two at once would measure each other. */
  #lastLoad: Promise<unknown> = Promise.resolve();

  constructor(services: LoadServices) {
    this.#services = services;
  }

  /** Holds a model, loading it when nobody does yet. @throws HostError when it is refused; it is not held then. */
  async acquire(source: ModelSource, limits: LoadLimits): Promise<ReadyModel> {
    const key = keyOf(source);
    const entry = this.#entries.get(key) ?? this.#load(key, source, limits);
    entry.holders += 1;
    return entry.loading;
  }

  /** Releases a model; the last one unloads it. */
  async release(source: ModelSource): Promise<void> {
    const entry = this.#entries.get(keyOf(source));
    if (entry === undefined) return;
    entry.holders -= 1;
    if (entry.holders <= 0) await this.#unload(entry);
  }

  /** Unloads a model whoever holds it. */
  async drop(folder: string): Promise<void> {
    for (const entry of [...this.#entries.values()]) {
      if (entry.source.folder === folder) await this.#unload(entry);
    }
  }

  async dispose(): Promise<void> {
    await this.#lastLoad;
    for (const entry of [...this.#entries.values()]) await this.#unload(entry);
  }

  stateOf(folder: string): Pick<Entry, 'ready'> | undefined {
    // The newest content of the folder comes last.
    return [...this.#entries.values()].findLast(({ source }) => source.folder === folder);
  }

  refusalOf(folder: string): HostError | undefined {
    return this.#refused.get(folder);
  }

  #load(key: string, source: ModelSource, limits: LoadLimits): Entry {
    const loading = this.#lastLoad.then(() => this.#check(entry, limits));
    const entry: Entry = { source, loading, ready: undefined, holders: 0 };
    this.#entries.set(key, entry);
    this.#lastLoad = loading.catch(() => this.#forget(entry));
    return entry;
  }

  #forget(entry: Entry): void {
    this.#memoryMb.delete(entry);
    const key = keyOf(entry.source);
    if (this.#entries.get(key) === entry) this.#entries.delete(key);
  }

  async #unload(entry: Entry): Promise<void> {
    const key = keyOf(entry.source);
    if (this.#entries.get(key) === entry) this.#entries.delete(key);
    const ready = await entry.loading.catch(() => undefined);
    await ready?.running.unload();
    this.#memoryMb.delete(entry);
    if (ready !== undefined) this.#services.log.info('model unloaded', { model: ready.model.name });
  }

  async #check(entry: Entry, limits: LoadLimits): Promise<ReadyModel> {
    const { log, metrics } = this.#services;
    const { folder, name } = entry.source;
    try {
      const startedMs = performance.now();
      const model = await readPackage(folder);
      this.#reserve(entry, model, limits);
      const readMs = performance.now();
      const { remote } = entry.source;
      const ready = await (remote === undefined
        ? this.#warmUp(model, limits.inlineBelowMs)
        : this.#tryRemote(model, remote));
      entry.ready = ready;
      metrics.modelReady(model.identity, readMs - startedMs, performance.now() - readMs);
      this.#refused.delete(folder);
      const { placement } = ready.running;
      log.info('model ready', { model: name, placement, costMs: ready.costMs });
      return ready;
    } catch (thrown) {
      if (!HostError.is(thrown)) throw thrown;
      this.#refused.set(folder, thrown);
      log.error('model refused', { model: name, code: thrown.code, reason: thrown.message });
      throw thrown;
    }
  }

  /**
   * Tries the model in a thread of its own, so that a slow one stalls no plan, and brings it to this thread when it is
   * quick enough.
   */
  async #warmUp(model: ModelPackage, inlineBelowMs: number): Promise<ReadyModel> {
    const { metrics, workers, inline } = this.#services;
    const meter = (placement: Placement) => () => metrics.model(model.identity, placement);
    const trial = await workers.start(model, meter('worker'));
    let costMs: number;
    try {
      checkSignature(model, trial);
      costMs = await reproduceGolden(model, trial);
      if (costMs >= inlineBelowMs) return { model, running: trial, costMs };
    } catch (thrown) {
      await trial.unload();
      throw thrown;
    }
    await trial.unload();
    const running = await inline.start(model, meter('inline'), costMs);
    try {
      await reproduceGolden(model, running, 1);
    } catch (thrown) {
      await running.unload();
      throw thrown;
    }
    return { model, running, costMs };
  }

  /** The server must declare what model.yaml declares, and answer the golden cases as the training side did. */
  async #tryRemote(model: ModelPackage, target: RemoteTarget): Promise<ReadyModel> {
    const { metrics, remote } = this.#services;
    const meter = () => metrics.model(model.identity, 'remote');
    const running = await remote.start(model, meter, target);
    try {
      checkSignature(model, running);
      return { model, running, costMs: await reproduceGolden(model, running) };
    } catch (thrown) {
      await running.unload();
      if (HostError.is(thrown)) throw thrown;
      const problem = `${target.address} says: ${describeThrown(thrown)}`;
      throw new HostError('model-session', { model: model.name, problem }, { cause: thrown });
    }
  }

  /**
   * A session holds its weights about twice, as read and packed for the kernels; the verified bytes stay for threads to
   * come. Counted and not measured, so that the same models always fit.
   */
  #reserve(entry: Entry, model: ModelPackage, limits: LoadLimits): void {
    const isRemote = entry.source.remote !== undefined;
    const sessions = isRemote ? 0 : Math.max(1, limits.workerThreads);
    const neededMb = (model.bytes.byteLength * (1 + 2 * sessions)) / MIB;
    const usedMb = [...this.#memoryMb.values()].reduce((sum, mb) => sum + mb, 0);
    const limit = limits.maxMemoryMb;
    if (usedMb + neededMb > limit) {
      const params = { needed: neededMb.toFixed(1), used: usedMb.toFixed(1), limit };
      throw new HostError('model-memory', { model: model.name, ...params });
    }
    this.#memoryMb.set(entry, neededMb);
  }
}
