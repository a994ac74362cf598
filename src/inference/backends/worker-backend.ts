import type { Worker } from 'node:worker_threads';
import type { Piscina } from 'piscina';
import { describeThrown, HostError } from '../../domain/errors/host-error.js';
import type { Log } from '../../domain/log.js';
import type { ModelMeter } from '../../domain/operations/models.js';
import {
  type ModelTensors,
  ModelUnavailable,
  PluginError,
  RetryLater,
} from '../../plugin-sdk/index.js';
import type { ModelPackage } from '../model-package.js';
import { BoundedQueue, type QueueLimits } from './bounded-queue.js';
import type {
  ExecutionBackend,
  RunningModel,
  RuntimeSignature,
  TimedRun,
} from './execution-backend.js';
import type { WorkerModel, WorkerTask } from './worker-task.js';

/** Threads of models yield to the thread that serves when there are fewer processors than threads. Linux niceness. */
const NICE_INCREMENT = 10;
/** A thread more than the first builds its models anew; it stays this long for the next burst. */
const IDLE_MS = 60_000;
const YOUNG_GENERATION_MB = 4;

export interface WorkerOptions extends QueueLimits {
  readonly log: Log;
  /** The compiled `model-worker.js`. */
  readonly entry: string;
}

/**
 * Runs models in worker threads that all of them share. The threads stay from the first load to the end: making them
 * anew for each model takes time and memory that does not come back.
 */
export class WorkerBackend implements ExecutionBackend {
  readonly placement = 'worker';
  readonly #options: WorkerOptions;
  readonly #queue: BoundedQueue;
  readonly #live = new Set<string>();
  #pool: Promise<Piscina> | undefined;
  #threads: (() => readonly Worker[]) | undefined;
  #loads = 0;

  constructor(options: WorkerOptions) {
    this.#options = options;
    this.#queue = new BoundedQueue(options);
  }

  /** Those that live now. */
  get threads(): readonly Worker[] {
    return this.#threads?.() ?? [];
  }

  /** Threads that run a question, and questions that wait for one. */
  get load() {
    return { busy: this.#queue.running, queued: this.#queue.length };
  }

  async start(model: ModelPackage, meter: () => ModelMeter): Promise<RunningModel> {
    this.#loads += 1;
    const shared: WorkerModel = { key: `${model.name} ${this.#loads}`, bytes: model.bytes };
    this.#live.add(shared.key);
    const ask = <T>(name: 'describe' | 'run', inputs: ModelTensors) =>
      this.#run<T>(name, { model: shared, inputs });
    const unload = async () => {
      if (this.#live.delete(shared.key)) await this.#tidy();
    };
    try {
      const signature = await ask<RuntimeSignature>('describe', {});
      const run = (inputs: ModelTensors) => ask<TimedRun>('run', inputs);
      return new WorkerModelHandle({ model, signature, run, unload, meter, queue: this.#queue });
    } catch (thrown) {
      await unload();
      const params = { model: model.name, problem: describeThrown(thrown) };
      throw new HostError('model-session', params, { cause: thrown });
    }
  }

  async dispose(): Promise<void> {
    this.#live.clear();
    await this.#tidy();
    // After what still runs: a thread that is ended inside native code takes the process with it.
    await (await this.#pool)?.close();
    this.#pool = undefined;
  }

  async #open(): Promise<Piscina> {
    const { Piscina: Pool } = await import('piscina');
    const { entry, log, concurrency } = this.#options;
    const pool = new Pool({
      filename: entry,
      minThreads: 1,
      maxThreads: concurrency,
      idleTimeout: IDLE_MS,
      niceIncrement: NICE_INCREMENT,
      // What passes through the heap of a thread is small and soon gone; tensors live outside it.
      resourceLimits: { maxYoungGenerationSizeMb: YOUNG_GENERATION_MB },
    });
    // A thread that ends between questions; the pool has started another by now.
    pool.on('error', (thrown: unknown) => log.warn('model thread failed', { err: thrown }));
    this.#threads = () => pool.threads;
    return pool;
  }

  async #run<T>(name: string, task: Omit<WorkerTask, 'live'>): Promise<T> {
    this.#pool ??= this.#open();
    const pool = await this.#pool;
    return pool.run({ ...task, live: [...this.#live] }, { name }) as Promise<T>;
  }

  /** A task for each thread; one that is busy releases its models with its next question. */
  async #tidy(): Promise<void> {
    const pool = await this.#pool;
    const task = { live: [...this.#live] };
    await Promise.allSettled((pool?.threads ?? []).map(() => pool?.run(task, { name: 'tidy' })));
  }
}

interface Parts {
  readonly model: ModelPackage;
  readonly signature: RuntimeSignature;
  readonly run: (inputs: ModelTensors) => Promise<TimedRun>;
  readonly unload: () => Promise<void>;
  readonly meter: () => ModelMeter;
  readonly queue: BoundedQueue;
}

/** A model that worker threads serve. */
class WorkerModelHandle implements RunningModel {
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

  measure(inputs: ModelTensors): Promise<TimedRun> {
    return this.#parts.run(inputs);
  }

  async run(inputs: ModelTensors, signal: AbortSignal): Promise<ModelTensors> {
    const { model, queue } = this.#parts;
    const meter = this.#meter;
    if (this.#isUnloaded) throw this.#unavailable('was unloaded');
    const wasFull = queue.isFull;
    const askedMs = performance.now();
    const answer = queue.add(() => {
      meter.waited(performance.now() - askedMs);
      return this.#runNow(inputs);
    }, signal);
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

  unload(): Promise<void> {
    this.#isUnloaded = true;
    return this.#parts.unload();
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
