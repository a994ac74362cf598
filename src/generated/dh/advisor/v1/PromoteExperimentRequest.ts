// Original file: proto/dh/advisor/v1/operator.proto

import type { ChangeOriginInit as _dh_advisor_v1_ChangeOriginInit, ChangeOrigin as _dh_advisor_v1_ChangeOrigin } from '../../../dh/advisor/v1/ChangeOrigin.js';

export interface PromoteExperimentRequestInit {
  'experiment'?: (string);
  'arm'?: (string);
  'label'?: (string);
  'origin'?: (_dh_advisor_v1_ChangeOriginInit | null);
  'overrideDecision'?: (boolean);
  'dryRun'?: (boolean);
  '_label'?: "label";
}

export interface PromoteExperimentRequest {
  'experiment'?: (string);
  'arm'?: (string);
  'label'?: (string);
  'origin'?: (_dh_advisor_v1_ChangeOrigin);
  'overrideDecision'?: (boolean);
  'dryRun'?: (boolean);
}
