// Original file: proto/dh/advisor/v1/roles.proto

import type { RoleInit as _dh_advisor_v1_RoleInit, Role as _dh_advisor_v1_Role } from '../../../dh/advisor/v1/Role.js';
import type { VerdictInit as _dh_advisor_v1_VerdictInit, Verdict as _dh_advisor_v1_Verdict } from '../../../dh/advisor/v1/Verdict.js';

export interface AdviceReceiptInit {
  'role'?: (_dh_advisor_v1_RoleInit);
  'verdict'?: (_dh_advisor_v1_VerdictInit);
  'level'?: (number);
  'iteration'?: (number);
  '_iteration'?: "iteration";
}

export interface AdviceReceipt {
  'role'?: (_dh_advisor_v1_Role);
  'verdict'?: (_dh_advisor_v1_Verdict);
  'level'?: (number);
  'iteration'?: (number);
}
