// Original file: proto/dh/advisor/v1/advice.proto

import type { NoticeKindInit as _dh_advisor_v1_NoticeKindInit, NoticeKind as _dh_advisor_v1_NoticeKind } from '../../../dh/advisor/v1/NoticeKind.js';
import type { RoleInit as _dh_advisor_v1_RoleInit, Role as _dh_advisor_v1_Role } from '../../../dh/advisor/v1/Role.js';

export interface NoticeInit {
  'kind'?: (_dh_advisor_v1_NoticeKindInit);
  'text'?: (string);
  'role'?: (_dh_advisor_v1_RoleInit);
}

export interface Notice {
  'kind'?: (_dh_advisor_v1_NoticeKind);
  'text'?: (string);
  'role'?: (_dh_advisor_v1_Role);
}
