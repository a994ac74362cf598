import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { open } from 'node:fs/promises';

/** A pipe that nobody writes to would hold up whoever opens it. */
const READ = constants.O_RDONLY | constants.O_NONBLOCK;

/** What is meant to be in a file, and how large that can be. */
export interface FileBound {
  /** Such as `PEM file`. */
  readonly kind: string;
  readonly maxBytes: number;
}

interface Size {
  isFile(): boolean;
  readonly size: number;
}

/** A device says that it is empty, and has no end; a file may say that it is larger than any memory. */
function sizeWithin(stats: Size, { kind, maxBytes }: FileBound): number {
  if (!stats.isFile()) throw new Error('is a folder or a device; name a file');
  if (stats.size > maxBytes) throw new Error(`has ${stats.size} bytes, which no ${kind} has`);
  return stats.size;
}

/** The bytes of a file. @throws Error when it is none, is larger than such a file can be, or cannot be read. */
export function readBoundedSync(path: string, bound: FileBound): Buffer {
  const handle = openSync(path, READ);
  try {
    const bytes = Buffer.alloc(sizeWithin(fstatSync(handle), bound));
    return bytes.subarray(0, readSync(handle, bytes, 0, bytes.length, 0));
  } finally {
    closeSync(handle);
  }
}

/** The same, without holding up the thread. */
export async function readBounded(path: string, bound: FileBound): Promise<Buffer> {
  const handle = await open(path, READ);
  try {
    const bytes = Buffer.alloc(sizeWithin(await handle.stat(), bound));
    const { bytesRead } = await handle.read(bytes, 0, bytes.length, 0);
    return bytes.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}
