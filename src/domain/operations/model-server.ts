import type { ModelIdentity, ModelSignature, ModelTensors } from '../../plugin-sdk/index.js';
import type { ModelState } from './models.js';

/** A version of a model that can be asked, and what it takes. */
export interface ServedModel {
  readonly identity: ModelIdentity;
  readonly signature: ModelSignature;
  /** All versions that there are, oldest first. */
  readonly versions: readonly string[];
}

/** An answer, and who gave it. */
export interface ModelAnswer {
  readonly identity: ModelIdentity;
  readonly signature: ModelSignature;
  readonly outputs: ModelTensors;
}

/**
 * The repository's models for clients that are no plans. They share backends and queues with the plugins, whose questions come in the
 * same turn. A version that is empty means the one labelled `stable`.
 */
export interface ModelServer {
  models(): readonly ModelState[];
  isReady(name: string, version: string): boolean;
  /** @throws HostError `model-not-found`; `model-not-loaded` while nobody holds it. */
  describe(name: string, version: string): Promise<ServedModel>;
  /**
   * @param inputs as the model's signature says; `invalid-field` otherwise.
   * @throws HostError also `inference-busy` when its queue is full, `inference-failed` when it could not run.
   */
  infer(
    name: string,
    version: string,
    inputs: ModelTensors,
    signal: AbortSignal,
  ): Promise<ModelAnswer>;
  /** Loads `NAME`, `NAME@VERSION` or `NAME@LABEL` and holds it. @throws HostError why it is refused. */
  load(name: string): Promise<void>;
  /** Releases what was loaded under that name. @throws HostError `model-not-loaded` */
  unload(name: string): Promise<void>;
}
