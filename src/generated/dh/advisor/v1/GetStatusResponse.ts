// Original file: proto/dh/advisor/v1/operator.proto

import type { RoleStatusInit as _dh_advisor_v1_RoleStatusInit, RoleStatus as _dh_advisor_v1_RoleStatus } from '../../../dh/advisor/v1/RoleStatus.js';
import type { AdviceStopInit as _dh_advisor_v1_AdviceStopInit, AdviceStop as _dh_advisor_v1_AdviceStop } from '../../../dh/advisor/v1/AdviceStop.js';

export interface GetStatusResponseInit {
  'state'?: (string);
  'version'?: (string);
  'configurationGeneration'?: (number);
  'openSessions'?: (number);
  'uptimeSeconds'?: (number | string);
  'roles'?: (_dh_advisor_v1_RoleStatusInit)[];
  'adviceStop'?: (_dh_advisor_v1_AdviceStopInit | null);
}

export interface GetStatusResponse {
  'state'?: (string);
  'version'?: (string);
  'configurationGeneration'?: (number);
  'openSessions'?: (number);
  'uptimeSeconds'?: (number);
  'roles'?: (_dh_advisor_v1_RoleStatus)[];
  'adviceStop'?: (_dh_advisor_v1_AdviceStop);
}
