import { crc32c } from '@node-rs/crc32';
import { HostError } from '../../domain/errors/host-error.js';
import { DataType } from '../../generated/dh/advisor/v1/DataType.js';
import type { VolumeChunk } from '../../generated/dh/advisor/v1/VolumeChunk.js';
import type { Volume, VolumeKind } from '../../plugin-sdk/index.js';

const VOXEL_BYTES = 2;

const dataTypes: Readonly<Record<VolumeKind, DataType>> = {
  ct: DataType.DATA_TYPE_INT16,
  'structure-mask': DataType.DATA_TYPE_UINT16,
};

function refuse(field: string, problem: string): never {
  throw new HostError('invalid-field', { field: `volume_chunk.${field}`, problem });
}

/** Puts one volume together from its chunks, in order, checking the running CRC32C at every one. */
export class VolumeAssembler {
  readonly #kind: VolumeKind;
  readonly #maxBytes: number;
  #crc = 0;
  #shape: readonly number[] = [];
  /** What has come, in order: memory is taken for bytes that are here, not for those that are announced. */
  readonly #parts: Uint8Array[] = [];
  #size = 0;
  #received = 0;

  constructor(kind: VolumeKind, maxBytes: number) {
    this.#kind = kind;
    this.#maxBytes = maxBytes;
  }

  /** @returns the volume with its last chunk. @throws HostError */
  add(chunk: VolumeChunk): Volume | undefined {
    const shape = chunk.shape ?? [];
    const data = chunk.data ?? new Uint8Array();
    if (this.#received === 0) this.#open(chunk, shape);
    else if (shape.length !== 3 || shape.join() !== this.#shape.join())
      refuse('shape', 'differs from the first chunk');
    const offset = chunk.offsetBytes ?? 0;
    if (offset !== this.#received) {
      refuse('offset_bytes', `is ${offset}, but ${this.#received} bytes have come so far`);
    }
    if (offset + data.byteLength > this.#size) {
      refuse('data', `runs past the volume's ${this.#size} bytes`);
    }
    if (data.byteLength === 0) refuse('data', 'is empty');
    this.#parts.push(data);
    this.#received += data.byteLength;
    this.#crc = crc32c(data, this.#crc);
    if (this.#crc !== (chunk.runningCrc32c ?? 0)) {
      throw new HostError('volume-checksum', { kind: this.#kind, offset });
    }
    return this.#received === this.#size ? this.#finish(chunk) : undefined;
  }

  #open(chunk: VolumeChunk, shape: readonly number[]): void {
    if (chunk.dataType !== dataTypes[this.#kind]) {
      refuse('data_type', `must be ${this.#kind === 'ct' ? 'INT16' : 'UINT16'} for ${this.#kind}`);
    }
    if (shape.length !== 3 || shape.some((extent) => extent === 0)) {
      const shown = shape.slice(0, 8).join(', ');
      refuse('shape', `is (${shown}), but must be (z, y, x) with no zero`);
    }
    const spacing = chunk.spacingMm ?? [];
    if (spacing.length !== 3 || !spacing.every((mm) => mm > 0 && Number.isFinite(mm))) {
      refuse('spacing_mm', 'must be three numbers above 0');
    }
    const size = shape.reduce((product, extent) => product * extent, VOXEL_BYTES);
    if (size > this.#maxBytes) {
      throw new HostError('limit-exceeded', {
        what: `The size of volume ${this.#kind} in bytes`,
        actual: size,
        limit: this.#maxBytes,
        key: 'server.max_volume_bytes',
      });
    }
    this.#shape = shape;
    this.#size = size;
  }

  #finish(chunk: VolumeChunk): Volume {
    const bytes = new Uint8Array(this.#size);
    let offset = 0;
    for (const part of this.#parts.splice(0)) {
      bytes.set(part, offset);
      offset += part.byteLength;
    }
    const { buffer } = bytes;
    return {
      shape: this.#shape as unknown as Volume['shape'],
      spacingMm: (chunk.spacingMm ?? []) as unknown as Volume['spacingMm'],
      data: this.#kind === 'ct' ? new Int16Array(buffer) : new Uint16Array(buffer),
    };
  }
}
