// Original file: proto/dh/advisor/v1/plan.proto

import type { SelfCheckOutcomeInit as _dh_advisor_v1_SelfCheckOutcomeInit, SelfCheckOutcome as _dh_advisor_v1_SelfCheckOutcome } from '../../../dh/advisor/v1/SelfCheckOutcome.js';

export interface SelfCheckInit {
  'outcome'?: (_dh_advisor_v1_SelfCheckOutcomeInit);
  'field'?: (string);
  'finding'?: (string);
}

export interface SelfCheck {
  'outcome'?: (_dh_advisor_v1_SelfCheckOutcome);
  'field'?: (string);
  'finding'?: (string);
}
