// Original file: proto/dh/advisor/v1/advice.proto


export interface StageInit {
  'level'?: (number);
  'histogramSigmaGy'?: (number | string);
  'iterationLimit'?: (number);
}

export interface Stage {
  'level'?: (number);
  'histogramSigmaGy'?: (number);
  'iterationLimit'?: (number);
}
