// Original file: proto/dh/advisor/v1/roles.proto

export const Role = {
  ROLE_UNSPECIFIED: 0,
  ROLE_INITIALIZATION: 1,
  ROLE_HISTOGRAM_SIGMA: 2,
  ROLE_PYRAMID_SIGMA: 3,
  ROLE_ADAPTIVE_VARIANCE: 4,
  ROLE_STEP_DIRECTION: 5,
  ROLE_EARLY_STOPPING: 6,
} as const;

export type RoleInit =
  | 'ROLE_UNSPECIFIED'
  | 0
  | 'ROLE_INITIALIZATION'
  | 1
  | 'ROLE_HISTOGRAM_SIGMA'
  | 2
  | 'ROLE_PYRAMID_SIGMA'
  | 3
  | 'ROLE_ADAPTIVE_VARIANCE'
  | 4
  | 'ROLE_STEP_DIRECTION'
  | 5
  | 'ROLE_EARLY_STOPPING'
  | 6

export type Role = typeof Role[keyof typeof Role]
