import { createHash } from 'node:crypto';
import { basename, dirname, join } from 'node:path';
import { describeThrown, HostError } from '../domain/errors/host-error.js';
import type { ModelIdentity, ModelSignature } from '../plugin-sdk/index.js';
import { refuseExternalData } from './external-data.js';
import { type GoldenCase, parseGolden, type Tolerance } from './golden-cases.js';
import { parseDescription, signatureOf } from './model-description.js';
import {
  MAX_DESCRIPTION_BYTES,
  MAX_GOLDEN_BYTES,
  MAX_MODEL_BYTES,
  readModelFile,
} from './read-file.js';

/** A model folder whose files are all there and as model.yaml says. Nothing has run. */
export interface ModelPackage {
  /** `id/version`. */
  readonly name: string;
  readonly identity: ModelIdentity;
  readonly signature: ModelSignature;
  /** Questions that can be stacked on axis 0 and answered by one run; 0: none can, Infinity: any number. */
  readonly maxBatchSize: number;
  /** The verified bytes, so that no later change of the file matters. Shared with worker threads. */
  readonly bytes: SharedArrayBuffer;
  readonly golden: readonly GoldenCase[];
  readonly tolerance: Tolerance;
}

async function read(path: string, maxBytes: number): Promise<Buffer> {
  try {
    return await readModelFile(path, maxBytes);
  } catch (thrown) {
    const problem = describeThrown(thrown);
    throw new HostError('model-file', { file: path, problem }, { cause: thrown });
  }
}

async function readVerified(
  folder: string,
  { file, sha256: expected }: { readonly file: string; readonly sha256: string },
  maxBytes: number,
): Promise<Buffer> {
  const path = join(folder, file);
  const bytes = await read(path, maxBytes);
  const actual = createHash('sha256').update(bytes).digest('hex');
  if (actual !== expected) throw new HostError('model-checksum', { file: path, actual, expected });
  return bytes;
}

/** Reads `<id>/<version>/`. @throws HostError `model-file`, `model-description`, `model-checksum` or `model-external-data` */
export async function readPackage(folder: string): Promise<ModelPackage> {
  const path = join(folder, 'model.yaml');
  const description = parseDescription(
    (await read(path, MAX_DESCRIPTION_BYTES)).toString('utf8'),
    path,
  );
  const { id, version, model, golden, card } = description;
  if (basename(dirname(folder)) !== id || basename(folder) !== version) {
    const problem = `it says ${id}/${version}, which its folder must be called too`;
    throw new HostError('model-description', { file: path, problem });
  }
  await readVerified(folder, card, MAX_DESCRIPTION_BYTES);
  const goldenText = (await readVerified(folder, golden, MAX_GOLDEN_BYTES)).toString('utf8');
  const file = await readVerified(folder, model, MAX_MODEL_BYTES);
  refuseExternalData(join(folder, model.file), file);
  const bytes = new SharedArrayBuffer(file.length);
  new Uint8Array(bytes).set(file);
  return {
    name: `${id}/${version}`,
    identity: { id, version, sha256: model.sha256 },
    signature: signatureOf(description),
    maxBatchSize:
      description.batch_axis === null
        ? 0
        : (description.max_batch_size ?? Number.POSITIVE_INFINITY),
    bytes,
    golden: parseGolden(goldenText, join(folder, golden.file), description),
    tolerance: { absolute: golden.absolute_tolerance, relative: golden.relative_tolerance },
  };
}
