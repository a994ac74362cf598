import { randomUUID } from 'node:crypto';
import { Metadata, type ServerErrorResponse, status } from '@grpc/grpc-js';
import { cutText } from '../domain/cut-text.js';
import { HostError } from '../domain/errors/host-error.js';
import type { Log } from '../domain/log.js';
import { STATUS_DETAILS_TRAILER, statusDetails } from './error-details.js';

/** Characters of an error's text on the wire and in the log; whole configurations are told to operators elsewhere. */
const MAX_DETAILS = 6000;

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
  else
    log[error.entry.level](message, {
      code: error.code,
      reason: cutText(error.message, MAX_DETAILS),
    });
  // The wire bounds what trailers may hold; a longer text would take the connection of other plans along.
  const details = cutText(error.message, MAX_DETAILS);
  const metadata = new Metadata();
  metadata.set(ERROR_CODE_TRAILER, error.code);
  metadata.set(STATUS_DETAILS_TRAILER, statusDetails(error, status[error.entry.status]));
  return Object.assign(new Error(details), {
    code: status[error.entry.status],
    details,
    metadata,
  });
}
