// Original file: proto/dh/advisor/v1/advice.proto


export interface StructureSigmaInit {
  'structure'?: (number);
  'histogramSigmaGy'?: (number | string);
}

export interface StructureSigma {
  'structure'?: (number);
  'histogramSigmaGy'?: (number);
}
