// Original file: proto/inference/open_inference.proto

import type { InferParameterInit as _inference_InferParameterInit, InferParameter as _inference_InferParameter } from '../inference/InferParameter.js';
import type { InferTensorContentsInit as _inference_InferTensorContentsInit, InferTensorContents as _inference_InferTensorContents } from '../inference/InferTensorContents.js';
import type { Long } from '@grpc/proto-loader';

export interface _inference_ModelInferResponse_InferOutputTensorInit {
  'name'?: (string);
  'datatype'?: (string);
  'shape'?: (number | string | Long)[];
  'parameters'?: ({[key: string]: _inference_InferParameterInit});
  'contents'?: (_inference_InferTensorContentsInit | null);
}

export interface _inference_ModelInferResponse_InferOutputTensor {
  'name'?: (string);
  'datatype'?: (string);
  'shape'?: (number)[];
  'parameters'?: ({[key: string]: _inference_InferParameter});
  'contents'?: (_inference_InferTensorContents);
}

export interface ModelInferResponseInit {
  'modelName'?: (string);
  'modelVersion'?: (string);
  'id'?: (string);
  'parameters'?: ({[key: string]: _inference_InferParameterInit});
  'outputs'?: (_inference_ModelInferResponse_InferOutputTensorInit)[];
  'rawOutputContents'?: (Buffer | Uint8Array | string)[];
}

export interface ModelInferResponse {
  'modelName'?: (string);
  'modelVersion'?: (string);
  'id'?: (string);
  'parameters'?: ({[key: string]: _inference_InferParameter});
  'outputs'?: (_inference_ModelInferResponse_InferOutputTensor)[];
  'rawOutputContents'?: (Buffer)[];
}
