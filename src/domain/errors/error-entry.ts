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
  /** Says what, where and how to mend it. `{name}` stands for a parameter. */
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
