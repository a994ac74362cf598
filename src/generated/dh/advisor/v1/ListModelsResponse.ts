// Original file: proto/dh/advisor/v1/operator.proto

import type { ModelStatusInit as _dh_advisor_v1_ModelStatusInit, ModelStatus as _dh_advisor_v1_ModelStatus } from '../../../dh/advisor/v1/ModelStatus.js';

export interface ListModelsResponseInit {
  'models'?: (_dh_advisor_v1_ModelStatusInit)[];
}

export interface ListModelsResponse {
  'models'?: (_dh_advisor_v1_ModelStatus)[];
}
