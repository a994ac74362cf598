import { describeThrown } from '../../domain/errors/host-error.js';
import type { Inference, InferenceHandle, ModelIdentity } from '../../plugin-sdk/index.js';
import type { ModelAnswerMessage, ModelCallMessage, WireModel } from './messages.js';
import { policyOf } from './plugin-errors.js';
import { decodeModelTensors, encodeModelTensors } from './wire-bytes.js';

/** Answers the questions of one plugin's processes to models. A process that is started again gets the versions of the first. */
export class HostedModels {
  readonly #inference: Inference;
  readonly #handles = new Map<string, Promise<InferenceHandle>>();

  constructor(inference: Inference) {
    this.#inference = inference;
  }

  /** What plugins have opened, oldest first. */
  async opened(): Promise<readonly ModelIdentity[]> {
    const settled = await Promise.allSettled(this.#handles.values());
    return settled.flatMap((opened) => (opened.status === 'fulfilled' ? [opened.value.model] : []));
  }

  /** Questions of one life of the process. */
  calls(answer: (message: ModelAnswerMessage) => void): ModelCalls {
    return new ModelCalls((name) => this.#open(name), answer);
  }

  #open(name: string): Promise<InferenceHandle> {
    const known = this.#handles.get(name);
    if (known !== undefined) return known;
    const opening = this.#inference.open(name);
    this.#handles.set(name, opening);
    // May be there when it is asked for again.
    opening.catch(() => this.#handles.delete(name));
    return opening;
  }
}

export class ModelCalls {
  readonly #open: (name: string) => Promise<InferenceHandle>;
  readonly #answer: (message: ModelAnswerMessage) => void;
  readonly #aborts = new Map<number, AbortController>();

  constructor(
    open: (name: string) => Promise<InferenceHandle>,
    answer: (message: ModelAnswerMessage) => void,
  ) {
    this.#open = open;
    this.#answer = answer;
  }

  /** Never rejects: what fails is answered. */
  async ask({ call, open, run, abort }: ModelCallMessage): Promise<void> {
    if (abort !== undefined) {
      this.#aborts.get(abort)?.abort();
      return;
    }
    try {
      if (run) this.#answer({ call, outputs: encodeModelTensors(await this.#run(call, run)) });
      else this.#answer({ call, model: describe(await this.#open(open ?? '')) });
    } catch (thrown) {
      const policy = policyOf(thrown);
      const message = describeThrown(thrown);
      this.#answer({ call, policy, message, isFailed: true });
    }
  }

  /** Nobody waits for any of it any more. */
  close(): void {
    for (const controller of this.#aborts.values()) controller.abort();
  }

  async #run(call: number, { name, inputs }: NonNullable<ModelCallMessage['run']>) {
    const controller = new AbortController();
    this.#aborts.set(call, controller);
    try {
      const handle = await this.#open(name);
      return await handle.run(decodeModelTensors(inputs), controller.signal);
    } finally {
      this.#aborts.delete(call);
    }
  }
}

function describe({ model, signature }: InferenceHandle): WireModel {
  const { role, inputs, outputs, weightCeiling } = signature;
  const wire = (tensors: typeof inputs) =>
    tensors.map(({ name, type, shape }) => ({ name, type, shape: shape.map(String) }));
  const { id, version, sha256 } = model;
  return {
    id,
    version,
    sha256,
    role,
    inputs: wire(inputs),
    outputs: wire(outputs),
    weightCeiling,
  };
}
