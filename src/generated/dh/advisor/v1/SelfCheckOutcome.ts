// Original file: proto/dh/advisor/v1/plan.proto

export const SelfCheckOutcome = {
  SELF_CHECK_OUTCOME_UNSPECIFIED: 0,
  SELF_CHECK_OUTCOME_PASSED: 1,
  SELF_CHECK_OUTCOME_UNCLEAR: 2,
  SELF_CHECK_OUTCOME_FAILED: 3,
} as const;

export type SelfCheckOutcomeInit =
  | 'SELF_CHECK_OUTCOME_UNSPECIFIED'
  | 0
  | 'SELF_CHECK_OUTCOME_PASSED'
  | 1
  | 'SELF_CHECK_OUTCOME_UNCLEAR'
  | 2
  | 'SELF_CHECK_OUTCOME_FAILED'
  | 3

export type SelfCheckOutcome = typeof SelfCheckOutcome[keyof typeof SelfCheckOutcome]
