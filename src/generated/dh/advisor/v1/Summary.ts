// Original file: proto/dh/advisor/v1/advice.proto

import type { OutcomeCountInit as _dh_advisor_v1_OutcomeCountInit, OutcomeCount as _dh_advisor_v1_OutcomeCount } from '../../../dh/advisor/v1/OutcomeCount.js';
import type { VerdictCountInit as _dh_advisor_v1_VerdictCountInit, VerdictCount as _dh_advisor_v1_VerdictCount } from '../../../dh/advisor/v1/VerdictCount.js';
import type { ProvenanceInit as _dh_advisor_v1_ProvenanceInit, Provenance as _dh_advisor_v1_Provenance } from '../../../dh/advisor/v1/Provenance.js';

export interface SummaryInit {
  'outcomes'?: (_dh_advisor_v1_OutcomeCountInit)[];
  'verdicts'?: (_dh_advisor_v1_VerdictCountInit)[];
  'hostMs'?: (number | string);
  'outcomeKept'?: (boolean);
  'provenance'?: (_dh_advisor_v1_ProvenanceInit | null);
}

export interface Summary {
  'outcomes'?: (_dh_advisor_v1_OutcomeCount)[];
  'verdicts'?: (_dh_advisor_v1_VerdictCount)[];
  'hostMs'?: (number);
  'outcomeKept'?: (boolean);
  'provenance'?: (_dh_advisor_v1_Provenance);
}
