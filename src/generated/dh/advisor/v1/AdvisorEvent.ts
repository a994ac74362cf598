// Original file: proto/dh/advisor/v1/plan_advisor.proto

import type { AcceptedInit as _dh_advisor_v1_AcceptedInit, Accepted as _dh_advisor_v1_Accepted } from '../../../dh/advisor/v1/Accepted.js';
import type { GeometryAdviceInit as _dh_advisor_v1_GeometryAdviceInit, GeometryAdvice as _dh_advisor_v1_GeometryAdvice } from '../../../dh/advisor/v1/GeometryAdvice.js';
import type { LevelAdviceInit as _dh_advisor_v1_LevelAdviceInit, LevelAdvice as _dh_advisor_v1_LevelAdvice } from '../../../dh/advisor/v1/LevelAdvice.js';
import type { IterationAdviceInit as _dh_advisor_v1_IterationAdviceInit, IterationAdvice as _dh_advisor_v1_IterationAdvice } from '../../../dh/advisor/v1/IterationAdvice.js';
import type { SummaryInit as _dh_advisor_v1_SummaryInit, Summary as _dh_advisor_v1_Summary } from '../../../dh/advisor/v1/Summary.js';
import type { NoticeInit as _dh_advisor_v1_NoticeInit, Notice as _dh_advisor_v1_Notice } from '../../../dh/advisor/v1/Notice.js';

export interface AdvisorEventInit {
  'accepted'?: (_dh_advisor_v1_AcceptedInit | null);
  'geometry'?: (_dh_advisor_v1_GeometryAdviceInit | null);
  'level'?: (_dh_advisor_v1_LevelAdviceInit | null);
  'iteration'?: (_dh_advisor_v1_IterationAdviceInit | null);
  'summary'?: (_dh_advisor_v1_SummaryInit | null);
  'notice'?: (_dh_advisor_v1_NoticeInit | null);
  'event'?: "accepted"|"geometry"|"level"|"iteration"|"summary"|"notice";
}

export interface AdvisorEvent {
  'accepted'?: (_dh_advisor_v1_Accepted);
  'geometry'?: (_dh_advisor_v1_GeometryAdvice);
  'level'?: (_dh_advisor_v1_LevelAdvice);
  'iteration'?: (_dh_advisor_v1_IterationAdvice);
  'summary'?: (_dh_advisor_v1_Summary);
  'notice'?: (_dh_advisor_v1_Notice);
}
