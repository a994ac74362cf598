import { crc32 } from 'node:zlib';
import type { ReadonlyVector } from '../../../plugin-sdk/index.js';

/**
 * The append-only file of a session that runs: eight bytes that name the format, then records. A record is
 * `uint32 length | uint32 crc32 | payload`, little-endian; a payload is `uint32 header length | header JSON | vectors`.
 */
export const RECORDING_MAGIC = Buffer.from('DHTRAJ1\n', 'latin1');
const FRAME_BYTES = 8;
/** A length beyond is a torn one. */
const MAX_PAYLOAD_BYTES = 2 ** 30;

/** Single precision is what trajectories need; double where the bits matter. */
export type VectorType = 'float32' | 'float64';

/** A vector on its way into a record. */
export interface VectorToStore {
  readonly name: string;
  readonly shape: readonly number[];
  readonly type: VectorType;
  readonly data: ReadonlyVector;
}

/** A vector as read; a view of the file's bytes where they are aligned. */
export interface StoredVector {
  readonly shape: readonly number[];
  readonly data: Float32Array | Float64Array;
}

interface VectorEntry {
  readonly name: string;
  readonly shape: readonly number[];
  readonly type: VectorType;
  readonly length: number;
}

export interface StoredRecord {
  readonly kind: string;
  readonly header: unknown;
  readonly vectors: ReadonlyMap<string, StoredVector>;
  /** Since the session opened; undefined in recordings that are not for replay. */
  readonly atMs: number | undefined;
}

function arrayOf({ type, data }: VectorToStore): Float32Array | Float64Array {
  // From a typed array this is one native loop; the SDK's own vectors may be any iterable.
  const values = data instanceof Float64Array ? data : Float64Array.from(data);
  return type === 'float32' ? new Float32Array(values) : values;
}

function bytesOf(array: Float32Array | Float64Array): Uint8Array {
  return new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
}

/** A record before it is encoded. */
export interface EncodableRecord {
  readonly kind: string;
  readonly header: unknown;
  readonly atMs?: number | undefined;
  readonly vectors: readonly VectorToStore[];
}

/** One record, framed. Copies the vectors. Files have called a record's header `facts` from the beginning. */
export function encodeRecord({ kind, header, vectors, atMs }: EncodableRecord): Buffer {
  const entries: VectorEntry[] = vectors.map(({ name, shape, type, data }) => ({
    name,
    shape,
    type,
    length: data.length,
  }));
  const payloadHeader = Buffer.from(
    JSON.stringify({ kind, atMs, facts: header, vectors: entries }),
  );
  const arrays = vectors.map((vector) => bytesOf(arrayOf(vector)));
  const payloadBytes = arrays.reduce(
    (sum, part) => sum + part.byteLength,
    4 + payloadHeader.byteLength,
  );
  const record = Buffer.allocUnsafe(FRAME_BYTES + payloadBytes);
  record.writeUInt32LE(payloadBytes, 0);
  record.writeUInt32LE(payloadHeader.byteLength, FRAME_BYTES);
  payloadHeader.copy(record, FRAME_BYTES + 4);
  let at = FRAME_BYTES + 4 + payloadHeader.byteLength;
  for (const part of arrays) {
    record.set(part, at);
    at += part.byteLength;
  }
  record.writeUInt32LE(crc32(record.subarray(FRAME_BYTES)), 4);
  return record;
}

function decodePayload(payload: Buffer): StoredRecord {
  const headerEnd = 4 + payload.readUInt32LE(0);
  const payloadHeader = JSON.parse(payload.toString('utf8', 4, headerEnd)) as {
    readonly kind: string;
    readonly facts: unknown;
    readonly atMs?: number;
    readonly vectors: readonly VectorEntry[];
  };
  const vectors = new Map<string, StoredVector>();
  let at = headerEnd;
  for (const { name, shape, type, length } of payloadHeader.vectors) {
    const end = at + length * (type === 'float32' ? 4 : 8);
    // A copy of its own is aligned; the file's bytes are not.
    const bytes = Uint8Array.prototype.slice.call(payload, at, end).buffer;
    vectors.set(name, {
      shape,
      data: type === 'float32' ? new Float32Array(bytes) : new Float64Array(bytes),
    });
    at = end;
  }
  return {
    kind: payloadHeader.kind,
    header: payloadHeader.facts,
    vectors,
    atMs: payloadHeader.atMs,
  };
}

export interface ReadRecording {
  readonly records: readonly StoredRecord[];
  /** Bytes behind the last whole record: a write that was cut short. */
  readonly tornBytes: number;
}

/** Every whole record. Undefined when the bytes are no recording. Stops at the first record that is cut or damaged. */
export function decodeRecording(bytes: Buffer): ReadRecording | undefined {
  const magic = bytes.subarray(0, RECORDING_MAGIC.length);
  if (!magic.equals(RECORDING_MAGIC)) return undefined;
  const records: StoredRecord[] = [];
  let at = RECORDING_MAGIC.length;
  while (at + FRAME_BYTES <= bytes.length) {
    const length = bytes.readUInt32LE(at);
    const end = at + FRAME_BYTES + length;
    if (length < 4 || length > MAX_PAYLOAD_BYTES || end > bytes.length) break;
    const payload = bytes.subarray(at + FRAME_BYTES, end);
    if (crc32(payload) !== bytes.readUInt32LE(at + 4)) break;
    records.push(decodePayload(payload));
    at = end;
  }
  return { records, tornBytes: bytes.length - at };
}
