// Original file: proto/dh/advisor/v1/operator.proto

import type { GenerationInit as _dh_advisor_v1_GenerationInit, Generation as _dh_advisor_v1_Generation } from '../../../dh/advisor/v1/Generation.js';
import type { RefusedChangeInit as _dh_advisor_v1_RefusedChangeInit, RefusedChange as _dh_advisor_v1_RefusedChange } from '../../../dh/advisor/v1/RefusedChange.js';

export interface ListGenerationsResponseInit {
  'generations'?: (_dh_advisor_v1_GenerationInit)[];
  'refusals'?: (_dh_advisor_v1_RefusedChangeInit)[];
}

export interface ListGenerationsResponse {
  'generations'?: (_dh_advisor_v1_Generation)[];
  'refusals'?: (_dh_advisor_v1_RefusedChange)[];
}
