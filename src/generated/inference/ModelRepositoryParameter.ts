// Original file: proto/inference/open_inference.proto

import type { Long } from '@grpc/proto-loader';

export interface ModelRepositoryParameterInit {
  'boolParam'?: (boolean);
  'int64Param'?: (number | string | Long);
  'stringParam'?: (string);
  'bytesParam'?: (Buffer | Uint8Array | string);
  'parameterChoice'?: "boolParam"|"int64Param"|"stringParam"|"bytesParam";
}

export interface ModelRepositoryParameter {
  'boolParam'?: (boolean);
  'int64Param'?: (number);
  'stringParam'?: (string);
  'bytesParam'?: (Buffer);
}
