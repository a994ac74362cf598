// Original file: proto/inference/open_inference.proto

import type { InferParameterInit as _inference_InferParameterInit, InferParameter as _inference_InferParameter } from '../inference/InferParameter.js';
import type { InferTensorContentsInit as _inference_InferTensorContentsInit, InferTensorContents as _inference_InferTensorContents } from '../inference/InferTensorContents.js';
import type { Long } from '@grpc/proto-loader';

export interface _inference_ModelInferRequest_InferInputTensorInit {
  'name'?: (string);
  'datatype'?: (string);
  'shape'?: (number | string | Long)[];
  'parameters'?: ({[key: string]: _inference_InferParameterInit});
  'contents'?: (_inference_InferTensorContentsInit | null);
}

export interface _inference_ModelInferRequest_InferInputTensor {
  'name'?: (string);
  'datatype'?: (string);
  'shape'?: (number)[];
  'parameters'?: ({[key: string]: _inference_InferParameter});
  'contents'?: (_inference_InferTensorContents);
}

export interface _inference_ModelInferRequest_InferRequestedOutputTensorInit {
  'name'?: (string);
  'parameters'?: ({[key: string]: _inference_InferParameterInit});
}

export interface _inference_ModelInferRequest_InferRequestedOutputTensor {
  'name'?: (string);
  'parameters'?: ({[key: string]: _inference_InferParameter});
}

export interface ModelInferRequestInit {
  'modelName'?: (string);
  'modelVersion'?: (string);
  'id'?: (string);
  'parameters'?: ({[key: string]: _inference_InferParameterInit});
  'inputs'?: (_inference_ModelInferRequest_InferInputTensorInit)[];
  'outputs'?: (_inference_ModelInferRequest_InferRequestedOutputTensorInit)[];
  'rawInputContents'?: (Buffer | Uint8Array | string)[];
}

export interface ModelInferRequest {
  'modelName'?: (string);
  'modelVersion'?: (string);
  'id'?: (string);
  'parameters'?: ({[key: string]: _inference_InferParameter});
  'inputs'?: (_inference_ModelInferRequest_InferInputTensor)[];
  'outputs'?: (_inference_ModelInferRequest_InferRequestedOutputTensor)[];
  'rawInputContents'?: (Buffer)[];
}
