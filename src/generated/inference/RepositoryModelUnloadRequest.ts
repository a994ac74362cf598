// Original file: proto/inference/open_inference.proto

import type { ModelRepositoryParameterInit as _inference_ModelRepositoryParameterInit, ModelRepositoryParameter as _inference_ModelRepositoryParameter } from '../inference/ModelRepositoryParameter.js';

export interface RepositoryModelUnloadRequestInit {
  'repositoryName'?: (string);
  'modelName'?: (string);
  'parameters'?: ({[key: string]: _inference_ModelRepositoryParameterInit});
}

export interface RepositoryModelUnloadRequest {
  'repositoryName'?: (string);
  'modelName'?: (string);
  'parameters'?: ({[key: string]: _inference_ModelRepositoryParameter});
}
