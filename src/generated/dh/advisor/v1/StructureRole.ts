// Original file: proto/dh/advisor/v1/plan.proto

export const StructureRole = {
  STRUCTURE_ROLE_UNSPECIFIED: 0,
  STRUCTURE_ROLE_TARGET: 1,
  STRUCTURE_ROLE_ORGAN_AT_RISK: 2,
  STRUCTURE_ROLE_NORMAL_TISSUE: 3,
} as const;

export type StructureRoleInit =
  | 'STRUCTURE_ROLE_UNSPECIFIED'
  | 0
  | 'STRUCTURE_ROLE_TARGET'
  | 1
  | 'STRUCTURE_ROLE_ORGAN_AT_RISK'
  | 2
  | 'STRUCTURE_ROLE_NORMAL_TISSUE'
  | 3

export type StructureRole = typeof StructureRole[keyof typeof StructureRole]
