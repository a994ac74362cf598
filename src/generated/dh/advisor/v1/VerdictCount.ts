// Original file: proto/dh/advisor/v1/advice.proto

import type { RoleInit as _dh_advisor_v1_RoleInit, Role as _dh_advisor_v1_Role } from '../../../dh/advisor/v1/Role.js';
import type { VerdictInit as _dh_advisor_v1_VerdictInit, Verdict as _dh_advisor_v1_Verdict } from '../../../dh/advisor/v1/Verdict.js';

export interface VerdictCountInit {
  'role'?: (_dh_advisor_v1_RoleInit);
  'verdict'?: (_dh_advisor_v1_VerdictInit);
  'count'?: (number);
}

export interface VerdictCount {
  'role'?: (_dh_advisor_v1_Role);
  'verdict'?: (_dh_advisor_v1_Verdict);
  'count'?: (number);
}
