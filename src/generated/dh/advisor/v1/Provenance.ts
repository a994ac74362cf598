// Original file: proto/dh/advisor/v1/advice.proto

import type { RoleBindingInit as _dh_advisor_v1_RoleBindingInit, RoleBinding as _dh_advisor_v1_RoleBinding } from '../../../dh/advisor/v1/RoleBinding.js';
import type { QualityInit as _dh_advisor_v1_QualityInit, Quality as _dh_advisor_v1_Quality } from '../../../dh/advisor/v1/Quality.js';

export interface ProvenanceInit {
  'host'?: (string);
  'sessionId'?: (string);
  'configurationGeneration'?: (number);
  'arm'?: (string);
  'bindings'?: (_dh_advisor_v1_RoleBindingInit)[];
  'quality'?: (_dh_advisor_v1_QualityInit);
  'resumptions'?: (number);
  'answers'?: (number);
  'journalSha256'?: (string);
}

export interface Provenance {
  'host'?: (string);
  'sessionId'?: (string);
  'configurationGeneration'?: (number);
  'arm'?: (string);
  'bindings'?: (_dh_advisor_v1_RoleBinding)[];
  'quality'?: (_dh_advisor_v1_Quality);
  'resumptions'?: (number);
  'answers'?: (number);
  'journalSha256'?: (string);
}
