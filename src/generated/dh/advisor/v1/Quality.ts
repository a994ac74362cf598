// Original file: proto/dh/advisor/v1/plan.proto

export const Quality = {
  QUALITY_UNSPECIFIED: 0,
  QUALITY_STRICT: 1,
  QUALITY_BALANCED: 2,
  QUALITY_FAST: 3,
} as const;

export type QualityInit =
  | 'QUALITY_UNSPECIFIED'
  | 0
  | 'QUALITY_STRICT'
  | 1
  | 'QUALITY_BALANCED'
  | 2
  | 'QUALITY_FAST'
  | 3

export type Quality = typeof Quality[keyof typeof Quality]
