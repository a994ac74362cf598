// Original file: proto/dh/advisor/v1/plan.proto

export const AdviceMode = {
  ADVICE_MODE_UNSPECIFIED: 0,
  ADVICE_MODE_SHADOW: 1,
  ADVICE_MODE_ADVISE: 2,
} as const;

export type AdviceModeInit =
  | 'ADVICE_MODE_UNSPECIFIED'
  | 0
  | 'ADVICE_MODE_SHADOW'
  | 1
  | 'ADVICE_MODE_ADVISE'
  | 2

export type AdviceMode = typeof AdviceMode[keyof typeof AdviceMode]
