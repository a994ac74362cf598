import type { Metadata } from '@grpc/grpc-js';
import { HostError } from '../../domain/errors/host-error.js';
import type { OperatorGuard } from '../../domain/operations/operations.js';

/** `EXPERIMENT=ARM`; may be there several times. */
export const FORCED_ARM_KEY = 'dh-experiment-arm';

/** The token of `authorization: Bearer TOKEN`. */
export function tokenOf(metadata: Metadata): string | undefined {
  const [authorization] = metadata.get('authorization');
  return /^Bearer (.+)$/i.exec(String(authorization ?? ''))?.[1];
}

/**
 * Experiment -> arm that the stream asks for.
 * @throws HostError without the operators' token, and for what is not EXPERIMENT=ARM.
 */
export function forcedArmsOf(
  metadata: Metadata,
  guard: OperatorGuard,
): Readonly<Record<string, string>> {
  const asked = metadata.get(FORCED_ARM_KEY).map(String);
  if (asked.length === 0) return {};
  guard.prove(tokenOf(metadata));
  const pairs = asked.map((text) => {
    const [, experiment, arm] = /^([^=]+)=([^=]+)$/.exec(text) ?? [];
    if (experiment !== undefined && arm !== undefined) return [experiment, arm] as const;
    const problem = 'is not EXPERIMENT=ARM';
    throw new HostError('invalid-field', { field: FORCED_ARM_KEY, problem });
  });
  return Object.fromEntries(pairs);
}
