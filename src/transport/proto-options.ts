import type { PackageDefinition } from '@grpc/proto-loader';
import { loadSync } from '@grpc/proto-loader';
import { protoPath as healthProto } from 'grpc-health-check';

/**
 * Lean decoding: bytes stay Buffers, enums stay numbers, absent fields stay absent. The flags of
 * scripts/gen/proto-types.mjs say the same for the types; a test compares them.
 */
export const PROTO_OPTIONS = {
  keepCase: false,
  longs: Number,
  bytes: Buffer,
  defaults: false,
  oneofs: false,
} as const;

const CONTRACT = ['dh/advisor/v1/plan_advisor.proto', 'dh/advisor/v1/operator.proto'];

const OPEN_INFERENCE = 'inference/open_inference.proto';

/** Loads the Open Inference Protocol from the folder that holds `inference`. */
export function loadOpenInference(protoDirectory: string): PackageDefinition {
  return loadSync(OPEN_INFERENCE, { ...PROTO_OPTIONS, includeDirs: [protoDirectory] });
}

/** Loads the wire contract from the folder that holds `dh/advisor/v1`. */
export function loadContract(protoDirectory: string): PackageDefinition {
  return loadSync(CONTRACT, { ...PROTO_OPTIONS, includeDirs: [protoDirectory] });
}

/** What reflection tells stock tools: all that is served, health included, with the names of the proto files. */
export function loadReflected(protoDirectory: string, hasInference: boolean): PackageDefinition {
  const files = [...CONTRACT, healthProto, ...(hasInference ? [OPEN_INFERENCE] : [])];
  return loadSync(files, { keepCase: true, includeDirs: [protoDirectory] });
}
