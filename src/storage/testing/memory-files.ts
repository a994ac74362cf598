import type { AppendFile, AppendFiles } from '../recordings/journal/recording-log.js';

/** A disk in memory that a test can break, fill or hold up. */
export class MemoryFiles implements AppendFiles {
  readonly files = new Map<string, Buffer>();
  /** Bytes that still fit; a write beyond leaves what fits and throws. */
  roomBytes = Number.POSITIVE_INFINITY;
  /** While set, writes wait for it. */
  gate: Promise<void> | undefined;

  async create(path: string): Promise<AppendFile> {
    if (this.files.has(path)) throw new Error('exists');
    this.files.set(path, Buffer.alloc(0));
    return {
      append: async (bytes) => {
        await this.gate;
        const fits = bytes.subarray(0, Math.min(bytes.byteLength, this.roomBytes));
        this.roomBytes -= fits.byteLength;
        this.files.set(path, Buffer.concat([this.#content(path), fits]));
        if (fits.byteLength < bytes.byteLength) {
          throw Object.assign(new Error('no space left on device'), { code: 'ENOSPC' });
        }
      },
      truncate: async (lengthBytes) => {
        const content = this.#content(path);
        this.roomBytes += content.length - lengthBytes;
        this.files.set(path, content.subarray(0, lengthBytes));
      },
      sync: async () => {},
      close: async () => {},
    };
  }

  #content(path: string): Buffer {
    return this.files.get(path) ?? Buffer.alloc(0);
  }
}
