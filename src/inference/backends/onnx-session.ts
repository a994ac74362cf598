import type { InferenceSession, Tensor } from 'onnxruntime-node';
import type { ModelTensor, ModelTensors } from '../../plugin-sdk/index.js';
import type { RuntimeSignature, RuntimeTensor, TimedRun } from './execution-backend.js';

type Runtime = typeof import('onnxruntime-node');
type Metadata = InferenceSession['inputMetadata'];

function tensorsOf(metadata: Metadata): readonly RuntimeTensor[] {
  return metadata.map((value) =>
    value.isTensor
      ? { name: value.name, type: value.type, shape: value.shape }
      : { name: value.name, type: 'not a tensor', shape: [] },
  );
}

/** A session of ONNX Runtime with one thread. Loaded lazily: a host without models does not pay for the runtime. */
export class OnnxSession {
  readonly signature: RuntimeSignature;
  readonly #runtime: Runtime;
  readonly #session: InferenceSession;

  private constructor(runtime: Runtime, session: InferenceSession) {
    this.#runtime = runtime;
    this.#session = session;
    this.signature = {
      inputs: tensorsOf(session.inputMetadata),
      outputs: tensorsOf(session.outputMetadata),
    };
  }

  static async create(bytes: SharedArrayBuffer): Promise<OnnxSession> {
    const runtime = await import('onnxruntime-node');
    // The runtime takes no shared memory; it drops this copy once the graph is built.
    const session = await runtime.InferenceSession.create(new Uint8Array(bytes).slice(), {
      executionProviders: ['cpu'],
      // More than one starts threads that spin, which doubles the cost of every run.
      intraOpNumThreads: 1,
      interOpNumThreads: 1,
      // An arena keeps the most that any run ever took, for each session; small runs are quicker without one.
      enableCpuMemArena: false,
      // Errors reach the caller anyway; the rest would go to standard error past the host's log.
      logSeverityLevel: 4,
    });
    return new OnnxSession(runtime, session);
  }

  /** Always with fresh tensors: the native call reads them later, so a reused one would be a race. */
  async run(inputs: ModelTensors): Promise<ModelTensors> {
    const feeds: Record<string, Tensor> = {};
    for (const name in inputs) {
      const { data, shape } = inputs[name] as ModelTensor;
      const type = data instanceof Float32Array ? 'float32' : 'int32';
      feeds[name] = new this.#runtime.Tensor(type, data, shape);
    }
    const fetched = await this.#session.run(feeds);
    const outputs: Record<string, ModelTensor> = {};
    for (const name in fetched) {
      const { data, dims } = fetched[name] as Tensor;
      outputs[name] = { data: data as Float32Array | Int32Array, shape: dims };
    }
    return outputs;
  }

  async timedRun(inputs: ModelTensors): Promise<TimedRun> {
    const startedMs = performance.now();
    const outputs = await this.run(inputs);
    return { outputs, runMs: performance.now() - startedMs };
  }

  release(): Promise<void> {
    return this.#session.release();
  }
}
