// Original file: proto/dh/advisor/v1/plan.proto


export interface DoseVolumePointInit {
  'doseGy'?: (number | string);
  'volumeFraction'?: (number | string);
}

export interface DoseVolumePoint {
  'doseGy'?: (number);
  'volumeFraction'?: (number);
}
