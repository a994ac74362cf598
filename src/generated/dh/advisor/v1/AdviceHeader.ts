// Original file: proto/dh/advisor/v1/roles.proto

import type { RoleInit as _dh_advisor_v1_RoleInit, Role as _dh_advisor_v1_Role } from '../../../dh/advisor/v1/Role.js';
import type { OutcomeInit as _dh_advisor_v1_OutcomeInit, Outcome as _dh_advisor_v1_Outcome } from '../../../dh/advisor/v1/Outcome.js';

export interface AdviceHeaderInit {
  'role'?: (_dh_advisor_v1_RoleInit);
  'outcome'?: (_dh_advisor_v1_OutcomeInit);
  'reason'?: (string);
  'latencyUs'?: (number);
  'outOfDistributionScore'?: (number | string);
  'configurationGeneration'?: (number);
  'isFinal'?: (boolean);
  'detail'?: (string);
}

export interface AdviceHeader {
  'role'?: (_dh_advisor_v1_Role);
  'outcome'?: (_dh_advisor_v1_Outcome);
  'reason'?: (string);
  'latencyUs'?: (number);
  'outOfDistributionScore'?: (number);
  'configurationGeneration'?: (number);
  'isFinal'?: (boolean);
  'detail'?: (string);
}
