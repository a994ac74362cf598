// Original file: proto/dh/advisor/v1/advice.proto

import type { TensorKindInit as _dh_advisor_v1_TensorKindInit, TensorKind as _dh_advisor_v1_TensorKind } from '../../../dh/advisor/v1/TensorKind.js';
import type { RoleInit as _dh_advisor_v1_RoleInit, Role as _dh_advisor_v1_Role } from '../../../dh/advisor/v1/Role.js';

export interface WantedTensorInit {
  'kind'?: (_dh_advisor_v1_TensorKindInit);
  'everyN'?: (number);
  'roles'?: (_dh_advisor_v1_RoleInit)[];
}

export interface WantedTensor {
  'kind'?: (_dh_advisor_v1_TensorKind);
  'everyN'?: (number);
  'roles'?: (_dh_advisor_v1_Role)[];
}
