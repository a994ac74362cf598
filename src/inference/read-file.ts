import { constants } from 'node:fs';
import { open } from 'node:fs/promises';

/** ONNX is a message of protocol buffers, which has less. */
export const MAX_MODEL_BYTES = 2 ** 31 - 1;
/** Descriptions are read by people; golden cases hold questions and answers. */
export const MAX_DESCRIPTION_BYTES = 2 ** 20;
export const MAX_GOLDEN_BYTES = 256 * 2 ** 20;

/**
 * The bytes of a file of a model. Devices without an end, pipes that nobody writes to and files that say that they are larger than any memory
 * are refused before anything is read.
 * @throws Error
 */
export async function readModelFile(path: string, maxBytes: number): Promise<Buffer> {
  const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const stats = await file.stat();
    if (!stats.isFile()) throw new Error('it is a folder or a device');
    if (stats.size > maxBytes) throw new Error(`it has ${stats.size} bytes, more than ${maxBytes}`);
    return await file.readFile();
  } finally {
    await file.close();
  }
}
