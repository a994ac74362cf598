import type { ModelTensor, ModelTensors, TensorSignature } from '../../plugin-sdk/index.js';
import { HostError } from '../errors/host-error.js';
import type { ModelAnswer, ServedModel } from '../operations/model-server.js';
import type { ModelState } from '../operations/models.js';

const ELEMENT_BYTES = 4;

/** The types of the protocol that models here take. */
export type DataType = 'FP32' | 'INT32';

const dataTypes: Readonly<Record<TensorSignature['type'], DataType>> = {
  float32: 'FP32',
  int32: 'INT32',
};

/** An input of a question, from whatever form of the protocol it came. */
export interface QuestionTensor {
  readonly name: string;
  readonly datatype: string;
  readonly shape: readonly number[];
  /** In row-major order; undefined where `raw` has the bytes. */
  readonly values: readonly number[] | undefined;
  /** Little-endian. */
  readonly raw: Uint8Array | undefined;
}

/** A tensor of a model in the protocol's words. */
export interface PortMetadata {
  readonly name: string;
  readonly datatype: DataType;
  /** -1 for a free extent, such as `batch`. */
  readonly shape: readonly number[];
}

export interface ModelMetadata {
  readonly name: string;
  readonly versions: readonly string[];
  readonly platform: string;
  readonly inputs: readonly PortMetadata[];
  readonly outputs: readonly PortMetadata[];
}

export interface IndexEntry {
  readonly name: string;
  readonly version: string;
  readonly state: string;
  readonly reason: string;
}

const STATES: Readonly<Record<ModelState['state'], string>> = {
  ready: 'READY',
  loading: 'LOADING',
  available: 'UNAVAILABLE',
  refused: 'UNAVAILABLE',
};

function refuse(field: string, problem: string): never {
  throw new HostError('invalid-field', { field, problem });
}

/** What a client asks, checked as far as it can be without the model. @throws HostError `invalid-field` */
export function questionOf(inputs: readonly QuestionTensor[]): ModelTensors {
  const tensors: Record<string, ModelTensor> = Object.create(null);
  for (const [i, input] of inputs.entries()) {
    if (input.name === '') refuse(`inputs[${i}].name`, 'is empty');
    if (input.name in tensors) refuse(`inputs[${i}].name`, `repeats \`${input.name}\``);
    tensors[input.name] = tensorOf(input, `inputs[${i}]`);
  }
  return tensors;
}

function tensorOf({ datatype, shape, values, raw }: QuestionTensor, field: string): ModelTensor {
  if (datatype !== 'FP32' && datatype !== 'INT32') {
    refuse(`${field}.datatype`, `is ${datatype || 'empty'}, but models here take FP32 and INT32`);
  }
  if (!shape.every((extent) => Number.isSafeInteger(extent) && extent >= 0)) {
    refuse(`${field}.shape`, `is [${shape}], but extents count from 0`);
  }
  const count = shape.reduce((product, extent) => product * extent, 1);
  if (raw !== undefined) {
    if (values !== undefined) refuse(field, 'has values beside raw ones');
    if (raw.byteLength !== count * ELEMENT_BYTES) {
      const problem = `has ${raw.byteLength} bytes, but shape [${shape}] needs ${count * ELEMENT_BYTES}`;
      refuse(`${field}, raw contents`, problem);
    }
    // A copy is aligned, which a part of a message need not be.
    const { buffer } = Uint8Array.from(raw);
    return { shape, data: datatype === 'FP32' ? new Float32Array(buffer) : new Int32Array(buffer) };
  }
  const given = values ?? [];
  if (given.length !== count) {
    const problem = `has ${given.length} values, but shape [${shape}] needs ${count}`;
    refuse(`${field}.contents`, problem);
  }
  return { shape, data: datatype === 'FP32' ? Float32Array.from(given) : Int32Array.from(given) };
}

export interface AnsweredTensor extends ModelTensor {
  readonly name: string;
  readonly datatype: DataType;
}

/** The outputs that were asked for, all when none was named. @throws HostError `invalid-field` for an unknown one. */
export function answeredTensors(
  { signature, outputs }: ModelAnswer,
  wanted: readonly string[],
): readonly AnsweredTensor[] {
  const known = signature.outputs.map(({ name }) => name);
  const names = wanted.length === 0 ? known : wanted;
  const unknown = names.find((name) => !known.includes(name));
  if (unknown !== undefined) refuse('outputs', `\`${unknown}\` is none of ${known.join(', ')}`);
  return names.flatMap((name) => {
    const tensor = outputs[name];
    if (tensor === undefined) return [];
    const datatype = tensor.data instanceof Float32Array ? 'FP32' : 'INT32';
    return [{ name, datatype, shape: tensor.shape, data: tensor.data }];
  });
}

const portOf = ({ name, type, shape }: TensorSignature): PortMetadata => ({
  name,
  datatype: dataTypes[type],
  shape: shape.map((extent) => (typeof extent === 'string' ? -1 : extent)),
});

export function metadataOf({ identity, signature, versions }: ServedModel): ModelMetadata {
  return {
    name: identity.id,
    versions,
    platform: 'onnxruntime_onnx',
    inputs: signature.inputs.map(portOf),
    outputs: signature.outputs.map(portOf),
  };
}

/** Every version of every model, or those that are ready alone. */
export function repositoryIndex(
  models: readonly ModelState[],
  isReadyOnly: boolean,
): readonly IndexEntry[] {
  return models
    .filter(({ state }) => !isReadyOnly || state === 'ready')
    .map(({ id, version, state, reason }) => ({
      name: id,
      version,
      state: STATES[state],
      reason,
    }));
}
