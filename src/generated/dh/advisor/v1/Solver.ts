// Original file: proto/dh/advisor/v1/plan.proto

export const Solver = {
  SOLVER_UNSPECIFIED: 0,
  SOLVER_DH: 1,
  SOLVER_LBFGS: 2,
  SOLVER_OTHER: 3,
} as const;

export type SolverInit =
  | 'SOLVER_UNSPECIFIED'
  | 0
  | 'SOLVER_DH'
  | 1
  | 'SOLVER_LBFGS'
  | 2
  | 'SOLVER_OTHER'
  | 3

export type Solver = typeof Solver[keyof typeof Solver]
