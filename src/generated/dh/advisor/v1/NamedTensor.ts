// Original file: proto/dh/advisor/v1/plan.proto

import type { TensorKindInit as _dh_advisor_v1_TensorKindInit, TensorKind as _dh_advisor_v1_TensorKind } from '../../../dh/advisor/v1/TensorKind.js';
import type { TensorInit as _dh_advisor_v1_TensorInit, Tensor as _dh_advisor_v1_Tensor } from '../../../dh/advisor/v1/Tensor.js';

export interface NamedTensorInit {
  'kind'?: (_dh_advisor_v1_TensorKindInit);
  'tensor'?: (_dh_advisor_v1_TensorInit | null);
}

export interface NamedTensor {
  'kind'?: (_dh_advisor_v1_TensorKind);
  'tensor'?: (_dh_advisor_v1_Tensor);
}
