// Original file: proto/dh/advisor/v1/operator.proto


export interface ReleaseExperimentResponseInit {
  'state'?: (string);
  'reason'?: (string);
}

export interface ReleaseExperimentResponse {
  'state'?: (string);
  'reason'?: (string);
}
