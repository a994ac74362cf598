// Original file: proto/dh/advisor/v1/operator.proto

import type { SettingDifferenceInit as _dh_advisor_v1_SettingDifferenceInit, SettingDifference as _dh_advisor_v1_SettingDifference } from '../../../dh/advisor/v1/SettingDifference.js';

export interface ChangeConfigurationResponseInit {
  'generation'?: (number);
  'isApplied'?: (boolean);
  'differences'?: (_dh_advisor_v1_SettingDifferenceInit)[];
  'needsRestart'?: (string)[];
}

export interface ChangeConfigurationResponse {
  'generation'?: (number);
  'isApplied'?: (boolean);
  'differences'?: (_dh_advisor_v1_SettingDifference)[];
  'needsRestart'?: (string)[];
}
