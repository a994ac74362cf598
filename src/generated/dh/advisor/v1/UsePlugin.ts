// Original file: proto/dh/advisor/v1/operator.proto

import type { RoleInit as _dh_advisor_v1_RoleInit, Role as _dh_advisor_v1_Role } from '../../../dh/advisor/v1/Role.js';

export interface UsePluginInit {
  'role'?: (_dh_advisor_v1_RoleInit);
  'plugin'?: (string);
  'pluginVersion'?: (string);
  'model'?: (string);
  '_pluginVersion'?: "pluginVersion";
  '_model'?: "model";
}

export interface UsePlugin {
  'role'?: (_dh_advisor_v1_Role);
  'plugin'?: (string);
  'pluginVersion'?: (string);
  'model'?: (string);
}
