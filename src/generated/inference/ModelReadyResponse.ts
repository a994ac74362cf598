// Original file: proto/inference/open_inference.proto


export interface ModelReadyResponseInit {
  'ready'?: (boolean);
}

export interface ModelReadyResponse {
  'ready'?: (boolean);
}
