// Original file: proto/dh/advisor/v1/advice.proto

import type { AdviceHeaderInit as _dh_advisor_v1_AdviceHeaderInit, AdviceHeader as _dh_advisor_v1_AdviceHeader } from '../../../dh/advisor/v1/AdviceHeader.js';
import type { StageInit as _dh_advisor_v1_StageInit, Stage as _dh_advisor_v1_Stage } from '../../../dh/advisor/v1/Stage.js';

export interface PyramidSigmaAdviceInit {
  'header'?: (_dh_advisor_v1_AdviceHeaderInit | null);
  'stages'?: (_dh_advisor_v1_StageInit)[];
}

export interface PyramidSigmaAdvice {
  'header'?: (_dh_advisor_v1_AdviceHeader);
  'stages'?: (_dh_advisor_v1_Stage)[];
}
