// Original file: proto/inference/open_inference.proto


export interface ServerReadyResponseInit {
  'ready'?: (boolean);
}

export interface ServerReadyResponse {
  'ready'?: (boolean);
}
