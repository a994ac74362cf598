import type { ModelMeter, Placement } from '../../domain/operations/models.js';
import type { ModelTensors } from '../../plugin-sdk/index.js';
import type { ModelPackage } from '../model-package.js';

/** A tensor of a model as the runtime sees it: a number is a fixed extent, a name a free one. */
export interface RuntimeTensor {
  readonly name: string;
  readonly type: string;
  readonly shape: readonly (number | string)[];
}

export interface RuntimeSignature {
  readonly inputs: readonly RuntimeTensor[];
  readonly outputs: readonly RuntimeTensor[];
}

/** One run, timed where it ran, waiting and transfer apart. */
export interface TimedRun {
  readonly outputs: ModelTensors;
  readonly runMs: number;
}

/** A model that a backend holds. */
export interface RunningModel {
  readonly placement: Placement;
  readonly signature: RuntimeSignature;
  /** For warm-up: neither queued, batched nor counted. */
  measure(inputs: ModelTensors): Promise<TimedRun>;
  /**
   * Answers one question whose inputs fit the signature.
   * @throws RetryLater when too many wait or `signal` has aborted; ModelUnavailable when the runtime fails.
   */
  run(inputs: ModelTensors, signal: AbortSignal): Promise<ModelTensors>;
  /** Releases memory and threads. Questions that run are answered, those that wait end as ModelUnavailable. */
  unload(): Promise<void>;
}

/** Something that runs models: on the thread that serves (`InlineBackend`), or on worker threads (`WorkerBackend`). */
export interface ExecutionBackend {
  readonly placement: Placement;
  /**
   * `meter` is asked for when the first question comes, so that a model which is only tried out leaves no figures.
   * @throws HostError `model-session` when the runtime cannot load the model.
   */
  start(model: ModelPackage, meter: () => ModelMeter): Promise<RunningModel>;
  /** After the last model was unloaded. */
  dispose?(): Promise<void>;
}
