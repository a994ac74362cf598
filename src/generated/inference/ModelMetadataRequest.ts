// Original file: proto/inference/open_inference.proto


export interface ModelMetadataRequestInit {
  'name'?: (string);
  'version'?: (string);
}

export interface ModelMetadataRequest {
  'name'?: (string);
  'version'?: (string);
}
