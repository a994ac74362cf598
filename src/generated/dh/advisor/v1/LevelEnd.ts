// Original file: proto/dh/advisor/v1/plan.proto

import type { StopReasonInit as _dh_advisor_v1_StopReasonInit, StopReason as _dh_advisor_v1_StopReason } from '../../../dh/advisor/v1/StopReason.js';

export interface LevelEndInit {
  'level'?: (number);
  'stage'?: (number);
  'stopReason'?: (_dh_advisor_v1_StopReasonInit);
  'iterations'?: (number);
  'valueCalls'?: (number);
  'gradientCalls'?: (number);
  'objective'?: (number | string);
  'elapsedMs'?: (number | string);
}

export interface LevelEnd {
  'level'?: (number);
  'stage'?: (number);
  'stopReason'?: (_dh_advisor_v1_StopReason);
  'iterations'?: (number);
  'valueCalls'?: (number);
  'gradientCalls'?: (number);
  'objective'?: (number);
  'elapsedMs'?: (number);
}
