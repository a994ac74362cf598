// Original file: proto/dh/advisor/v1/operator.proto

import type { RoleInit as _dh_advisor_v1_RoleInit, Role as _dh_advisor_v1_Role } from '../../../dh/advisor/v1/Role.js';

export interface PluginStatusInit {
  'id'?: (string);
  'version'?: (string);
  'role'?: (_dh_advisor_v1_RoleInit);
  'stability'?: (string);
  'state'?: (string);
  'reason'?: (string);
  'isolation'?: (string);
  'restarts'?: (number);
  'lastEnd'?: (string);
}

export interface PluginStatus {
  'id'?: (string);
  'version'?: (string);
  'role'?: (_dh_advisor_v1_Role);
  'stability'?: (string);
  'state'?: (string);
  'reason'?: (string);
  'isolation'?: (string);
  'restarts'?: (number);
  'lastEnd'?: (string);
}
