from dh_advisor_client.wire.generated import advice_pb2 as _advice_pb2
from dh_advisor_client.wire.generated import plan_pb2 as _plan_pb2
from dh_advisor_client.wire.generated import roles_pb2 as _roles_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from typing import ClassVar as _ClassVar, Iterable as _Iterable, Mapping as _Mapping, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class OptimizerEvent(_message.Message):
    __slots__ = ("start", "volume_chunk", "geometry", "level_start", "iteration", "level_end", "finish", "receipts")
    START_FIELD_NUMBER: _ClassVar[int]
    VOLUME_CHUNK_FIELD_NUMBER: _ClassVar[int]
    GEOMETRY_FIELD_NUMBER: _ClassVar[int]
    LEVEL_START_FIELD_NUMBER: _ClassVar[int]
    ITERATION_FIELD_NUMBER: _ClassVar[int]
    LEVEL_END_FIELD_NUMBER: _ClassVar[int]
    FINISH_FIELD_NUMBER: _ClassVar[int]
    RECEIPTS_FIELD_NUMBER: _ClassVar[int]
    start: _plan_pb2.PlanStart
    volume_chunk: _plan_pb2.VolumeChunk
    geometry: _plan_pb2.Geometry
    level_start: _plan_pb2.LevelStart
    iteration: _plan_pb2.Iteration
    level_end: _plan_pb2.LevelEnd
    finish: _plan_pb2.PlanFinish
    receipts: _containers.RepeatedCompositeFieldContainer[_roles_pb2.AdviceReceipt]
    def __init__(self, start: _Optional[_Union[_plan_pb2.PlanStart, _Mapping]] = ..., volume_chunk: _Optional[_Union[_plan_pb2.VolumeChunk, _Mapping]] = ..., geometry: _Optional[_Union[_plan_pb2.Geometry, _Mapping]] = ..., level_start: _Optional[_Union[_plan_pb2.LevelStart, _Mapping]] = ..., iteration: _Optional[_Union[_plan_pb2.Iteration, _Mapping]] = ..., level_end: _Optional[_Union[_plan_pb2.LevelEnd, _Mapping]] = ..., finish: _Optional[_Union[_plan_pb2.PlanFinish, _Mapping]] = ..., receipts: _Optional[_Iterable[_Union[_roles_pb2.AdviceReceipt, _Mapping]]] = ...) -> None: ...

class AdvisorEvent(_message.Message):
    __slots__ = ("accepted", "geometry", "level", "iteration", "summary", "notice")
    ACCEPTED_FIELD_NUMBER: _ClassVar[int]
    GEOMETRY_FIELD_NUMBER: _ClassVar[int]
    LEVEL_FIELD_NUMBER: _ClassVar[int]
    ITERATION_FIELD_NUMBER: _ClassVar[int]
    SUMMARY_FIELD_NUMBER: _ClassVar[int]
    NOTICE_FIELD_NUMBER: _ClassVar[int]
    accepted: _advice_pb2.Accepted
    geometry: _advice_pb2.GeometryAdvice
    level: _advice_pb2.LevelAdvice
    iteration: _advice_pb2.IterationAdvice
    summary: _advice_pb2.Summary
    notice: _advice_pb2.Notice
    def __init__(self, accepted: _Optional[_Union[_advice_pb2.Accepted, _Mapping]] = ..., geometry: _Optional[_Union[_advice_pb2.GeometryAdvice, _Mapping]] = ..., level: _Optional[_Union[_advice_pb2.LevelAdvice, _Mapping]] = ..., iteration: _Optional[_Union[_advice_pb2.IterationAdvice, _Mapping]] = ..., summary: _Optional[_Union[_advice_pb2.Summary, _Mapping]] = ..., notice: _Optional[_Union[_advice_pb2.Notice, _Mapping]] = ...) -> None: ...
