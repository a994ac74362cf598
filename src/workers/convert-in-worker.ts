import {
  type Conversion,
  type Convert,
  setAside,
} from '../storage/recordings/convert-recording.js';
import { askWorker } from './run-in-worker.js';

/** The largest recordings take seconds; a disk may be slow. */
const LIMIT_MS = 600_000;

const isOutOfMemory = (thrown: unknown): boolean =>
  thrown instanceof Error && 'code' in thrown && thrown.code === 'ERR_WORKER_OUT_OF_MEMORY';

/**
 * Converts on a thread of its own, for encoding Parquet takes long enough to hold up every stream. What takes more memory than a thread
 * may have is set aside. `script` is the compiled worker.
 */
export function convertInWorker(script: string): Convert {
  return async (paths) => {
    try {
      return await askWorker<Conversion>(script, { workerData: paths, limitMs: LIMIT_MS });
    } catch (thrown) {
      if (!isOutOfMemory(thrown)) throw thrown;
      setAside(paths, 'it takes more memory than a thread may have');
      return 'damaged';
    }
  };
}
