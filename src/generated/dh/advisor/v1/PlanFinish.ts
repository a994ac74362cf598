// Original file: proto/dh/advisor/v1/plan.proto

import type { StopReasonInit as _dh_advisor_v1_StopReasonInit, StopReason as _dh_advisor_v1_StopReason } from '../../../dh/advisor/v1/StopReason.js';
import type { DoseMetricInit as _dh_advisor_v1_DoseMetricInit, DoseMetric as _dh_advisor_v1_DoseMetric } from '../../../dh/advisor/v1/DoseMetric.js';
import type { TensorInit as _dh_advisor_v1_TensorInit, Tensor as _dh_advisor_v1_Tensor } from '../../../dh/advisor/v1/Tensor.js';
import type { DoseVolumeCurveInit as _dh_advisor_v1_DoseVolumeCurveInit, DoseVolumeCurve as _dh_advisor_v1_DoseVolumeCurve } from '../../../dh/advisor/v1/DoseVolumeCurve.js';
import type { DoseSliceInit as _dh_advisor_v1_DoseSliceInit, DoseSlice as _dh_advisor_v1_DoseSlice } from '../../../dh/advisor/v1/DoseSlice.js';
import type { UnadvisedPlanInit as _dh_advisor_v1_UnadvisedPlanInit, UnadvisedPlan as _dh_advisor_v1_UnadvisedPlan } from '../../../dh/advisor/v1/UnadvisedPlan.js';

export interface PlanFinishInit {
  'stopReason'?: (_dh_advisor_v1_StopReasonInit);
  'iterations'?: (number);
  'valueCalls'?: (number);
  'gradientCalls'?: (number);
  'callEquivalents'?: (number | string);
  'optimizationMs'?: (number | string);
  'adviceWaitMs'?: (number | string);
  'referenceObjective'?: (number | string);
  'metrics'?: (_dh_advisor_v1_DoseMetricInit)[];
  'finalWeights'?: (_dh_advisor_v1_TensorInit | null);
  'curves'?: (_dh_advisor_v1_DoseVolumeCurveInit)[];
  'slices'?: (_dh_advisor_v1_DoseSliceInit)[];
  'unadvised'?: (_dh_advisor_v1_UnadvisedPlanInit | null);
}

export interface PlanFinish {
  'stopReason'?: (_dh_advisor_v1_StopReason);
  'iterations'?: (number);
  'valueCalls'?: (number);
  'gradientCalls'?: (number);
  'callEquivalents'?: (number);
  'optimizationMs'?: (number);
  'adviceWaitMs'?: (number);
  'referenceObjective'?: (number);
  'metrics'?: (_dh_advisor_v1_DoseMetric)[];
  'finalWeights'?: (_dh_advisor_v1_Tensor);
  'curves'?: (_dh_advisor_v1_DoseVolumeCurve)[];
  'slices'?: (_dh_advisor_v1_DoseSlice)[];
  'unadvised'?: (_dh_advisor_v1_UnadvisedPlan);
}
