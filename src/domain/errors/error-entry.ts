/** gRPC status names; transport knows their numbers. */
export type StatusName =
  | 'INVALID_ARGUMENT'
  | 'NOT_FOUND'
  | 'RESOURCE_EXHAUSTED'
  | 'FAILED_PRECONDITION'
  | 'UNAUTHENTICATED'
  | 'PERMISSION_DENIED'
  | 'DEADLINE_EXCEEDED'
  | 'UNAVAILABLE'
  | 'DATA_LOSS'
  | 'INTERNAL';

/** Whether trying again can help: never as it stands, at once with a new session, or after a while. */
export type RetryHint = 'no' | 'new-session' | 'later';

export interface ErrorCodeEntry {
  /** Says what, where and how to fix it. `{name}` stands for a parameter. */
  readonly message: string;
  readonly status: StatusName;
  readonly level: 'info' | 'warn' | 'error';
  readonly retry: RetryHint;
}

export function entry(
  status: StatusName,
  level: ErrorCodeEntry['level'],
  retry: RetryHint,
  message: string,
): ErrorCodeEntry {
  return { message, status, level, retry };
}

const withPolicy =
  (...policy: [StatusName, ErrorCodeEntry['level'], RetryHint]) =>
  (message: string): ErrorCodeEntry =>
    entry(...policy, message);

/** Something of the host's own has to be put right first. */
export const faulty = withPolicy('FAILED_PRECONDITION', 'error', 'no');
/** The same, and it may be put right without whoever asks. */
export const notNow = withPolicy('FAILED_PRECONDITION', 'error', 'later');
/** What was asked may not be asked, at all or here. */
export const refused = withPolicy('FAILED_PRECONDITION', 'warn', 'no');
/** What was sent is not as it must be. */
export const invalid = withPolicy('INVALID_ARGUMENT', 'warn', 'no');
export const missing = withPolicy('NOT_FOUND', 'error', 'no');
export const full = withPolicy('RESOURCE_EXHAUSTED', 'warn', 'later');
export const tooLate = withPolicy('DEADLINE_EXCEEDED', 'info', 'new-session');
export const unavailable = withPolicy('UNAVAILABLE', 'error', 'later');
