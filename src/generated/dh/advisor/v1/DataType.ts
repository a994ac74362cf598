// Original file: proto/dh/advisor/v1/tensor.proto

export const DataType = {
  DATA_TYPE_UNSPECIFIED: 0,
  DATA_TYPE_FLOAT32: 1,
  DATA_TYPE_FLOAT64: 2,
  DATA_TYPE_INT16: 3,
  DATA_TYPE_UINT16: 4,
  DATA_TYPE_UINT8: 5,
  DATA_TYPE_INT32: 6,
} as const;

export type DataTypeInit =
  | 'DATA_TYPE_UNSPECIFIED'
  | 0
  | 'DATA_TYPE_FLOAT32'
  | 1
  | 'DATA_TYPE_FLOAT64'
  | 2
  | 'DATA_TYPE_INT16'
  | 3
  | 'DATA_TYPE_UINT16'
  | 4
  | 'DATA_TYPE_UINT8'
  | 5
  | 'DATA_TYPE_INT32'
  | 6

export type DataType = typeof DataType[keyof typeof DataType]
