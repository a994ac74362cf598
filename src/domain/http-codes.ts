import type { ErrorCodeEntry } from './error-code-entry.js';

/** Errors of the operator's HTTP interface; part of the table in error-codes.ts. */
export const HTTP_CODES = {
  'page-missing': {
    status: 'NOT_FOUND',
    level: 'info',
    retry: 'no',
    message: 'There is no {path} here.',
  },
  'plan-missing': {
    status: 'NOT_FOUND',
    level: 'info',
    retry: 'no',
    message:
      'The host has no plan {session}: it never was, or ended so long ago that it is no longer kept.',
  },
  'method-not-allowed': {
    status: 'INVALID_ARGUMENT',
    level: 'info',
    retry: 'no',
    message: '{path} takes {allowed}, not {method}.',
  },
  'request-not-json': {
    status: 'INVALID_ARGUMENT',
    level: 'info',
    retry: 'no',
    message: 'A change is sent as JSON with the content type application/json: {problem}.',
  },
  'operator-origin': {
    status: 'PERMISSION_DENIED',
    level: 'warn',
    retry: 'no',
    message:
      "A page of another origin ({origin}) may not change anything here. Open the host's own page.",
  },
  'operator-token': {
    status: 'UNAUTHENTICATED',
    level: 'warn',
    retry: 'no',
    message:
      "Changes need the operators' token: `authorization: Bearer TOKEN`, for commands from the environment variable {variable}.",
  },
  'operator-token-unset': {
    status: 'FAILED_PRECONDITION',
    level: 'warn',
    retry: 'no',
    message:
      'Changes are off: {key} is {address}, which is not loopback, and the host was started without {variable}. Set it and start again.',
  },
  'generation-unknown': {
    status: 'NOT_FOUND',
    level: 'warn',
    retry: 'no',
    message: 'There is no text of generation {generation}. Kept: {known}.',
  },
} as const satisfies Readonly<Record<string, ErrorCodeEntry>>;
