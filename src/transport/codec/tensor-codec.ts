import { endianness } from 'node:os';
import { crc32c } from '@node-rs/crc32';
import { isFiniteVector } from '../../domain/advice/envelope/vector.js';
import { HostError } from '../../domain/errors/host-error.js';
import { DataType } from '../../generated/dh/advisor/v1/DataType.js';
import type { NamedTensor } from '../../generated/dh/advisor/v1/NamedTensor.js';
import type { TensorInit, Tensor as WireTensor } from '../../generated/dh/advisor/v1/Tensor.js';
import type { ReadonlyVector, Tensor, TensorKind, Tensors } from '../../plugin-sdk/index.js';
import { elementBytes, tensorKindWord } from './wire-names.js';

if (endianness() !== 'LE') throw new Error('dh-advisor needs a little-endian machine');

/** Kinds that the plugins of a session want. */
export type WantedKinds = ReadonlySet<TensorKind>;

const empty: Tensors = Object.freeze({});

function refuse(field: string, problem: string): never {
  throw new HostError('invalid-field', { field, problem });
}

/** The bytes of a message lie unaligned in its buffer, so a typed view needs a copy: the only one made. */
export function alignedCopy(bytes: Uint8Array): ArrayBuffer {
  // Unlike `new ArrayBuffer`, this is not filled with zeros first.
  const copy = Buffer.allocUnsafeSlow(bytes.byteLength);
  copy.set(bytes);
  return copy.buffer;
}

function toFloat64(bytes: ArrayBuffer, dataType: number): Float64Array {
  switch (dataType) {
    case DataType.DATA_TYPE_FLOAT64:
      return new Float64Array(bytes);
    case DataType.DATA_TYPE_FLOAT32:
      return Float64Array.from(new Float32Array(bytes));
    case DataType.DATA_TYPE_INT16:
      return Float64Array.from(new Int16Array(bytes));
    case DataType.DATA_TYPE_UINT16:
      return Float64Array.from(new Uint16Array(bytes));
    case DataType.DATA_TYPE_INT32:
      return Float64Array.from(new Int32Array(bytes));
    default:
      return Float64Array.from(new Uint8Array(bytes));
  }
}

/**
 * @throws HostError `invalid-field` when shape, type and bytes do not agree, or an element is not finite;
 * `tensor-checksum` when its bytes were changed on the way.
 */
export function decodeTensor(wire: WireTensor, field: string): Tensor {
  const dataType = wire.dataType ?? 0;
  const size = elementBytes[dataType];
  if (size === undefined) refuse(`${field}.data_type`, `is ${dataType}, which is unknown`);
  const shape = wire.shape ?? [];
  const count = shape.reduce((product, extent) => product * extent, 1);
  const bytes = wire.data ?? new Uint8Array();
  if (count * size !== bytes.byteLength) {
    refuse(
      `${field}.data`,
      `has ${bytes.byteLength} bytes, but shape (${shape.slice(0, 8).join(', ')}) needs ${count * size}`,
    );
  }
  if (wire.crc32c !== undefined && wire.crc32c !== crc32c(bytes))
    throw new HostError('tensor-checksum', { field });
  const data = toFloat64(alignedCopy(bytes), dataType);
  if (!isFiniteVector(data)) {
    const at = data.findIndex((element) => !Number.isFinite(element));
    refuse(`${field}.data[${at}]`, `is ${data[at]}, but must be finite`);
  }
  return { shape, data };
}

/** Tensors by kind. What nobody in the session asked for is left out unread. */
export function decodeTensors(
  named: readonly NamedTensor[] | undefined,
  field: string,
  wanted: WantedKinds,
): Tensors {
  if (named === undefined || named.length === 0) return empty;
  const tensors: Partial<Record<TensorKind, Tensor>> = {};
  for (const { kind, tensor } of named) {
    const word = tensorKindWord.get(kind ?? 0);
    if (word !== undefined && tensor && wanted.has(word))
      tensors[word] = decodeTensor(tensor, `${field}[${word}]`);
  }
  return tensors;
}

/** A vector as float64. Not copied: the message is serialized before the plugin can write again. */
export function encodeVector(vector: ReadonlyVector): TensorInit {
  const values = vector instanceof Float64Array ? vector : Float64Array.from(vector);
  const data = Buffer.from(values.buffer, values.byteOffset, values.byteLength);
  return {
    dataType: DataType.DATA_TYPE_FLOAT64,
    shape: [values.length],
    data,
    crc32c: crc32c(data),
  };
}
