// Original file: proto/dh/advisor/v1/advice.proto

import type { TensorKindInit as _dh_advisor_v1_TensorKindInit, TensorKind as _dh_advisor_v1_TensorKind } from '../../../dh/advisor/v1/TensorKind.js';

export interface WantedTensorInit {
  'kind'?: (_dh_advisor_v1_TensorKindInit);
  'everyN'?: (number);
}

export interface WantedTensor {
  'kind'?: (_dh_advisor_v1_TensorKind);
  'everyN'?: (number);
}
