import { randomUUID } from 'node:crypto';
import type { Context } from 'hono';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import type { ErrorCode, StatusName } from '../../domain/errors/error-codes.js';
import { HostError } from '../../domain/errors/host-error.js';
import type { Log } from '../../domain/log.js';
import type { Fault } from '../api.js';

const statuses: Readonly<Record<StatusName, ContentfulStatusCode>> = {
  INVALID_ARGUMENT: 400,
  UNAUTHENTICATED: 401,
  PERMISSION_DENIED: 403,
  NOT_FOUND: 404,
  FAILED_PRECONDITION: 409,
  RESOURCE_EXHAUSTED: 429,
  INTERNAL: 500,
  DATA_LOSS: 500,
  UNAVAILABLE: 503,
  DEADLINE_EXCEEDED: 504,
};

/** Where HTTP has a word of its own. */
const exceptions: Partial<Readonly<Record<ErrorCode, ContentfulStatusCode>>> = {
  'method-not-allowed': 405,
  'request-not-json': 415,
};

/** The one place where an error becomes an HTTP answer. What the host does not know by code stays in its log. */
export function answerFault(c: Context, thrown: unknown, log: Log): Response {
  const known = HostError.is(thrown) ? thrown : undefined;
  const incident = known === undefined ? randomUUID() : '';
  const error = known ?? new HostError('internal', { incident });
  if (known === undefined) log.error('incident', { incident, err: thrown });
  const { code, message } = error;
  const fault: Fault = { code, message };
  return c.json(fault, exceptions[error.code] ?? statuses[error.entry.status]);
}
