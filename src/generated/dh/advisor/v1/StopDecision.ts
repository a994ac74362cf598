// Original file: proto/dh/advisor/v1/advice.proto

export const StopDecision = {
  STOP_DECISION_UNSPECIFIED: 0,
  STOP_DECISION_CONTINUE: 1,
  STOP_DECISION_STOP_LEVEL: 2,
  STOP_DECISION_STOP_ALL: 3,
} as const;

export type StopDecisionInit =
  | 'STOP_DECISION_UNSPECIFIED'
  | 0
  | 'STOP_DECISION_CONTINUE'
  | 1
  | 'STOP_DECISION_STOP_LEVEL'
  | 2
  | 'STOP_DECISION_STOP_ALL'
  | 3

export type StopDecision = typeof StopDecision[keyof typeof StopDecision]
