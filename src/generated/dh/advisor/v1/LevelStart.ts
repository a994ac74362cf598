// Original file: proto/dh/advisor/v1/plan.proto

import type { NamedTensorInit as _dh_advisor_v1_NamedTensorInit, NamedTensor as _dh_advisor_v1_NamedTensor } from '../../../dh/advisor/v1/NamedTensor.js';

export interface LevelStartInit {
  'level'?: (number);
  'stage'?: (number);
  'beamletCount'?: (number);
  'histogramSigmaGy'?: (number | string);
  'varianceLowerGy2'?: (number | string);
  'varianceUpperGy2'?: (number | string);
  'objective'?: (number | string);
  'tensors'?: (_dh_advisor_v1_NamedTensorInit)[];
}

export interface LevelStart {
  'level'?: (number);
  'stage'?: (number);
  'beamletCount'?: (number);
  'histogramSigmaGy'?: (number);
  'varianceLowerGy2'?: (number);
  'varianceUpperGy2'?: (number);
  'objective'?: (number);
  'tensors'?: (_dh_advisor_v1_NamedTensor)[];
}
