import type { Role } from './role.js';

/** Writes lines with the plugin's name. Never log weights, doses or anything about a patient. */
export interface Logger {
  debug(message: string, fields?: Readonly<Record<string, unknown>>): void;
  info(message: string, fields?: Readonly<Record<string, unknown>>): void;
  warn(message: string, fields?: Readonly<Record<string, unknown>>): void;
}

/** Monotonic time since an arbitrary origin. */
export interface Clock {
  nowMs(): number;
}

/** A reproducible stream of numbers. */
export interface RandomStream {
  /** Uniform in [0, 1). */
  uniform(): number;
  /** Standard normal. */
  normal(): number;
}

/** Makes streams of random numbers: equal seeds, equal streams. Seed with `view.seed` for per-session streams. */
export interface RandomSource {
  stream(seed: number): RandomStream;
}

/** Which file answers. */
export interface ModelIdentity {
  readonly id: string;
  readonly version: string;
  /** SHA-256 of the model file, hexadecimal. */
  readonly sha256: string;
}

/** A tensor for, or from, a model: dense, row-major, slowest extent first. */
export interface ModelTensor {
  readonly shape: readonly number[];
  /** In the element type of the model's signature. */
  readonly data: Float32Array | Int32Array;
}

/** Inputs or outputs of a model, by name. */
export type ModelTensors = Readonly<Record<string, ModelTensor>>;

/** One input or output as a model declares it. */
export interface TensorSignature {
  readonly name: string;
  readonly type: 'float32' | 'int32';
  /** A number is a fixed extent; a name is a free one, equal wherever the name occurs in one question. */
  readonly shape: readonly (number | string)[];
}

/** What a model takes and gives. */
export interface ModelSignature {
  /** Role the model was trained for. */
  readonly role: Role;
  readonly inputs: readonly TensorSignature[];
  readonly outputs: readonly TensorSignature[];
  /** Weight ceiling of the plans it was trained on; undefined when it does not matter. */
  readonly weightCeiling: number | undefined;
}

/** A loaded model. Shared between sessions; safe to call concurrently. */
export interface InferenceHandle {
  readonly model: ModelIdentity;
  readonly signature: ModelSignature;
  /**
   * Answers one question. The inputs must not change until the promise settles.
   * @throws InvalidInput when the inputs do not fit the signature; RetryLater when the model's queue is full or `signal`
   * has aborted; ModelUnavailable when the model was unloaded or could not run.
   */
  run(inputs: ModelTensors, signal: AbortSignal): Promise<ModelTensors>;
}

/** Opens models of the host's repository. */
export interface Inference {
  /**
   * `convergence` is the version labelled `stable`, `convergence@canary` another label, `convergence@3` a version. The
   * handle keeps that version for good.
   * @throws ModelUnavailable when no such model is ready.
   */
  open(model: string): Promise<InferenceHandle>;
}

/** Names a service of the host and carries its type. */
export interface ServiceToken<T> {
  readonly id: string;
  /** Only for the compiler; never set. */
  readonly phantom?: T;
}

function serviceToken<T>(id: string): ServiceToken<T> {
  return Object.freeze({ id });
}

/** Everything a plugin may require. */
export const services = Object.freeze({
  logger: serviceToken<Logger>('logger'),
  clock: serviceToken<Clock>('clock'),
  random: serviceToken<RandomSource>('random'),
  inference: serviceToken<Inference>('inference'),
});

/** Names of a plugin's own choice -> the services behind them. */
export type Requires = Readonly<Record<string, ServiceToken<unknown>>>;

/** The services a plugin gets for its `requires`. */
export type ServicesOf<Q extends Requires> = {
  readonly [K in keyof Q]: Q[K] extends ServiceToken<infer T> ? T : never;
};
