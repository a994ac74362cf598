// Original file: proto/dh/advisor/v1/operator.proto

import type { LabelModelInit as _dh_advisor_v1_LabelModelInit, LabelModel as _dh_advisor_v1_LabelModel } from '../../../dh/advisor/v1/LabelModel.js';

export interface PromoteExperimentResponseInit {
  'state'?: (string);
  'reason'?: (string);
  'decision'?: (string);
  'decisionReason'?: (string);
  'overridden'?: (boolean);
  'applied'?: (boolean);
  'moves'?: (_dh_advisor_v1_LabelModelInit)[];
}

export interface PromoteExperimentResponse {
  'state'?: (string);
  'reason'?: (string);
  'decision'?: (string);
  'decisionReason'?: (string);
  'overridden'?: (boolean);
  'applied'?: (boolean);
  'moves'?: (_dh_advisor_v1_LabelModel)[];
}
