// Original file: proto/dh/advisor/v1/plan.proto


export interface BeamInit {
  'gantryDeg'?: (number | string);
  'couchDeg'?: (number | string);
  'columns'?: (number);
  'rows'?: (number);
  'columnWidthMm'?: (number | string);
  'rowHeightMm'?: (number | string);
}

export interface Beam {
  'gantryDeg'?: (number);
  'couchDeg'?: (number);
  'columns'?: (number);
  'rows'?: (number);
  'columnWidthMm'?: (number);
  'rowHeightMm'?: (number);
}
