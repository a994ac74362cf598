// Original file: proto/dh/advisor/v1/operator.proto


export interface GetGenerationRequestInit {
  'generation'?: (number);
}

export interface GetGenerationRequest {
  'generation'?: (number);
}
