// Original file: proto/dh/advisor/v1/tensor.proto

import type { DataTypeInit as _dh_advisor_v1_DataTypeInit, DataType as _dh_advisor_v1_DataType } from '../../../dh/advisor/v1/DataType.js';

export interface TensorInit {
  'dataType'?: (_dh_advisor_v1_DataTypeInit);
  'shape'?: (number)[];
  'data'?: (Buffer | Uint8Array | string);
  'crc32c'?: (number);
  '_crc32c'?: "crc32c";
}

export interface Tensor {
  'dataType'?: (_dh_advisor_v1_DataType);
  'shape'?: (number)[];
  'data'?: (Buffer);
  'crc32c'?: (number);
}
