// Original file: proto/dh/advisor/v1/plan.proto


export interface LevelPlanInit {
  'level'?: (number);
  'beamletCount'?: (number);
  'histogramSigmaGy'?: (number | string);
  'varianceLowerGy2'?: (number | string);
  'varianceUpperGy2'?: (number | string);
  'iterationLimit'?: (number);
  'tolerance'?: (number | string);
}

export interface LevelPlan {
  'level'?: (number);
  'beamletCount'?: (number);
  'histogramSigmaGy'?: (number);
  'varianceLowerGy2'?: (number);
  'varianceUpperGy2'?: (number);
  'iterationLimit'?: (number);
  'tolerance'?: (number);
}
