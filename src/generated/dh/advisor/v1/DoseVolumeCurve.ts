// Original file: proto/dh/advisor/v1/plan.proto

import type { DoseVolumePointInit as _dh_advisor_v1_DoseVolumePointInit, DoseVolumePoint as _dh_advisor_v1_DoseVolumePoint } from '../../../dh/advisor/v1/DoseVolumePoint.js';

export interface DoseVolumeCurveInit {
  'structure'?: (number);
  'points'?: (_dh_advisor_v1_DoseVolumePointInit)[];
}

export interface DoseVolumeCurve {
  'structure'?: (number);
  'points'?: (_dh_advisor_v1_DoseVolumePoint)[];
}
