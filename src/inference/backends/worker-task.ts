import type { ModelTensors } from '../../plugin-sdk/index.js';

/** A model as threads know it. */
export interface WorkerModel {
  /** Another one for each load. */
  readonly key: string;
  readonly bytes: SharedArrayBuffer;
}

/** What a thread is asked. */
export interface WorkerTask {
  readonly model: WorkerModel;
  /** Keys of the loaded models; a thread releases any other. */
  readonly live: readonly string[];
  readonly inputs: ModelTensors;
}
