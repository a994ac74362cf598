import { HostError } from '../../domain/errors/host-error.js';
import type { ModelAnswer, ServedModel } from '../../domain/operations/model-server.js';
import type {
  _inference_ModelInferRequest_InferInputTensor as InputTensor,
  ModelInferRequest,
} from '../../generated/inference/ModelInferRequest.js';
import type { ModelInferResponseInit } from '../../generated/inference/ModelInferResponse.js';
import type { ModelMetadataResponseInit } from '../../generated/inference/ModelMetadataResponse.js';
import type { ModelTensor, ModelTensors, TensorSignature } from '../../plugin-sdk/index.js';
import { alignedCopy } from '../codec/tensor-codec.js';

const ELEMENT_BYTES = 4;

type DataType = 'FP32' | 'INT32';

const dataTypes: Readonly<Record<TensorSignature['type'], DataType>> = {
  float32: 'FP32',
  int32: 'INT32',
};

function refuse(field: string, problem: string): never {
  throw new HostError('invalid-field', { field, problem });
}

/** What a client asks, checked as far as it can be without the model. @throws HostError `invalid-field` */
export function decodeInputs({
  inputs = [],
  rawInputContents = [],
}: ModelInferRequest): ModelTensors {
  if (rawInputContents.length > 0 && rawInputContents.length !== inputs.length) {
    const problem = `has ${rawInputContents.length} entries for ${inputs.length} inputs`;
    refuse('raw_input_contents', problem);
  }
  const tensors: Record<string, ModelTensor> = Object.create(null);
  for (const [i, input] of inputs.entries()) {
    const name = input.name ?? '';
    if (name === '') refuse(`inputs[${i}].name`, 'is empty');
    if (name in tensors) refuse(`inputs[${i}].name`, `repeats \`${name}\``);
    tensors[name] = decodeInput(input, rawInputContents[i], `inputs[${i}]`);
  }
  return tensors;
}

function decodeInput(input: InputTensor, raw: Buffer | undefined, field: string): ModelTensor {
  const { datatype = '', contents } = input;
  if (datatype !== 'FP32' && datatype !== 'INT32') {
    refuse(`${field}.datatype`, `is ${datatype || 'empty'}, but models here take FP32 and INT32`);
  }
  const shape = input.shape ?? [];
  if (!shape.every((extent) => Number.isSafeInteger(extent) && extent >= 0)) {
    refuse(`${field}.shape`, `is [${shape}], but extents count from 0`);
  }
  const count = shape.reduce((product, extent) => product * extent, 1);
  if (raw !== undefined) {
    if (contents !== undefined) refuse(field, 'has contents beside raw ones');
    if (raw.byteLength !== count * ELEMENT_BYTES) {
      const problem = `has ${raw.byteLength} bytes, but shape [${shape}] needs ${count * ELEMENT_BYTES}`;
      refuse(`${field}, raw_input_contents`, problem);
    }
    const bytes = alignedCopy(raw);
    return { shape, data: datatype === 'FP32' ? new Float32Array(bytes) : new Int32Array(bytes) };
  }
  const values = (datatype === 'FP32' ? contents?.fp32Contents : contents?.intContents) ?? [];
  if (values.length !== count) {
    const problem = `has ${values.length} values, but shape [${shape}] needs ${count}`;
    refuse(`${field}.contents`, problem);
  }
  return { shape, data: datatype === 'FP32' ? Float32Array.from(values) : Int32Array.from(values) };
}

/** The outputs that were asked for, all when none was named, raw. @throws HostError `invalid-field` for an unknown one. */
export function encodeAnswer(
  { identity, signature, outputs }: ModelAnswer,
  { id = '', outputs: wanted = [] }: ModelInferRequest,
): ModelInferResponseInit {
  const known = signature.outputs.map(({ name }) => name);
  const names = wanted.length === 0 ? known : wanted.map(({ name }) => name ?? '');
  const unknown = names.find((name) => !known.includes(name));
  if (unknown !== undefined) refuse('outputs', `\`${unknown}\` is none of ${known.join(', ')}`);
  const tensors = names.flatMap((name) => {
    const tensor = outputs[name];
    return tensor === undefined ? [] : [{ name, tensor }];
  });
  return {
    modelName: identity.id,
    modelVersion: identity.version,
    id,
    outputs: tensors.map(({ name, tensor }) => ({
      name,
      datatype: tensor.data instanceof Float32Array ? 'FP32' : 'INT32',
      shape: [...tensor.shape],
    })),
    rawOutputContents: tensors.map(({ tensor: { data } }) =>
      Buffer.from(data.buffer, data.byteOffset, data.byteLength),
    ),
  };
}

const portOf = ({ name, type, shape }: TensorSignature) => ({
  name,
  datatype: dataTypes[type],
  // A free extent, such as `batch`.
  shape: shape.map((extent) => (typeof extent === 'string' ? -1 : extent)),
});

export function encodeMetadata({
  identity,
  signature,
  versions,
}: ServedModel): ModelMetadataResponseInit {
  return {
    name: identity.id,
    versions: [...versions],
    platform: 'onnxruntime_onnx',
    inputs: signature.inputs.map(portOf),
    outputs: signature.outputs.map(portOf),
  };
}
