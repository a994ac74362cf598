import { describeThrown, HostError } from '../../domain/errors/host-error.js';
import type { ModelMeter } from '../../domain/operations/models.js';
import { type ModelTensors, ModelUnavailable, RetryLater } from '../../plugin-sdk/index.js';
import type { ModelPackage } from '../model-package.js';
import { groupAlike, stack, unstack } from './batch.js';
import type { ExecutionBackend, RunningModel, TimedRun } from './execution-backend.js';
import { OnnxSession } from './onnx-session.js';

export interface InlineLimits {
  /** Questions answered by one run. */
  readonly maxBatchSize: number;
  /** Questions that may wait for a turn of the event loop. */
  readonly queueLimit: number;
}

/** Of one run; other plans wait meanwhile. */
const LONGEST_RUN_MS = 5;

/** Numbers of a question. */
function sizeOf(inputs: ModelTensors): number {
  let size = 0;
  for (const name in inputs) size += inputs[name]?.data.length ?? 0;
  return size;
}

interface Question {
  readonly inputs: ModelTensors;
  readonly signal: AbortSignal;
  readonly askedMs: number;
  readonly resolve: (outputs: ModelTensors) => void;
  readonly reject: (reason: unknown) => void;
}

/** Runs models on the thread that serves. For models that take less time than a message to a worker and back. */
export class InlineBackend implements ExecutionBackend {
  readonly placement = 'inline';
  readonly #limits: InlineLimits;

  constructor(limits: InlineLimits) {
    this.#limits = limits;
  }

  /** `costMs`: of one golden case, which bounds what is answered by one run. */
  async start(model: ModelPackage, meter: () => ModelMeter, costMs = 0): Promise<RunningModel> {
    let session: OnnxSession;
    try {
      session = await OnnxSession.create(model.bytes);
    } catch (thrown) {
      const params = { model: model.name, problem: describeThrown(thrown) };
      throw new HostError('model-session', params, { cause: thrown });
    }
    return new InlineModel(model, session, meter(), { ...this.#limits, costMs });
  }
}

/** Collects the questions that arrive in one turn of the event loop, from all sessions, and answers them in one run. */
class InlineModel implements RunningModel {
  readonly placement = 'inline';
  readonly #model: ModelPackage;
  readonly #session: OnnxSession;
  readonly #meter: ModelMeter;
  readonly #limits: InlineLimits & { readonly costMs: number };
  readonly #goldenSize: number;
  #waiting: Question[] = [];
  #isUnloaded = false;

  constructor(
    model: ModelPackage,
    session: OnnxSession,
    meter: ModelMeter,
    limits: InlineLimits & { readonly costMs: number },
  ) {
    this.#model = model;
    this.#session = session;
    this.#meter = meter;
    this.#limits = limits;
    this.#goldenSize = Math.max(1, ...model.golden.map(({ inputs }) => sizeOf(inputs)));
  }

  get signature() {
    return this.#session.signature;
  }

  measure(inputs: ModelTensors): Promise<TimedRun> {
    return this.#session.timedRun(inputs);
  }

  run(inputs: ModelTensors, signal: AbortSignal): Promise<ModelTensors> {
    return new Promise((resolve, reject) => {
      if (this.#isUnloaded) throw this.#unloaded();
      if (this.#waiting.length >= this.#limits.queueLimit) {
        this.#meter.unanswered('queue-full', 1);
        throw new RetryLater(`${this.#model.name}: too many questions wait`);
      }
      // The other streams that are readable in this turn come before it.
      if (
        this.#waiting.push({ inputs, signal, askedMs: performance.now(), resolve, reject }) === 1
      ) {
        setImmediate(() => void this.#flush());
      }
    });
  }

  async unload(): Promise<void> {
    if (this.#isUnloaded) return;
    this.#isUnloaded = true;
    const waiting = this.#waiting.splice(0);
    for (const { reject } of waiting) reject(this.#unloaded());
    // A run that was handed over in this turn reaches the runtime in the next; let it end.
    await new Promise(setImmediate);
    await this.#session.release();
  }

  async #flush(): Promise<void> {
    const questions = this.#waiting;
    this.#waiting = [];
    for (const group of this.#groups(questions)) await this.#answer(group);
  }

  *#groups(questions: readonly Question[]): Iterable<readonly Question[]> {
    const [first] = questions;
    if (first === undefined) return;
    if (questions.length === 1) {
      yield questions;
      return;
    }
    if (this.#model.maxBatchSize === 0) {
      for (const question of questions) yield [question];
      return;
    }
    for (const alike of groupAlike(questions)) {
      const most = this.#stackLimit(alike);
      for (let start = 0; start < alike.length; start += most) {
        yield alike.slice(start, start + most);
      }
    }
  }

  /** How many of these one run may answer: it stalls every plan for as long as it takes, which a stack multiplies. */
  #stackLimit(alike: readonly Question[]): number {
    const { maxBatchSize, costMs } = this.#limits;
    const mostStacked = Math.min(maxBatchSize, this.#model.maxBatchSize);
    const largest = Math.max(...alike.map(({ inputs }) => sizeOf(inputs)));
    const eachMs = (costMs * largest) / this.#goldenSize;
    return Math.max(1, Math.min(mostStacked, Math.floor(LONGEST_RUN_MS / Math.max(eachMs, 1e-6))));
  }

  async #answer(group: readonly Question[]): Promise<void> {
    const live = group.filter(({ signal }) => !signal.aborted);
    if (live.length < group.length) {
      this.#meter.unanswered('aborted', group.length - live.length);
      const aborted = new RetryLater(`${this.#model.name}: the question was withdrawn`);
      for (const { signal, reject } of group) if (signal.aborted) reject(aborted);
    }
    const [first] = live;
    if (first === undefined) return;
    const startedMs = performance.now();
    for (const { askedMs } of live) this.#meter.waited(startedMs - askedMs);
    try {
      if (live.length === 1) first.resolve(await this.#session.run(first.inputs));
      else {
        const inputs = live.map((question) => question.inputs);
        const answers = unstack(await this.#session.run(stack(inputs)), inputs);
        live.forEach(({ resolve }, i) => {
          resolve(answers[i] as ModelTensors);
        });
      }
      this.#meter.ran(performance.now() - startedMs, live.length);
    } catch (thrown) {
      this.#meter.unanswered('failed', live.length);
      const problem = `${this.#model.name} failed: ${describeThrown(thrown)}`;
      for (const { reject } of live) reject(new ModelUnavailable(problem, { cause: thrown }));
    }
  }

  #unloaded(): ModelUnavailable {
    return new ModelUnavailable(`${this.#model.name} was unloaded`);
  }
}
