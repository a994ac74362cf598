import type { ReadonlyVector } from './tensor.js';

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

/** A tensor for, or from, a model. */
export interface ModelTensor {
  readonly shape: readonly number[];
  readonly data: ReadonlyVector | Float32Array | Int32Array;
}

/** A loaded model. Shared between sessions; safe to call concurrently. */
export interface InferenceHandle {
  readonly model: ModelIdentity;
  /** @throws ModelUnavailable when the model was unloaded or its worker is gone. */
  run(
    inputs: Readonly<Record<string, ModelTensor>>,
    signal: AbortSignal,
  ): Promise<Readonly<Record<string, ModelTensor>>>;
}

/** Opens models of the host's repository by name. */
export interface Inference {
  /** @throws ModelUnavailable when no such model is ready. */
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
