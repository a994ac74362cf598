import { type ErrorCodeEntry, entry } from './error-entry.js';

/** Errors of the operator's HTTP interface. Part of `ERROR_CODES`. */
export const HTTP_ERRORS = {
  'page-missing': entry('NOT_FOUND', 'info', 'no', 'There is no {path} here.'),
  'plan-missing': entry(
    'NOT_FOUND',
    'info',
    'no',
    'The host has no plan {session}: it never was, or ended so long ago that it is no longer kept.',
  ),
  'too-many-pages': entry(
    'RESOURCE_EXHAUSTED',
    'warn',
    'later',
    '{limit} pages follow this host already. Close one.',
  ),
  'method-not-allowed': entry(
    'INVALID_ARGUMENT',
    'info',
    'no',
    '{path} takes {allowed}, not {method}.',
  ),
  'request-not-json': entry(
    'INVALID_ARGUMENT',
    'info',
    'no',
    'A change is sent as JSON with the content type application/json: {problem}.',
  ),
  'operator-origin': entry(
    'PERMISSION_DENIED',
    'warn',
    'no',
    "A page of another origin ({origin}) may not change anything here. Open the host's own page.",
  ),
} as const satisfies Readonly<Record<string, ErrorCodeEntry>>;
