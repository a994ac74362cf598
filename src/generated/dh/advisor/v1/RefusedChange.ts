// Original file: proto/dh/advisor/v1/operator.proto

import type { ChangeOriginInit as _dh_advisor_v1_ChangeOriginInit, ChangeOrigin as _dh_advisor_v1_ChangeOrigin } from '../../../dh/advisor/v1/ChangeOrigin.js';

export interface RefusedChangeInit {
  'atUnixSeconds'?: (number | string);
  'origin'?: (_dh_advisor_v1_ChangeOriginInit | null);
  'what'?: (string);
  'code'?: (string);
  'problem'?: (string);
}

export interface RefusedChange {
  'atUnixSeconds'?: (number);
  'origin'?: (_dh_advisor_v1_ChangeOrigin);
  'what'?: (string);
  'code'?: (string);
  'problem'?: (string);
}
