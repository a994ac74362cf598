// Original file: proto/inference/open_inference.proto


export interface ServerLiveResponseInit {
  'live'?: (boolean);
}

export interface ServerLiveResponse {
  'live'?: (boolean);
}
