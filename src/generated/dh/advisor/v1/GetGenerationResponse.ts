// Original file: proto/dh/advisor/v1/operator.proto


export interface GetGenerationResponseInit {
  'text'?: (string);
}

export interface GetGenerationResponse {
  'text'?: (string);
}
