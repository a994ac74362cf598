// Original file: proto/dh/advisor/v1/advice.proto

import type { AdviceHeaderInit as _dh_advisor_v1_AdviceHeaderInit, AdviceHeader as _dh_advisor_v1_AdviceHeader } from '../../../dh/advisor/v1/AdviceHeader.js';
import type { StopDecisionInit as _dh_advisor_v1_StopDecisionInit, StopDecision as _dh_advisor_v1_StopDecision } from '../../../dh/advisor/v1/StopDecision.js';

export interface EarlyStoppingAdviceInit {
  'header'?: (_dh_advisor_v1_AdviceHeaderInit | null);
  'decision'?: (_dh_advisor_v1_StopDecisionInit);
  'explanation'?: (string);
  'predictedFinalObjective'?: (number | string);
  'predictedStandardDeviation'?: (number | string);
  '_predictedFinalObjective'?: "predictedFinalObjective";
  '_predictedStandardDeviation'?: "predictedStandardDeviation";
}

export interface EarlyStoppingAdvice {
  'header'?: (_dh_advisor_v1_AdviceHeader);
  'decision'?: (_dh_advisor_v1_StopDecision);
  'explanation'?: (string);
  'predictedFinalObjective'?: (number);
  'predictedStandardDeviation'?: (number);
}
