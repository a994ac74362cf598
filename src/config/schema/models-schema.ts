import type { VersionPolicy } from '../../domain/host-config.js';
import { z } from '../../plugin-sdk/index.js';
import {
  count,
  labelName,
  MAX_TIMER_MS,
  modelName,
  modelVersion,
  positive,
  section,
} from './config-values.js';

const policy = z.union(
  [
    z.strictObject({ latest: z.strictObject({ num_versions: count.default(1) }) }),
    z.strictObject({
      specific: z.strictObject({ versions: z.array(modelVersion).min(1, 'must name a version') }),
    }),
    z.strictObject({ all: z.strictObject({}) }),
  ],
  { error: 'must be {latest: {num_versions: N}}, {specific: {versions: ["N"]}} or {all: {}}' },
);

/** Where learned models are, which of them serve, and what they may take. */
export const modelsSchema = section({
  directory: z
    .string()
    .min(1)
    .optional()
    .describe(
      'Folder of <name>/<version>/ folders, relative to this file; absent: the models that come with the host.',
    ),
  labels: z
    .record(modelName, z.record(labelName, modelVersion))
    .default({})
    .describe(
      'Name -> label -> version, such as {warm-start: {stable: "3", canary: "4"}}. Without a `stable` it is the highest version.',
    ),
  version_policy: z
    .record(modelName, policy)
    .default({})
    .describe(
      'Name -> which versions may serve, in the words of Triton, such as {warm-start: {latest: {num_versions: 1}}}, {specific: {versions: ["3"]}} or {all: {}}, which is what models without one have.',
    ),
  max_memory_mb: positive.default(512).describe('A model that would exceed it is not loaded.'),
  inline_below_ms: z
    .number()
    .min(0)
    .max(MAX_TIMER_MS)
    .default(0.5)
    .describe('A model whose golden cases take longer (median) runs in worker threads.'),
  max_batch_size: count.default(64).describe('Questions of different plans answered by one run.'),
  worker_threads: count
    .max(64)
    .default(1)
    .describe('Models that may run at once beside the thread that serves.'),
  queue_limit: count.default(64).describe('Questions that may wait for a model.'),
});

/** In the host's words. */
export function versionPolicyOf(raw: z.infer<typeof policy>): VersionPolicy {
  if ('latest' in raw) return { kind: 'latest', count: raw.latest.num_versions };
  if ('specific' in raw) return { kind: 'specific', versions: raw.specific.versions };
  return { kind: 'all' };
}
