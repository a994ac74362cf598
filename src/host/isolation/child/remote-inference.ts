import type {
  Inference,
  InferenceHandle,
  ModelSignature,
  ModelTensors,
} from '../../../plugin-sdk/index.js';
import type { ModelAnswerMessage, PluginMessage, WireModel, WireSignature } from '../messages.js';
import { thrownThere } from '../plugin-errors.js';
import { decodeModelTensors, encodeModelTensors } from '../wire-bytes.js';

/** The models of the host, as a plugin in a process of its own asks for them. Batches are made in the host. */
export class RemoteInference implements Inference {
  readonly #send: (message: PluginMessage) => void;
  readonly #waiting = new Map<number, (answer: ModelAnswerMessage) => void>();
  #calls = 0;

  constructor(send: (message: PluginMessage) => void) {
    this.#send = send;
  }

  async open(name: string): Promise<InferenceHandle> {
    const { model } = await this.#ask((call) => ({ call, open: name }));
    if (!model) throw new Error('the host answered with no model');
    const { id, version, sha256 } = model;
    return {
      model: { id, version, sha256 },
      signature: signatureOf(model),
      run: async (inputs, signal) => this.#run(name, inputs, signal),
    };
  }

  answer(answer: ModelAnswerMessage): void {
    const settle = this.#waiting.get(answer.call);
    this.#waiting.delete(answer.call);
    settle?.(answer);
  }

  async #run(name: string, inputs: ModelTensors, signal: AbortSignal): Promise<ModelTensors> {
    const run = { name, inputs: encodeModelTensors(inputs) };
    let asked = 0;
    // The host then answers that it was given up.
    const abort = () => this.#send({ modelCall: { call: this.#next(), abort: asked } });
    try {
      const answer = this.#ask((call) => {
        asked = call;
        return { call, run };
      });
      signal.addEventListener('abort', abort);
      if (signal.aborted) abort();
      return decodeModelTensors((await answer).outputs ?? {});
    } finally {
      signal.removeEventListener('abort', abort);
    }
  }

  #next(): number {
    this.#calls += 1;
    return this.#calls;
  }

  #ask(question: (call: number) => PluginMessage['modelCall']): Promise<ModelAnswerMessage> {
    const call = this.#next();
    const answer = new Promise<ModelAnswerMessage>((resolve, reject) => {
      this.#waiting.set(call, (settled) => {
        const { isFailed = false, policy = '', message = '' } = settled;
        if (isFailed) reject(thrownThere(policy, message));
        else resolve(settled);
      });
    });
    const modelCall = question(call);
    if (modelCall) this.#send({ modelCall });
    return answer;
  }
}

const extent = (text: string) => (/^\d+$/.test(text) ? Number(text) : text);

function signatureOf({ role, inputs, outputs, weightCeiling }: WireModel): ModelSignature {
  const tensors = (wire: readonly WireSignature[]) =>
    wire.map(({ name, type, shape }) => ({
      name,
      type: type as 'float32' | 'int32',
      shape: shape.map(extent),
    }));
  return {
    role: role as ModelSignature['role'],
    inputs: tensors(inputs),
    outputs: tensors(outputs),
    weightCeiling,
  };
}
