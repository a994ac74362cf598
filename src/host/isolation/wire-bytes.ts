import { endianness } from 'node:os';
import type { ModelTensor, ModelTensors, ReadonlyVector } from '../../plugin-sdk/index.js';
import type { WireModelTensors } from './messages.js';

// Vectors go as the bytes they are; every processor that Node runs on today but one family is little-endian.
if (endianness() !== 'LE') throw new Error('plugins in processes need a little-endian machine');

type Typed = Float64Array | Float32Array | Int32Array | Int16Array | Uint16Array;

const viewOf = ({ buffer, byteOffset, byteLength }: Typed) =>
  new Uint8Array(buffer, byteOffset, byteLength);

/** Of a vector in double precision, without a copy where it is a `Float64Array`. */
export function bytesOf(values: ReadonlyVector): Uint8Array {
  return viewOf(values instanceof Float64Array ? values : Float64Array.from(values));
}

export { viewOf as bytesOfTyped };

/** The bytes of a message alone, aligned: views of it are for good, while those of a message keep all of it. */
function aligned(bytes: Uint8Array, itemBytes: number): ArrayBuffer {
  if (bytes.byteLength % itemBytes !== 0) throw new Error('a vector that ends within a number');
  // A `slice` of a Buffer would be a view.
  const copy = new Uint8Array(bytes.byteLength);
  copy.set(bytes);
  return copy.buffer;
}

export const doublesOf = (bytes: Uint8Array) => new Float64Array(aligned(bytes, 8));
export const shortsOf = (bytes: Uint8Array) => new Int16Array(aligned(bytes, 2));
export const bitsOf = (bytes: Uint8Array) => new Uint16Array(aligned(bytes, 2));

/** @throws when something is no tensor. */
export function encodeModelTensors(tensors: ModelTensors): WireModelTensors {
  return Object.fromEntries(
    Object.entries(tensors).map(([name, { shape, data }]) => {
      if (!(data instanceof Float32Array || data instanceof Int32Array)) {
        throw new Error(`\`${name}\` is neither a Float32Array nor an Int32Array`);
      }
      const type = data instanceof Float32Array ? 'float32' : 'int32';
      return [name, { type, shape, data: viewOf(data) }];
    }),
  );
}

export function decodeModelTensors(tensors: WireModelTensors): ModelTensors {
  return Object.fromEntries(
    Object.entries(tensors).map(([name, { type, shape, data }]): [string, ModelTensor] => {
      const buffer = aligned(data, 4);
      return [
        name,
        { shape, data: type === 'int32' ? new Int32Array(buffer) : new Float32Array(buffer) },
      ];
    }),
  );
}
