// Original file: proto/dh/advisor/v1/plan_advisor.proto

import type { PlanStartInit as _dh_advisor_v1_PlanStartInit, PlanStart as _dh_advisor_v1_PlanStart } from '../../../dh/advisor/v1/PlanStart.js';
import type { VolumeChunkInit as _dh_advisor_v1_VolumeChunkInit, VolumeChunk as _dh_advisor_v1_VolumeChunk } from '../../../dh/advisor/v1/VolumeChunk.js';
import type { GeometryInit as _dh_advisor_v1_GeometryInit, Geometry as _dh_advisor_v1_Geometry } from '../../../dh/advisor/v1/Geometry.js';
import type { LevelStartInit as _dh_advisor_v1_LevelStartInit, LevelStart as _dh_advisor_v1_LevelStart } from '../../../dh/advisor/v1/LevelStart.js';
import type { IterationInit as _dh_advisor_v1_IterationInit, Iteration as _dh_advisor_v1_Iteration } from '../../../dh/advisor/v1/Iteration.js';
import type { LevelEndInit as _dh_advisor_v1_LevelEndInit, LevelEnd as _dh_advisor_v1_LevelEnd } from '../../../dh/advisor/v1/LevelEnd.js';
import type { PlanFinishInit as _dh_advisor_v1_PlanFinishInit, PlanFinish as _dh_advisor_v1_PlanFinish } from '../../../dh/advisor/v1/PlanFinish.js';
import type { AdviceReceiptInit as _dh_advisor_v1_AdviceReceiptInit, AdviceReceipt as _dh_advisor_v1_AdviceReceipt } from '../../../dh/advisor/v1/AdviceReceipt.js';

export interface OptimizerEventInit {
  'start'?: (_dh_advisor_v1_PlanStartInit | null);
  'volumeChunk'?: (_dh_advisor_v1_VolumeChunkInit | null);
  'geometry'?: (_dh_advisor_v1_GeometryInit | null);
  'levelStart'?: (_dh_advisor_v1_LevelStartInit | null);
  'iteration'?: (_dh_advisor_v1_IterationInit | null);
  'levelEnd'?: (_dh_advisor_v1_LevelEndInit | null);
  'finish'?: (_dh_advisor_v1_PlanFinishInit | null);
  'receipts'?: (_dh_advisor_v1_AdviceReceiptInit)[];
  'event'?: "start"|"volumeChunk"|"geometry"|"levelStart"|"iteration"|"levelEnd"|"finish";
}

export interface OptimizerEvent {
  'start'?: (_dh_advisor_v1_PlanStart);
  'volumeChunk'?: (_dh_advisor_v1_VolumeChunk);
  'geometry'?: (_dh_advisor_v1_Geometry);
  'levelStart'?: (_dh_advisor_v1_LevelStart);
  'iteration'?: (_dh_advisor_v1_Iteration);
  'levelEnd'?: (_dh_advisor_v1_LevelEnd);
  'finish'?: (_dh_advisor_v1_PlanFinish);
  'receipts'?: (_dh_advisor_v1_AdviceReceipt)[];
}
