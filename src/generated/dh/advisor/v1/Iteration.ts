// Original file: proto/dh/advisor/v1/plan.proto

import type { NamedTensorInit as _dh_advisor_v1_NamedTensorInit, NamedTensor as _dh_advisor_v1_NamedTensor } from '../../../dh/advisor/v1/NamedTensor.js';

export interface IterationInit {
  'level'?: (number);
  'stage'?: (number);
  'iteration'?: (number);
  'objective'?: (number | string);
  'gradientNorm'?: (number | string);
  'stepLength'?: (number | string);
  'valueCalls'?: (number);
  'gradientCalls'?: (number);
  'elapsedMs'?: (number | string);
  'tensors'?: (_dh_advisor_v1_NamedTensorInit)[];
}

export interface Iteration {
  'level'?: (number);
  'stage'?: (number);
  'iteration'?: (number);
  'objective'?: (number);
  'gradientNorm'?: (number);
  'stepLength'?: (number);
  'valueCalls'?: (number);
  'gradientCalls'?: (number);
  'elapsedMs'?: (number);
  'tensors'?: (_dh_advisor_v1_NamedTensor)[];
}
