// Original file: proto/dh/advisor/v1/advice.proto

import type { AdviceHeaderInit as _dh_advisor_v1_AdviceHeaderInit, AdviceHeader as _dh_advisor_v1_AdviceHeader } from '../../../dh/advisor/v1/AdviceHeader.js';
import type { DirectionSpaceInit as _dh_advisor_v1_DirectionSpaceInit, DirectionSpace as _dh_advisor_v1_DirectionSpace } from '../../../dh/advisor/v1/DirectionSpace.js';
import type { TensorInit as _dh_advisor_v1_TensorInit, Tensor as _dh_advisor_v1_Tensor } from '../../../dh/advisor/v1/Tensor.js';

export interface StepDirectionAdviceInit {
  'header'?: (_dh_advisor_v1_AdviceHeaderInit | null);
  'space'?: (_dh_advisor_v1_DirectionSpaceInit);
  'direction'?: (_dh_advisor_v1_TensorInit | null);
  'stepLength'?: (number | string);
  '_stepLength'?: "stepLength";
}

export interface StepDirectionAdvice {
  'header'?: (_dh_advisor_v1_AdviceHeader);
  'space'?: (_dh_advisor_v1_DirectionSpace);
  'direction'?: (_dh_advisor_v1_Tensor);
  'stepLength'?: (number);
}
