// Original file: proto/dh/advisor/v1/advice.proto

import type { RoleInit as _dh_advisor_v1_RoleInit, Role as _dh_advisor_v1_Role } from '../../../dh/advisor/v1/Role.js';

export interface RoleBindingInit {
  'role'?: (_dh_advisor_v1_RoleInit);
  'plugin'?: (string);
  'pluginVersion'?: (string);
  'model'?: (string);
  'modelSha256'?: (string);
  'arm'?: (string);
  'deadlineMs'?: (number);
  'declined'?: (string);
}

export interface RoleBinding {
  'role'?: (_dh_advisor_v1_Role);
  'plugin'?: (string);
  'pluginVersion'?: (string);
  'model'?: (string);
  'modelSha256'?: (string);
  'arm'?: (string);
  'deadlineMs'?: (number);
  'declined'?: (string);
}
