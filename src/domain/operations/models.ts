import type { Inference, ModelIdentity } from '../../plugin-sdk/index.js';

/** Runs models. `undefined` model handles never happen: a missing model is a ModelUnavailable. */
export type InferenceClient = Inference;

/** Where a model runs: on the thread that serves, on worker threads, or on another machine. */
export type Placement = 'inline' | 'worker' | 'remote';

/** A version of a model as the repository has it. */
export interface ModelState {
  readonly id: string;
  readonly version: string;
  readonly labels: readonly string[];
  readonly state: 'available' | 'loading' | 'ready' | 'refused';
  /** Undefined unless ready. */
  readonly placement: Placement | undefined;
  /** What a golden case took at warm-up; undefined unless ready. */
  readonly costMs: number | undefined;
  /** Why it was refused; empty otherwise. */
  readonly reason: string;
  /** What its card says it does and how well, in one line; empty or undefined where nothing is known of it. */
  readonly claim?: string;
}

export interface ModelCatalogue {
  models(): readonly ModelState[];
}

/** How the models stand at this moment. */
export interface ModelGauges extends ModelCatalogue {
  /** Worker threads that run a question, and questions that wait for one. */
  workerPool(): { readonly busy: number; readonly queued: number };
}

/** Figures of one model version in one placement, with its labels resolved once. */
export interface ModelMeter {
  /** One call of the runtime that answered `questions` at once. */
  ran(runMs: number, questions: number): void;
  /** Questions that wait now. */
  queued(questions: number): void;
  /** How long a question waited before its run began. */
  waited(waitMs: number): void;
  /** Questions that ended without an answer: `failed`, `queue-full` or `aborted`. */
  unanswered(reason: 'failed' | 'queue-full' | 'aborted', questions: number): void;
}

/** Where figures of models go. Labels are bounded: model id, version, placement. */
export interface ModelMetrics {
  model(model: ModelIdentity, placement: Placement): ModelMeter;
  /** A version became ready: what reading and checking its files took, and trying it out. */
  modelReady(model: ModelIdentity, loadMs: number, warmUpMs: number): void;
  /** Where to look, whenever somebody scrapes, for states and for the worker threads. */
  watchModels(source: ModelGauges): void;
}
