// Original file: proto/dh/advisor/v1/advice.proto

import type { EarlyStoppingAdviceInit as _dh_advisor_v1_EarlyStoppingAdviceInit, EarlyStoppingAdvice as _dh_advisor_v1_EarlyStoppingAdvice } from '../../../dh/advisor/v1/EarlyStoppingAdvice.js';
import type { StepDirectionAdviceInit as _dh_advisor_v1_StepDirectionAdviceInit, StepDirectionAdvice as _dh_advisor_v1_StepDirectionAdvice } from '../../../dh/advisor/v1/StepDirectionAdvice.js';
import type { AdaptiveVarianceAdviceInit as _dh_advisor_v1_AdaptiveVarianceAdviceInit, AdaptiveVarianceAdvice as _dh_advisor_v1_AdaptiveVarianceAdvice } from '../../../dh/advisor/v1/AdaptiveVarianceAdvice.js';

export interface IterationAdviceInit {
  'level'?: (number);
  'stage'?: (number);
  'iteration'?: (number);
  'earlyStopping'?: (_dh_advisor_v1_EarlyStoppingAdviceInit | null);
  'stepDirection'?: (_dh_advisor_v1_StepDirectionAdviceInit | null);
  'adaptiveVariance'?: (_dh_advisor_v1_AdaptiveVarianceAdviceInit | null);
}

export interface IterationAdvice {
  'level'?: (number);
  'stage'?: (number);
  'iteration'?: (number);
  'earlyStopping'?: (_dh_advisor_v1_EarlyStoppingAdvice);
  'stepDirection'?: (_dh_advisor_v1_StepDirectionAdvice);
  'adaptiveVariance'?: (_dh_advisor_v1_AdaptiveVarianceAdvice);
}
