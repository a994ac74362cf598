import { randomUUID } from 'node:crypto';
import { Metadata, type ServerErrorResponse, status } from '@grpc/grpc-js';
import { HostError } from '../domain/host-error.js';
import type { Log } from '../domain/log.js';

export const ERROR_CODE_TRAILER = 'dh-error-code';

/**
 * The one place where an error becomes a gRPC status. Known errors keep their code and message; anything else gets a
 * fixed text with an incident number, and its cause goes to the log only.
 */
export function toStatus(
  thrown: unknown,
  log: Log,
  message = 'stream refused',
): ServerErrorResponse {
  const known = HostError.is(thrown) ? thrown : undefined;
  const incident = known === undefined ? randomUUID() : '';
  const error = known ?? new HostError('internal', { incident });
  if (known === undefined) log.error('incident', { incident, err: thrown });
  else log[error.entry.level](message, { code: error.code, reason: error.message });
  const metadata = new Metadata();
  metadata.set(ERROR_CODE_TRAILER, error.code);
  return Object.assign(new Error(error.message), {
    code: status[error.entry.status],
    details: error.message,
    metadata,
  });
}
