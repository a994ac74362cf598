import type { VersionPolicy } from '../../domain/host-config.js';
import { isLoopback } from '../../domain/loopback.js';
import type { RemoteTarget } from '../../domain/open-inference/remote.js';
import { z } from '../../plugin-sdk/index.js';
import {
  address,
  count,
  durationMs,
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

const file = z.string().min(1);

const remote = z
  .strictObject({
    address: address.describe('HOST:PORT of its gRPC.'),
    model: z
      .string()
      .min(1)
      .optional()
      .describe('What the model is called there; absent: as here.'),
    version: z
      .string()
      .optional()
      .describe(
        'Its version there; absent: as here; empty: what the server takes for the current one.',
      ),
    deadline_ms: durationMs.default(1000).describe('Of one question, whatever the role allows.'),
    tls: z
      .strictObject({
        ca: file
          .optional()
          .describe(
            'PEM file of who signed its certificate; absent: the authorities of the machine.',
          ),
        certificate: file.optional().describe('PEM file of what this host shows.'),
        key: file.optional().describe('PEM file of its private key.'),
      })
      .optional()
      .describe('Absent: plain text, which is refused for another address than loopback.'),
    insecure: z
      .literal('i-know', 'must be "i-know", or absent')
      .optional()
      .describe('Plain text to another address than loopback is meant.'),
  })
  .superRefine(({ address: to, tls, insecure }, context) => {
    if (!isLoopback(to) && tls === undefined && insecure === undefined) {
      const message =
        'is not loopback, and without TLS everybody on the way can read and change what is said: add `tls: {}`, or `insecure: i-know` where the network itself is private';
      context.addIssue({ code: 'custom', path: ['address'], message });
    }
    if ((tls?.certificate === undefined) !== (tls?.key === undefined)) {
      context.addIssue({
        code: 'custom',
        path: ['tls'],
        message: 'needs certificate and key, or neither',
      });
    }
  });

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
  remote: z
    .record(modelName, remote)
    .default({})
    .describe(
      'Name -> a server that speaks the Open Inference Protocol over gRPC and answers in place of this machine. The package here is what it is checked by.',
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

/** In the host's words. `absolute` makes the path of a file absolute. */
export function remoteOf(
  { address: to, model, version, deadline_ms: deadlineMs, tls }: z.infer<typeof remote>,
  absolute: (path: string) => string,
): RemoteTarget {
  const path = (file: string | undefined) => file && absolute(file);
  return {
    address: to,
    model,
    version,
    deadlineMs,
    tls: tls && { ca: path(tls.ca), certificate: path(tls.certificate), key: path(tls.key) },
  };
}
