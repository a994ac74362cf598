// Original file: proto/dh/advisor/v1/operator.proto

import type { ChangeOriginInit as _dh_advisor_v1_ChangeOriginInit, ChangeOrigin as _dh_advisor_v1_ChangeOrigin } from '../../../dh/advisor/v1/ChangeOrigin.js';
import type { SettingDifferenceInit as _dh_advisor_v1_SettingDifferenceInit, SettingDifference as _dh_advisor_v1_SettingDifference } from '../../../dh/advisor/v1/SettingDifference.js';

export interface GenerationInit {
  'generation'?: (number);
  'atUnixSeconds'?: (number | string);
  'origin'?: (_dh_advisor_v1_ChangeOriginInit | null);
  'what'?: (string);
  'differences'?: (_dh_advisor_v1_SettingDifferenceInit)[];
}

export interface Generation {
  'generation'?: (number);
  'atUnixSeconds'?: (number);
  'origin'?: (_dh_advisor_v1_ChangeOrigin);
  'what'?: (string);
  'differences'?: (_dh_advisor_v1_SettingDifference)[];
}
