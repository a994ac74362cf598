// Original file: proto/dh/advisor/v1/advice.proto

import type { AdviceHeaderInit as _dh_advisor_v1_AdviceHeaderInit, AdviceHeader as _dh_advisor_v1_AdviceHeader } from '../../../dh/advisor/v1/AdviceHeader.js';
import type { StructureSigmaInit as _dh_advisor_v1_StructureSigmaInit, StructureSigma as _dh_advisor_v1_StructureSigma } from '../../../dh/advisor/v1/StructureSigma.js';

export interface HistogramSigmaAdviceInit {
  'header'?: (_dh_advisor_v1_AdviceHeaderInit | null);
  'structures'?: (_dh_advisor_v1_StructureSigmaInit)[];
}

export interface HistogramSigmaAdvice {
  'header'?: (_dh_advisor_v1_AdviceHeader);
  'structures'?: (_dh_advisor_v1_StructureSigma)[];
}
