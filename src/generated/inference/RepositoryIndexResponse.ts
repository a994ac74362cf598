// Original file: proto/inference/open_inference.proto


export interface _inference_RepositoryIndexResponse_ModelIndexInit {
  'name'?: (string);
  'version'?: (string);
  'state'?: (string);
  'reason'?: (string);
}

export interface _inference_RepositoryIndexResponse_ModelIndex {
  'name'?: (string);
  'version'?: (string);
  'state'?: (string);
  'reason'?: (string);
}

export interface RepositoryIndexResponseInit {
  'models'?: (_inference_RepositoryIndexResponse_ModelIndexInit)[];
}

export interface RepositoryIndexResponse {
  'models'?: (_inference_RepositoryIndexResponse_ModelIndex)[];
}
