// Original file: proto/dh/advisor/v1/operator.proto

import type { ChangeOriginInit as _dh_advisor_v1_ChangeOriginInit, ChangeOrigin as _dh_advisor_v1_ChangeOrigin } from '../../../dh/advisor/v1/ChangeOrigin.js';

export interface ReleaseExperimentRequestInit {
  'experiment'?: (string);
  'origin'?: (_dh_advisor_v1_ChangeOriginInit | null);
}

export interface ReleaseExperimentRequest {
  'experiment'?: (string);
  'origin'?: (_dh_advisor_v1_ChangeOrigin);
}
