// Original file: proto/inference/open_inference.proto


export interface ModelReadyRequestInit {
  'name'?: (string);
  'version'?: (string);
}

export interface ModelReadyRequest {
  'name'?: (string);
  'version'?: (string);
}
