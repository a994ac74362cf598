// Original file: proto/dh/advisor/v1/plan.proto

export const StopReason = {
  STOP_REASON_UNSPECIFIED: 0,
  STOP_REASON_TOLERANCE: 1,
  STOP_REASON_ITERATION_LIMIT: 2,
  STOP_REASON_ADVICE: 3,
  STOP_REASON_ZERO_GRADIENT: 4,
  STOP_REASON_LINE_SEARCH: 5,
  STOP_REASON_CANCELLED: 6,
  STOP_REASON_SAFEGUARD: 7,
} as const;

export type StopReasonInit =
  | 'STOP_REASON_UNSPECIFIED'
  | 0
  | 'STOP_REASON_TOLERANCE'
  | 1
  | 'STOP_REASON_ITERATION_LIMIT'
  | 2
  | 'STOP_REASON_ADVICE'
  | 3
  | 'STOP_REASON_ZERO_GRADIENT'
  | 4
  | 'STOP_REASON_LINE_SEARCH'
  | 5
  | 'STOP_REASON_CANCELLED'
  | 6
  | 'STOP_REASON_SAFEGUARD'
  | 7

export type StopReason = typeof StopReason[keyof typeof StopReason]
