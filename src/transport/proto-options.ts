import type { PackageDefinition } from '@grpc/proto-loader';
import { loadSync } from '@grpc/proto-loader';

/**
 * Lean decoding: bytes stay Buffers, enums stay numbers, absent fields stay absent. The flags of
 * scripts/gen-proto-types.mjs say the same for the types; a test compares them.
 */
export const PROTO_OPTIONS = {
  keepCase: false,
  longs: Number,
  bytes: Buffer,
  defaults: false,
  oneofs: false,
} as const;

/** Loads the wire contract from the folder that holds `dh/advisor/v1`. */
export function loadContract(protoDirectory: string): PackageDefinition {
  return loadSync(['dh/advisor/v1/plan_advisor.proto', 'dh/advisor/v1/operator.proto'], {
    ...PROTO_OPTIONS,
    includeDirs: [protoDirectory],
  });
}
