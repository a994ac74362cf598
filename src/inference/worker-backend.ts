import type { Worker } from 'node:worker_threads';
import type { Piscina } from 'piscina';
import { describeThrown, HostError } from '../domain/host-error.js';
import type { Log } from '../domain/log.js';
import type { ModelMeter } from '../domain/ports.js';
import {
  type ModelTensors,
  ModelUnavailable,
  PluginError,
  RetryLater,
} from '../plugin-sdk/index.js';
import { BoundedQueue, type QueueLimits } from './bounded-queue.js';
import type {
  ExecutionBackend,
  RunningModel,
  RuntimeSignature,
  TimedRun,
} from './execution-backend.js';
import type { ModelPackage } from './model-package.js';
import type { WorkerModel } from './worker-thread.js';

/** Threads of models yield to the thread that serves when there are fewer processors than threads. Linux niceness. */
const NICE_INCREMENT = 10;
const IDLE_MS = 60_000;

export interface WorkerOptions extends QueueLimits {
  readonly log: Log;
  /** The compiled `worker-thread.js`. */
  readonly entry: string;
}

/**
 * Runs models in worker threads. Each model has threads of its own, so that unloading it frees all it took and a crash
 * stays its own; one queue before all of them bounds how many run at once.
 */
export class WorkerBackend implements ExecutionBackend {
  readonly placement = 'worker';
  readonly #options: WorkerOptions;
  readonly #queue: BoundedQueue;

  constructor(options: WorkerOptions) {
    this.#options = options;
    this.#queue = new BoundedQueue(options);
  }

  async start(model: ModelPackage, meter: () => ModelMeter): Promise<WorkerModelHandle> {
    const { Piscina: Pool } = await import('piscina');
    const { entry, log, concurrency } = this.#options;
    const workerData: WorkerModel = { bytes: model.bytes };
    const pool = new Pool({
      filename: entry,
      workerData,
      minThreads: 1,
      maxThreads: concurrency,
      niceIncrement: NICE_INCREMENT,
      // A thread more than the first has to build the model anew; keep it for the next burst.
      idleTimeout: IDLE_MS,
    });
    // A thread that ends between questions; the pool has started another by now.
    pool.on('error', (thrown: unknown) => {
      log.warn('model thread failed', { model: model.name, err: thrown });
    });
    try {
      const signature = (await pool.run(undefined, { name: 'describe' })) as RuntimeSignature;
      return new WorkerModelHandle({ model, pool, signature, meter, queue: this.#queue });
    } catch (thrown) {
      await pool.close();
      const params = { model: model.name, problem: describeThrown(thrown) };
      throw new HostError('model-session', params, { cause: thrown });
    }
  }
}

interface Parts {
  readonly model: ModelPackage;
  readonly pool: Piscina;
  readonly signature: RuntimeSignature;
  readonly meter: () => ModelMeter;
  readonly queue: BoundedQueue;
}

/** A model with its threads. */
export class WorkerModelHandle implements RunningModel {
  readonly placement = 'worker';
  readonly #parts: Parts;
  #isUnloaded = false;
  #knownMeter: ModelMeter | undefined;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  get signature(): RuntimeSignature {
    return this.#parts.signature;
  }

  /** For tests of what happens when one dies. */
  get threads(): readonly Worker[] {
    return this.#parts.pool.threads;
  }

  measure(inputs: ModelTensors): Promise<TimedRun> {
    return this.#parts.pool.run(inputs, { name: 'run' }) as Promise<TimedRun>;
  }

  async run(inputs: ModelTensors, signal: AbortSignal): Promise<ModelTensors> {
    const { model, queue } = this.#parts;
    const meter = this.#meter;
    if (this.#isUnloaded) throw this.#unavailable('was unloaded');
    const wasFull = queue.isFull;
    const answer = queue.add(() => this.#runNow(inputs), signal);
    meter.queued(queue.length);
    try {
      return await answer;
    } catch (thrown) {
      if (!PluginError.is(thrown)) throw thrown;
      if (thrown.policy !== 'retry-later') {
        meter.unanswered('failed', 1);
        throw thrown;
      }
      meter.unanswered(wasFull ? 'queue-full' : 'aborted', 1);
      throw new RetryLater(`${model.name}: ${thrown.message}`);
    } finally {
      meter.queued(queue.length);
    }
  }

  async unload(): Promise<void> {
    this.#isUnloaded = true;
    // Lets the questions that run end: a thread that is ended inside native code takes the process with it.
    await this.#parts.pool.close();
  }

  async #runNow(inputs: ModelTensors): Promise<ModelTensors> {
    if (this.#isUnloaded) throw this.#unavailable('was unloaded');
    try {
      const { outputs, runMs } = await this.measure(inputs);
      this.#meter.ran(runMs, 1);
      return outputs;
    } catch (thrown) {
      throw this.#unavailable(`failed: ${describeThrown(thrown)}`, thrown);
    }
  }

  get #meter(): ModelMeter {
    this.#knownMeter ??= this.#parts.meter();
    return this.#knownMeter;
  }

  #unavailable(problem: string, cause?: unknown): ModelUnavailable {
    return new ModelUnavailable(`${this.#parts.model.name} ${problem}`, { cause });
  }
}
