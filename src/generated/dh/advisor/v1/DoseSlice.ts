// Original file: proto/dh/advisor/v1/plan.proto

import type { PlaneInit as _dh_advisor_v1_PlaneInit, Plane as _dh_advisor_v1_Plane } from '../../../dh/advisor/v1/Plane.js';
import type { TensorInit as _dh_advisor_v1_TensorInit, Tensor as _dh_advisor_v1_Tensor } from '../../../dh/advisor/v1/Tensor.js';

export interface DoseSliceInit {
  'plane'?: (_dh_advisor_v1_PlaneInit);
  'doseGy'?: (_dh_advisor_v1_TensorInit | null);
  'rowSpacingMm'?: (number | string);
  'columnSpacingMm'?: (number | string);
}

export interface DoseSlice {
  'plane'?: (_dh_advisor_v1_Plane);
  'doseGy'?: (_dh_advisor_v1_Tensor);
  'rowSpacingMm'?: (number);
  'columnSpacingMm'?: (number);
}
