from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from typing import ClassVar as _ClassVar, Iterable as _Iterable, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class DataType(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    DATA_TYPE_UNSPECIFIED: _ClassVar[DataType]
    DATA_TYPE_FLOAT32: _ClassVar[DataType]
    DATA_TYPE_FLOAT64: _ClassVar[DataType]
    DATA_TYPE_INT16: _ClassVar[DataType]
    DATA_TYPE_UINT16: _ClassVar[DataType]
    DATA_TYPE_UINT8: _ClassVar[DataType]
    DATA_TYPE_INT32: _ClassVar[DataType]

class TensorKind(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    TENSOR_KIND_UNSPECIFIED: _ClassVar[TensorKind]
    TENSOR_KIND_GRADIENT: _ClassVar[TensorKind]
    TENSOR_KIND_WEIGHTS: _ClassVar[TensorKind]
    TENSOR_KIND_DIRECTION: _ClassVar[TensorKind]
    TENSOR_KIND_VARIANCE: _ClassVar[TensorKind]
    TENSOR_KIND_COLUMN_NORM: _ClassVar[TensorKind]
    TENSOR_KIND_STRUCTURE_MEAN_DOSE: _ClassVar[TensorKind]
    TENSOR_KIND_STRUCTURE_MAX_DOSE: _ClassVar[TensorKind]
    TENSOR_KIND_PATH_DENSITY: _ClassVar[TensorKind]
    TENSOR_KIND_CT: _ClassVar[TensorKind]
    TENSOR_KIND_STRUCTURE_MASK: _ClassVar[TensorKind]
DATA_TYPE_UNSPECIFIED: DataType
DATA_TYPE_FLOAT32: DataType
DATA_TYPE_FLOAT64: DataType
DATA_TYPE_INT16: DataType
DATA_TYPE_UINT16: DataType
DATA_TYPE_UINT8: DataType
DATA_TYPE_INT32: DataType
TENSOR_KIND_UNSPECIFIED: TensorKind
TENSOR_KIND_GRADIENT: TensorKind
TENSOR_KIND_WEIGHTS: TensorKind
TENSOR_KIND_DIRECTION: TensorKind
TENSOR_KIND_VARIANCE: TensorKind
TENSOR_KIND_COLUMN_NORM: TensorKind
TENSOR_KIND_STRUCTURE_MEAN_DOSE: TensorKind
TENSOR_KIND_STRUCTURE_MAX_DOSE: TensorKind
TENSOR_KIND_PATH_DENSITY: TensorKind
TENSOR_KIND_CT: TensorKind
TENSOR_KIND_STRUCTURE_MASK: TensorKind

class Tensor(_message.Message):
    __slots__ = ("data_type", "shape", "data", "crc32c")
    DATA_TYPE_FIELD_NUMBER: _ClassVar[int]
    SHAPE_FIELD_NUMBER: _ClassVar[int]
    DATA_FIELD_NUMBER: _ClassVar[int]
    CRC32C_FIELD_NUMBER: _ClassVar[int]
    data_type: DataType
    shape: _containers.RepeatedScalarFieldContainer[int]
    data: bytes
    crc32c: int
    def __init__(self, data_type: _Optional[_Union[DataType, str]] = ..., shape: _Optional[_Iterable[int]] = ..., data: _Optional[bytes] = ..., crc32c: _Optional[int] = ...) -> None: ...
