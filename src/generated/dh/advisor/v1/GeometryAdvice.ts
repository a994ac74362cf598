// Original file: proto/dh/advisor/v1/advice.proto

import type { HistogramSigmaAdviceInit as _dh_advisor_v1_HistogramSigmaAdviceInit, HistogramSigmaAdvice as _dh_advisor_v1_HistogramSigmaAdvice } from '../../../dh/advisor/v1/HistogramSigmaAdvice.js';
import type { PyramidSigmaAdviceInit as _dh_advisor_v1_PyramidSigmaAdviceInit, PyramidSigmaAdvice as _dh_advisor_v1_PyramidSigmaAdvice } from '../../../dh/advisor/v1/PyramidSigmaAdvice.js';

export interface GeometryAdviceInit {
  'histogramSigma'?: (_dh_advisor_v1_HistogramSigmaAdviceInit | null);
  'pyramidSigma'?: (_dh_advisor_v1_PyramidSigmaAdviceInit | null);
}

export interface GeometryAdvice {
  'histogramSigma'?: (_dh_advisor_v1_HistogramSigmaAdvice);
  'pyramidSigma'?: (_dh_advisor_v1_PyramidSigmaAdvice);
}
