// Original file: proto/dh/advisor/v1/plan.proto

import type { DoseMetricInit as _dh_advisor_v1_DoseMetricInit, DoseMetric as _dh_advisor_v1_DoseMetric } from '../../../dh/advisor/v1/DoseMetric.js';
import type { DoseVolumeCurveInit as _dh_advisor_v1_DoseVolumeCurveInit, DoseVolumeCurve as _dh_advisor_v1_DoseVolumeCurve } from '../../../dh/advisor/v1/DoseVolumeCurve.js';

export interface UnadvisedPlanInit {
  'referenceObjective'?: (number | string);
  'callEquivalents'?: (number | string);
  'metrics'?: (_dh_advisor_v1_DoseMetricInit)[];
  'curves'?: (_dh_advisor_v1_DoseVolumeCurveInit)[];
}

export interface UnadvisedPlan {
  'referenceObjective'?: (number);
  'callEquivalents'?: (number);
  'metrics'?: (_dh_advisor_v1_DoseMetric)[];
  'curves'?: (_dh_advisor_v1_DoseVolumeCurve)[];
}
