// Original file: proto/dh/advisor/v1/plan.proto

import type { StructureGeometryInit as _dh_advisor_v1_StructureGeometryInit, StructureGeometry as _dh_advisor_v1_StructureGeometry } from '../../../dh/advisor/v1/StructureGeometry.js';
import type { NamedTensorInit as _dh_advisor_v1_NamedTensorInit, NamedTensor as _dh_advisor_v1_NamedTensor } from '../../../dh/advisor/v1/NamedTensor.js';

export interface GeometryInit {
  'structures'?: (_dh_advisor_v1_StructureGeometryInit)[];
  'tensors'?: (_dh_advisor_v1_NamedTensorInit)[];
}

export interface Geometry {
  'structures'?: (_dh_advisor_v1_StructureGeometry)[];
  'tensors'?: (_dh_advisor_v1_NamedTensor)[];
}
