import type { Metadata } from '@grpc/grpc-js';
import { HostError } from '../../domain/errors/host-error.js';
import { chain, type MaybePromise } from '../../domain/maybe-promise.js';
import type { AccessGuard, Shown } from '../../domain/operations/access.js';

/** `EXPERIMENT=ARM`; may be there several times. */
export const FORCED_ARM_KEY = 'dh-experiment-arm';

/** The token of `authorization: Bearer TOKEN`. */
export function tokenOf(metadata: Metadata): string | undefined {
  const [authorization] = metadata.get('authorization');
  return /^Bearer (.+)$/i.exec(String(authorization ?? ''))?.[1];
}

/** Of a call: its metadata and its connection. */
export interface CallCredentials {
  readonly metadata: Metadata;
  /** Empty where the connection has no certificate that was verified. */
  getAuthContext(): { readonly sslPeerCertificate?: { readonly raw: Buffer } };
}

export function shownBy(call: CallCredentials): Shown {
  return {
    token: tokenOf(call.metadata),
    certificate: call.getAuthContext().sslPeerCertificate?.raw,
  };
}

/**
 * Experiment -> arm that the stream asks for.
 * @throws HostError, or rejects with it, without the role of an operator, and for what is not EXPERIMENT=ARM.
 */
export function forcedArmsOf(
  metadata: Metadata,
  shown: Shown,
  guard: AccessGuard,
): MaybePromise<Readonly<Record<string, string>>> {
  const asked = metadata.get(FORCED_ARM_KEY).map(String);
  if (asked.length === 0) return {};
  return chain(guard.prove(shown), () => armsOf(asked));
}

function armsOf(asked: readonly string[]): Readonly<Record<string, string>> {
  const pairs = asked.map((text) => {
    const [, experiment, arm] = /^([^=]+)=([^=]+)$/.exec(text) ?? [];
    if (experiment !== undefined && arm !== undefined) return [experiment, arm] as const;
    const problem = 'is not EXPERIMENT=ARM';
    throw new HostError('invalid-field', { field: FORCED_ARM_KEY, problem });
  });
  return Object.fromEntries(pairs);
}
