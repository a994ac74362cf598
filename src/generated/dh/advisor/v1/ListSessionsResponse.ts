// Original file: proto/dh/advisor/v1/operator.proto

import type { SessionStatusInit as _dh_advisor_v1_SessionStatusInit, SessionStatus as _dh_advisor_v1_SessionStatus } from '../../../dh/advisor/v1/SessionStatus.js';

export interface ListSessionsResponseInit {
  'sessions'?: (_dh_advisor_v1_SessionStatusInit)[];
}

export interface ListSessionsResponse {
  'sessions'?: (_dh_advisor_v1_SessionStatus)[];
}
