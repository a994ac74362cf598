import { join } from 'node:path';
import type { HostError } from '../domain/errors/host-error.js';
import type { ModelsConfig } from '../domain/host-config.js';
import type { Log } from '../domain/log.js';
import type { ConnectRemote } from '../domain/open-inference/remote.js';
import type {
  ActivationFault,
  ModelActivator,
  ModelLease,
  PreparedModels,
} from '../domain/operations/activation.js';
import type {
  InferenceClient,
  ModelGauges,
  ModelMetrics,
  ModelState,
} from '../domain/operations/models.js';
import type { InferenceHandle } from '../plugin-sdk/index.js';
import { InlineBackend } from './backends/inline-backend.js';
import { RemoteBackend } from './backends/remote-backend.js';
import { WorkerBackend } from './backends/worker-backend.js';
import { LabelledModels } from './labelled-models.js';
import { LoadedModels } from './loaded-models.js';
import { ModelClaims } from './model-claim.js';
import { findModels } from './model-folders.js';

export interface RepositoryOptions {
  readonly config: ModelsConfig;
  /** Used when the configuration names no directory. */
  readonly builtInDirectory: string;
  /** The compiled entry of worker threads. */
  readonly workerEntry: string;
  readonly log: Log;
  readonly metrics: ModelMetrics;
  /** Reaches the servers of `models.remote`. */
  readonly connectRemote: ConnectRemote;
  /** False: labels only name versions, which are loaded when a plugin opens them. */
  readonly loadsLabelled?: boolean | undefined;
}

/** A label that cannot be used: its version does not become ready. */
interface LabelFault {
  readonly id: string;
  readonly label: string;
  readonly error: HostError;
}

/** A view in force, with what its labels hold. */
interface Current {
  readonly view: LabelledModels;
  readonly labelled: ModelLease;
  readonly faults: readonly LabelFault[];
}

/**
 * The models of one directory: found by name, checked and loaded when first opened or labelled, unloaded when neither a
 * plugin nor a label holds them. Another configuration gets another view of them; versions that both use stay loaded.
 */
export class ModelRepository implements InferenceClient, ModelGauges, ModelActivator {
  readonly #options: RepositoryOptions;
  readonly #workers: WorkerBackend;
  readonly #loaded: LoadedModels;
  /** What is opened without a lease of one's own. */
  #own: ModelLease;
  #current: Current;
  #claims = new ModelClaims();

  constructor(options: RepositoryOptions) {
    this.#options = options;
    const { log, metrics, workerEntry: entry } = options;
    const { maxBatchSize, queueLimit, workerThreads: concurrency } = options.config;
    this.#workers = new WorkerBackend({ log, entry, queueLimit, concurrency });
    const inline = new InlineBackend({ maxBatchSize, queueLimit });
    const remote = new RemoteBackend(options.connectRemote, {
      queueLimit,
      nowMs: () => performance.now(),
    });
    this.#loaded = new LoadedModels({ inline, workers: this.#workers, remote, log, metrics });
    const view = this.#viewOf(options.config);
    this.#current = { view, labelled: view.lease(), faults: [] };
    this.#own = view.lease();
    metrics.watchModels(this);
  }

  async prepare(config: ModelsConfig): Promise<PreparedModels> {
    const view = this.#viewOf(config);
    const labelled = view.lease();
    const { loadsLabelled = true } = this.#options;
    const faults = loadsLabelled ? await this.#loadLabels(view, labelled) : [];
    return {
      view,
      faults: faults.map((fault) => this.#activationFault(fault)),
      commit: () => {
        const former = [this.#current.labelled, this.#own];
        this.#current = { view, labelled, faults };
        this.#own = view.lease();
        this.#claims = new ModelClaims();
        for (const lease of former) {
          lease.release().catch((thrown: unknown) => {
            this.#options.log.error('a model could not be released', { err: thrown });
          });
        }
      },
      discard: () => labelled.release(),
    };
  }

  open(name: string): Promise<InferenceHandle> {
    return this.#own.open(name);
  }

  /** Models of the view in force, held apart from those of plugins. */
  lease(): ModelLease {
    return this.#current.view.lease();
  }

  /** Releases a version. Handles to it answer ModelUnavailable from now on; opening it loads it anew. */
  unload(id: string, version: string): Promise<void> {
    return this.#loaded.drop(join(this.#current.view.directory, id, version));
  }

  async dispose(): Promise<void> {
    await this.#loaded.dispose();
    await this.#workers.dispose();
  }

  models(): readonly ModelState[] {
    return [...findModels(this.#current.view.directory)].flatMap(([id, versions]) =>
      versions.map((version) => this.#stateOf(id, version)),
    );
  }

  workerPool() {
    return this.#workers.load;
  }

  #viewOf(config: ModelsConfig): LabelledModels {
    const directory = config.directory ?? this.#options.builtInDirectory;
    return new LabelledModels(config, directory, this.#loaded);
  }

  async #loadLabels(view: LabelledModels, lease: ModelLease): Promise<readonly LabelFault[]> {
    const faults: LabelFault[] = [];
    for (const [id, labels] of Object.entries(view.config.labels)) {
      for (const [label, version] of Object.entries(labels)) {
        try {
          await lease.open(`${id}@${version}`);
        } catch (thrown) {
          const error = view.labelError(id, label, version, (thrown as Error).cause ?? thrown);
          this.#options.log.error('label refused', { code: error.code, reason: error.message });
          faults.push({ id, label, error });
        }
      }
    }
    return faults;
  }

  #activationFault({ id, label, error }: LabelFault): ActivationFault {
    const isOld = this.#current.faults.some(
      (old) => old.id === id && old.label === label && old.error.message === error.message,
    );
    return { path: ['models', 'labels', id, label], error, isOld };
  }

  #stateOf(id: string, version: string): ModelState {
    const { view } = this.#current;
    const folder = join(view.directory, id, version);
    const entry = this.#loaded.stateOf(folder);
    const ready = entry?.ready;
    const reason = ready === undefined ? (this.#loaded.refusalOf(folder)?.message ?? '') : '';
    const idle = entry !== undefined ? 'loading' : reason !== '' ? 'refused' : 'available';
    return {
      id,
      version,
      labels: view.labelsOf(id, version),
      reason,
      state: ready === undefined ? idle : 'ready',
      placement: ready?.running.placement,
      costMs: ready?.costMs,
      claim: this.#claims.of(folder),
    };
  }
}
