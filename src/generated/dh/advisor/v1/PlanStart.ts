// Original file: proto/dh/advisor/v1/plan.proto

import type { ProtocolVersionInit as _dh_advisor_v1_ProtocolVersionInit, ProtocolVersion as _dh_advisor_v1_ProtocolVersion } from '../../../dh/advisor/v1/ProtocolVersion.js';
import type { SolverInit as _dh_advisor_v1_SolverInit, Solver as _dh_advisor_v1_Solver } from '../../../dh/advisor/v1/Solver.js';
import type { AdviceModeInit as _dh_advisor_v1_AdviceModeInit, AdviceMode as _dh_advisor_v1_AdviceMode } from '../../../dh/advisor/v1/AdviceMode.js';
import type { StructureInit as _dh_advisor_v1_StructureInit, Structure as _dh_advisor_v1_Structure } from '../../../dh/advisor/v1/Structure.js';
import type { BeamInit as _dh_advisor_v1_BeamInit, Beam as _dh_advisor_v1_Beam } from '../../../dh/advisor/v1/Beam.js';
import type { LevelPlanInit as _dh_advisor_v1_LevelPlanInit, LevelPlan as _dh_advisor_v1_LevelPlan } from '../../../dh/advisor/v1/LevelPlan.js';
import type { RoleInit as _dh_advisor_v1_RoleInit, Role as _dh_advisor_v1_Role } from '../../../dh/advisor/v1/Role.js';
import type { TensorKindInit as _dh_advisor_v1_TensorKindInit, TensorKind as _dh_advisor_v1_TensorKind } from '../../../dh/advisor/v1/TensorKind.js';
import type { SelfCheckInit as _dh_advisor_v1_SelfCheckInit, SelfCheck as _dh_advisor_v1_SelfCheck } from '../../../dh/advisor/v1/SelfCheck.js';
import type { QualityInit as _dh_advisor_v1_QualityInit, Quality as _dh_advisor_v1_Quality } from '../../../dh/advisor/v1/Quality.js';

export interface PlanStartInit {
  'protocol'?: (_dh_advisor_v1_ProtocolVersionInit | null);
  'client'?: (string);
  'planKey'?: (string);
  'patientKey'?: (string);
  'solver'?: (_dh_advisor_v1_SolverInit);
  'adviceMode'?: (_dh_advisor_v1_AdviceModeInit);
  'mayRecord'?: (boolean);
  'structures'?: (_dh_advisor_v1_StructureInit)[];
  'beams'?: (_dh_advisor_v1_BeamInit)[];
  'weightCeiling'?: (number | string);
  'weightSteepness'?: (number | string);
  'levels'?: (_dh_advisor_v1_LevelPlanInit)[];
  'accepts'?: (_dh_advisor_v1_RoleInit)[];
  'offers'?: (_dh_advisor_v1_TensorKindInit)[];
  'resumeToken'?: (Buffer | Uint8Array | string);
  'selfChecks'?: (_dh_advisor_v1_SelfCheckInit)[];
  'solverName'?: (string);
  'quality'?: (_dh_advisor_v1_QualityInit);
  'label'?: (string);
}

export interface PlanStart {
  'protocol'?: (_dh_advisor_v1_ProtocolVersion);
  'client'?: (string);
  'planKey'?: (string);
  'patientKey'?: (string);
  'solver'?: (_dh_advisor_v1_Solver);
  'adviceMode'?: (_dh_advisor_v1_AdviceMode);
  'mayRecord'?: (boolean);
  'structures'?: (_dh_advisor_v1_Structure)[];
  'beams'?: (_dh_advisor_v1_Beam)[];
  'weightCeiling'?: (number);
  'weightSteepness'?: (number);
  'levels'?: (_dh_advisor_v1_LevelPlan)[];
  'accepts'?: (_dh_advisor_v1_Role)[];
  'offers'?: (_dh_advisor_v1_TensorKind)[];
  'resumeToken'?: (Buffer);
  'selfChecks'?: (_dh_advisor_v1_SelfCheck)[];
  'solverName'?: (string);
  'quality'?: (_dh_advisor_v1_Quality);
  'label'?: (string);
}
