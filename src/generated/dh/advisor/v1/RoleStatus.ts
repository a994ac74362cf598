// Original file: proto/dh/advisor/v1/operator.proto

import type { RoleInit as _dh_advisor_v1_RoleInit, Role as _dh_advisor_v1_Role } from '../../../dh/advisor/v1/Role.js';
import type { RoleBindingInit as _dh_advisor_v1_RoleBindingInit, RoleBinding as _dh_advisor_v1_RoleBinding } from '../../../dh/advisor/v1/RoleBinding.js';
import type { OutcomeCountInit as _dh_advisor_v1_OutcomeCountInit, OutcomeCount as _dh_advisor_v1_OutcomeCount } from '../../../dh/advisor/v1/OutcomeCount.js';
import type { SolverInit as _dh_advisor_v1_SolverInit, Solver as _dh_advisor_v1_Solver } from '../../../dh/advisor/v1/Solver.js';

export interface RoleStatusInit {
  'role'?: (_dh_advisor_v1_RoleInit);
  'binding'?: (_dh_advisor_v1_RoleBindingInit | null);
  'breaker'?: (string);
  'outcomes'?: (_dh_advisor_v1_OutcomeCountInit)[];
  'isHealthy'?: (boolean);
  'solver'?: (_dh_advisor_v1_SolverInit);
}

export interface RoleStatus {
  'role'?: (_dh_advisor_v1_Role);
  'binding'?: (_dh_advisor_v1_RoleBinding);
  'breaker'?: (string);
  'outcomes'?: (_dh_advisor_v1_OutcomeCount)[];
  'isHealthy'?: (boolean);
  'solver'?: (_dh_advisor_v1_Solver);
}
