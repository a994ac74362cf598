// Original file: proto/dh/advisor/v1/advice.proto

import type { InitializationAdviceInit as _dh_advisor_v1_InitializationAdviceInit, InitializationAdvice as _dh_advisor_v1_InitializationAdvice } from '../../../dh/advisor/v1/InitializationAdvice.js';
import type { AdaptiveVarianceAdviceInit as _dh_advisor_v1_AdaptiveVarianceAdviceInit, AdaptiveVarianceAdvice as _dh_advisor_v1_AdaptiveVarianceAdvice } from '../../../dh/advisor/v1/AdaptiveVarianceAdvice.js';

export interface LevelAdviceInit {
  'level'?: (number);
  'stage'?: (number);
  'initialization'?: (_dh_advisor_v1_InitializationAdviceInit | null);
  'adaptiveVariance'?: (_dh_advisor_v1_AdaptiveVarianceAdviceInit | null);
}

export interface LevelAdvice {
  'level'?: (number);
  'stage'?: (number);
  'initialization'?: (_dh_advisor_v1_InitializationAdvice);
  'adaptiveVariance'?: (_dh_advisor_v1_AdaptiveVarianceAdvice);
}
