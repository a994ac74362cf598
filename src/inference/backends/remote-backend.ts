import { Breaker } from '../../domain/advice/breaker.js';
import { describeThrown, HostError } from '../../domain/errors/host-error.js';
import type {
  ConnectRemote,
  RemoteModelClient,
  RemotePort,
  RemoteTarget,
} from '../../domain/open-inference/remote.js';
import type { ModelMeter } from '../../domain/operations/models.js';
import { type ModelTensors, ModelUnavailable, RetryLater } from '../../plugin-sdk/index.js';
import type { ModelPackage } from '../model-package.js';
import { ShapeCheck } from '../shape-check.js';
import type {
  RunningModel,
  RuntimeSignature,
  RuntimeTensor,
  TimedRun,
} from './execution-backend.js';

/** A server that fails so often in the window is left alone for a while: questions are then refused at once. */
const BREAKER = { failures: 5, windowMs: 10_000, coolDownMs: 5_000 };
/** Of a connection that is made anew, and of the first question of a model that the server has yet to load. */
const TRIAL_MS = 30_000;

export interface RemoteLimits {
  /** Questions on their way at once, for each model. */
  readonly queueLimit: number;
  /** Monotonic. */
  readonly nowMs: () => number;
}

/** Has models answered by a server that speaks the Open Inference Protocol. The package here says what they must answer. */
export class RemoteBackend {
  readonly #connect: ConnectRemote;
  readonly #limits: RemoteLimits;

  constructor(connect: ConnectRemote, limits: RemoteLimits) {
    this.#connect = connect;
    this.#limits = limits;
  }

  /** @throws HostError `model-session` when the server is not reached or does not know the model. */
  async start(
    model: ModelPackage,
    meter: () => ModelMeter,
    target: RemoteTarget,
  ): Promise<RunningModel> {
    let client: RemoteModelClient | undefined;
    try {
      client = this.#connect(target, model.identity.id, model.identity.version);
      const { inputs, outputs } = await client.metadata(TRIAL_MS);
      const signature = { inputs: inputs.map(tensorOf), outputs: outputs.map(tensorOf) };
      return new RemoteModel({ model, client, signature, meter, target }, this.#limits);
    } catch (thrown) {
      client?.close();
      const problem = `${target.address} says: ${describeThrown(thrown)}`;
      throw new HostError('model-session', { model: model.name, problem }, { cause: thrown });
    }
  }
}

const types: Readonly<Record<string, string>> = { FP32: 'float32', INT32: 'int32' };

function tensorOf({ name, datatype, shape }: RemotePort): RuntimeTensor {
  return {
    name,
    type: types[datatype] ?? datatype,
    shape: shape.map((extent, axis) => (extent < 0 ? `free ${axis}` : extent)),
  };
}

/** MLServer's NumPy codec gives a vector of n a shape (n, 1); every other difference is a fault. */
function declared(outputs: ModelTensors, model: ModelPackage): ModelTensors {
  const ranks = new Map(model.signature.outputs.map(({ name, shape }) => [name, shape.length]));
  const entries = Object.entries(outputs).map(([name, tensor]) => {
    const { shape } = tensor;
    const isVectorAsColumn = ranks.get(name) === 1 && shape.length === 2 && shape[1] === 1;
    return [name, isVectorAsColumn ? { ...tensor, shape: shape.slice(0, 1) } : tensor] as const;
  });
  return Object.fromEntries(entries);
}

interface Parts {
  readonly model: ModelPackage;
  readonly client: RemoteModelClient;
  readonly signature: RuntimeSignature;
  readonly meter: () => ModelMeter;
  readonly target: RemoteTarget;
}

class RemoteModel implements RunningModel {
  readonly placement = 'remote';
  readonly #parts: Parts;
  readonly #limits: RemoteLimits;
  readonly #breaker = new Breaker(BREAKER);
  readonly #check: ShapeCheck;
  #underway = 0;
  #isUnloaded = false;
  #knownMeter: ModelMeter | undefined;

  constructor(parts: Parts, limits: RemoteLimits) {
    this.#parts = parts;
    this.#limits = limits;
    this.#check = new ShapeCheck(parts.model.signature.inputs);
  }

  get signature(): RuntimeSignature {
    return this.#parts.signature;
  }

  /** The way there and back is part of what a question costs. */
  measure(inputs: ModelTensors): Promise<TimedRun> {
    return this.#ask(inputs, TRIAL_MS, undefined);
  }

  async run(inputs: ModelTensors, signal: AbortSignal): Promise<ModelTensors> {
    const { model, target } = this.#parts;
    const meter = this.#meter;
    if (this.#isUnloaded) throw new ModelUnavailable(`${model.name} was unloaded`);
    if (this.#underway >= this.#limits.queueLimit) {
      meter.unanswered('queue-full', 1);
      throw new RetryLater(`${model.name}: too many questions are on their way`);
    }
    if (!this.#breaker.admit(this.#limits.nowMs())) {
      meter.unanswered('failed', 1);
      throw new ModelUnavailable(`${model.name}: ${target.address} failed lately and rests`);
    }
    this.#underway += 1;
    try {
      const { outputs, runMs } = await this.#ask(inputs, target.deadlineMs, signal);
      this.#breaker.succeed();
      meter.ran(runMs, 1);
      return outputs;
    } catch (thrown) {
      // A question that was withdrawn waited for the server until its plan could wait no longer.
      this.#breaker.fail(this.#limits.nowMs());
      meter.unanswered(signal.aborted ? 'aborted' : 'failed', 1);
      if (signal.aborted) throw new RetryLater(`${model.name}: the question was withdrawn`);
      const problem = `${model.name}: ${target.address} says: ${describeThrown(thrown)}`;
      throw new ModelUnavailable(problem, { cause: thrown });
    } finally {
      this.#underway -= 1;
    }
  }

  unload(): Promise<void> {
    this.#isUnloaded = true;
    this.#parts.client.close();
    return Promise.resolve();
  }

  async #ask(
    inputs: ModelTensors,
    withinMs: number,
    signal: AbortSignal | undefined,
  ): Promise<TimedRun> {
    const { client, model } = this.#parts;
    const startedMs = performance.now();
    const outputs = declared(await client.infer(inputs, withinMs, signal), model);
    const runMs = performance.now() - startedMs;
    const problem =
      this.#check.problem(inputs) ?? this.#check.problemOf(model.signature.outputs, outputs);
    if (problem !== undefined) throw new Error(`an answer that does not fit: ${problem}`);
    return { outputs, runMs };
  }

  get #meter(): ModelMeter {
    this.#knownMeter ??= this.#parts.meter();
    return this.#knownMeter;
  }
}
