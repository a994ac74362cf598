// Original file: proto/dh/advisor/v1/operator.proto


export interface PromoteExperimentResponseInit {
  'state'?: (string);
  'reason'?: (string);
}

export interface PromoteExperimentResponse {
  'state'?: (string);
  'reason'?: (string);
}
