// Original file: proto/inference/open_inference.proto


export interface RepositoryIndexRequestInit {
  'repositoryName'?: (string);
  'ready'?: (boolean);
}

export interface RepositoryIndexRequest {
  'repositoryName'?: (string);
  'ready'?: (boolean);
}
