// Original file: proto/dh/advisor/v1/plan.proto


export interface StructureGeometryInit {
  'structure'?: (number);
  'sphericity'?: (number | string);
  'doseGradientGyPerMm'?: (number | string);
  'targetDistanceMm'?: (number | string);
}

export interface StructureGeometry {
  'structure'?: (number);
  'sphericity'?: (number);
  'doseGradientGyPerMm'?: (number);
  'targetDistanceMm'?: (number);
}
