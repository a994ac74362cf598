// Original file: proto/dh/advisor/v1/advice.proto

import type { RoleBindingInit as _dh_advisor_v1_RoleBindingInit, RoleBinding as _dh_advisor_v1_RoleBinding } from '../../../dh/advisor/v1/RoleBinding.js';
import type { WantedTensorInit as _dh_advisor_v1_WantedTensorInit, WantedTensor as _dh_advisor_v1_WantedTensor } from '../../../dh/advisor/v1/WantedTensor.js';

export interface AcceptedInit {
  'sessionId'?: (string);
  'resumeToken'?: (Buffer | Uint8Array | string);
  'configurationGeneration'?: (number);
  'arm'?: (string);
  'bindings'?: (_dh_advisor_v1_RoleBindingInit)[];
  'wanted'?: (_dh_advisor_v1_WantedTensorInit)[];
  'isRecording'?: (boolean);
  'resumeTtlMs'?: (number);
  'isTakenOver'?: (boolean);
}

export interface Accepted {
  'sessionId'?: (string);
  'resumeToken'?: (Buffer);
  'configurationGeneration'?: (number);
  'arm'?: (string);
  'bindings'?: (_dh_advisor_v1_RoleBinding)[];
  'wanted'?: (_dh_advisor_v1_WantedTensor)[];
  'isRecording'?: (boolean);
  'resumeTtlMs'?: (number);
  'isTakenOver'?: (boolean);
}
