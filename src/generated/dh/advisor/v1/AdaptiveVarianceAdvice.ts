// Original file: proto/dh/advisor/v1/advice.proto

import type { AdviceHeaderInit as _dh_advisor_v1_AdviceHeaderInit, AdviceHeader as _dh_advisor_v1_AdviceHeader } from '../../../dh/advisor/v1/AdviceHeader.js';
import type { TensorInit as _dh_advisor_v1_TensorInit, Tensor as _dh_advisor_v1_Tensor } from '../../../dh/advisor/v1/Tensor.js';

export interface AdaptiveVarianceAdviceInit {
  'header'?: (_dh_advisor_v1_AdviceHeaderInit | null);
  'varianceGy2'?: (_dh_advisor_v1_TensorInit | null);
}

export interface AdaptiveVarianceAdvice {
  'header'?: (_dh_advisor_v1_AdviceHeader);
  'varianceGy2'?: (_dh_advisor_v1_Tensor);
}
