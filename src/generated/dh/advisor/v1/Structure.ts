// Original file: proto/dh/advisor/v1/plan.proto

import type { StructureRoleInit as _dh_advisor_v1_StructureRoleInit, StructureRole as _dh_advisor_v1_StructureRole } from '../../../dh/advisor/v1/StructureRole.js';
import type { DoseVolumePointInit as _dh_advisor_v1_DoseVolumePointInit, DoseVolumePoint as _dh_advisor_v1_DoseVolumePoint } from '../../../dh/advisor/v1/DoseVolumePoint.js';

export interface StructureInit {
  'name'?: (string);
  'tg263Name'?: (string);
  'role'?: (_dh_advisor_v1_StructureRoleInit);
  'volumeCc'?: (number | string);
  'voxelCount'?: (number);
  'objectiveWeight'?: (number | string);
  'prescription'?: (_dh_advisor_v1_DoseVolumePointInit)[];
  'prescribedDoseGy'?: (number | string);
  'bit'?: (number);
  '_prescribedDoseGy'?: "prescribedDoseGy";
}

export interface Structure {
  'name'?: (string);
  'tg263Name'?: (string);
  'role'?: (_dh_advisor_v1_StructureRole);
  'volumeCc'?: (number);
  'voxelCount'?: (number);
  'objectiveWeight'?: (number);
  'prescription'?: (_dh_advisor_v1_DoseVolumePoint)[];
  'prescribedDoseGy'?: (number);
  'bit'?: (number);
}
