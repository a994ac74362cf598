// Original file: proto/dh/advisor/v1/roles.proto

export const Outcome = {
  OUTCOME_UNSPECIFIED: 0,
  OUTCOME_APPLIED: 1,
  OUTCOME_CLAMPED: 2,
  OUTCOME_REJECTED: 3,
  OUTCOME_DEFAULT: 4,
  OUTCOME_TIMEOUT: 5,
  OUTCOME_FAILED: 6,
  OUTCOME_OUT_OF_DISTRIBUTION: 7,
  OUTCOME_DISABLED: 8,
  OUTCOME_SHADOW: 9,
} as const;

export type OutcomeInit =
  | 'OUTCOME_UNSPECIFIED'
  | 0
  | 'OUTCOME_APPLIED'
  | 1
  | 'OUTCOME_CLAMPED'
  | 2
  | 'OUTCOME_REJECTED'
  | 3
  | 'OUTCOME_DEFAULT'
  | 4
  | 'OUTCOME_TIMEOUT'
  | 5
  | 'OUTCOME_FAILED'
  | 6
  | 'OUTCOME_OUT_OF_DISTRIBUTION'
  | 7
  | 'OUTCOME_DISABLED'
  | 8
  | 'OUTCOME_SHADOW'
  | 9

export type Outcome = typeof Outcome[keyof typeof Outcome]
