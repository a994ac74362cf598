import { open } from 'node:fs/promises';

/** A file that only grows. */
export interface AppendFile {
  append(bytes: Uint8Array): Promise<void>;
  /** Cuts off what a failed append left behind. */
  truncate(lengthBytes: number): Promise<void>;
  sync(): Promise<void>;
  close(): Promise<void>;
}

/** Where append-only files come from; tests bring disks that fail. */
export interface AppendFiles {
  /** @throws when the file exists or can't be made. */
  create(path: string): Promise<AppendFile>;
}

export const nodeAppendFiles: AppendFiles = {
  create: async (path) => {
    const handle = await open(path, 'ax', 0o600);
    return {
      append: (bytes) => handle.appendFile(bytes),
      truncate: (lengthBytes) => handle.truncate(lengthBytes),
      sync: () => handle.datasync(),
      close: () => handle.close(),
    };
  },
};

/** Room left for recordings of one directory. */
export interface Quota {
  /** False when there is not so much left. */
  take(bytes: number): boolean;
}

/** Why a recording ended before its session. */
export type StopCause = 'buffer-full' | 'session-limit' | 'directory-full' | 'disk-error' | 'fault';

export interface RecordingLogOptions {
  readonly path: string;
  readonly files: AppendFiles;
  readonly quota: Quota;
  readonly maxSessionBytes: number;
  readonly maxBufferBytes: number;
  /** Told once, when the recording stops early. */
  readonly onStop: (cause: StopCause, error: unknown) => void;
}

/**
 * Writes records behind the session's back: `append` only queues. A disk that is slow, full or broken ends the
 * recording, and what is in the file stays a valid beginning.
 */
export class RecordingLog {
  readonly #options: RecordingLogOptions;
  #file: AppendFile | undefined;
  #pending: Uint8Array[] = [];
  #pendingBytes = 0;
  #takenBytes = 0;
  #writtenBytes = 0;
  #writing: Promise<void> | undefined;
  #stopCause: StopCause | undefined;

  constructor(options: RecordingLogOptions) {
    this.#options = options;
  }

  get stopCause(): StopCause | undefined {
    return this.#stopCause;
  }

  /** Bytes in the file. */
  get writtenBytes(): number {
    return this.#writtenBytes;
  }

  /** Bytes taken from the room, whether they came to the disk or not. */
  get takenBytes(): number {
    return this.#takenBytes;
  }

  append(record: Uint8Array): void {
    if (this.#stopCause !== undefined) return;
    const { maxSessionBytes, maxBufferBytes, quota } = this.#options;
    if (this.#takenBytes + record.byteLength > maxSessionBytes) this.stop('session-limit');
    else if (this.#pendingBytes + record.byteLength > maxBufferBytes) this.stop('buffer-full');
    else if (!quota.take(record.byteLength)) this.stop('directory-full');
    else {
      this.#takenBytes += record.byteLength;
      this.#queue(record);
    }
  }

  /** Writes what is queued and a last record, if the disk still takes it. Never throws. */
  async close(last: (cause: StopCause | undefined) => Uint8Array): Promise<void> {
    await this.#writing;
    this.#queue(last(this.#stopCause));
    await this.#writing;
    try {
      await this.#file?.sync();
    } catch (thrown) {
      this.stop('disk-error', thrown);
    }
    // Nothing is left to lose when closing fails.
    await this.#file?.close().catch(() => undefined);
  }

  /** Ends the recording early; what is queued is still written. */
  stop(cause: StopCause, error?: unknown): void {
    if (this.#stopCause !== undefined) return;
    this.#stopCause = cause;
    this.#options.onStop(cause, error);
  }

  #queue(record: Uint8Array): void {
    this.#pending.push(record);
    this.#pendingBytes += record.byteLength;
    this.#writing ??= this.#write();
  }

  async #write(): Promise<void> {
    try {
      this.#file ??= await this.#options.files.create(this.#options.path);
      while (this.#pending.length > 0) {
        const batch = Buffer.concat(this.#pending);
        this.#pending = [];
        await this.#file.append(batch);
        this.#pendingBytes -= batch.byteLength;
        this.#writtenBytes += batch.byteLength;
      }
    } catch (thrown) {
      this.#pending = [];
      this.#pendingBytes = 0;
      this.stop('disk-error', thrown);
      // Half a record in the middle would hide what follows it. If the disk refuses this, too, the tail is torn.
      await this.#file?.truncate(this.#writtenBytes).catch(() => undefined);
    } finally {
      // Here and not after the promise has settled: a record that is queued in between must start a new one.
      this.#writing = undefined;
    }
  }
}
