// Original file: proto/dh/advisor/v1/operator.proto


export interface ListGenerationsRequestInit {
  'limit'?: (number);
}

export interface ListGenerationsRequest {
  'limit'?: (number);
}
