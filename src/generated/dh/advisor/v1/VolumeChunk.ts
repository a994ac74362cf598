// Original file: proto/dh/advisor/v1/plan.proto

import type { TensorKindInit as _dh_advisor_v1_TensorKindInit, TensorKind as _dh_advisor_v1_TensorKind } from '../../../dh/advisor/v1/TensorKind.js';
import type { DataTypeInit as _dh_advisor_v1_DataTypeInit, DataType as _dh_advisor_v1_DataType } from '../../../dh/advisor/v1/DataType.js';

export interface VolumeChunkInit {
  'kind'?: (_dh_advisor_v1_TensorKindInit);
  'dataType'?: (_dh_advisor_v1_DataTypeInit);
  'shape'?: (number)[];
  'spacingMm'?: (number | string)[];
  'offsetBytes'?: (number);
  'data'?: (Buffer | Uint8Array | string);
  'runningCrc32c'?: (number);
}

export interface VolumeChunk {
  'kind'?: (_dh_advisor_v1_TensorKind);
  'dataType'?: (_dh_advisor_v1_DataType);
  'shape'?: (number)[];
  'spacingMm'?: (number)[];
  'offsetBytes'?: (number);
  'data'?: (Buffer);
  'runningCrc32c'?: (number);
}
