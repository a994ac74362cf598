import { type ErrorCodeEntry, entry } from './error-entry.js';

/** Errors of `dh-advisor replay`. Part of `ERROR_CODES`. */
export const REPLAY_ERRORS = {
  'replay-unable': entry(
    'FAILED_PRECONDITION',
    'error',
    'no',
    'Session {session} can not be replayed: {problem}.',
  ),
  'replay-arm': entry(
    'INVALID_ARGUMENT',
    'error',
    'no',
    '`{wanted}` is nothing to replay with: {problem}',
  ),
  'replay-nothing': entry('NOT_FOUND', 'error', 'no', '{path} holds no session that was recorded.'),
} satisfies Readonly<Record<string, ErrorCodeEntry>>;
