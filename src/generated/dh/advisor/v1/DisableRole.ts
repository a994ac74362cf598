// Original file: proto/dh/advisor/v1/operator.proto

import type { RoleInit as _dh_advisor_v1_RoleInit, Role as _dh_advisor_v1_Role } from '../../../dh/advisor/v1/Role.js';

export interface DisableRoleInit {
  'role'?: (_dh_advisor_v1_RoleInit);
}

export interface DisableRole {
  'role'?: (_dh_advisor_v1_Role);
}
