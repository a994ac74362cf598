from dh_advisor_client.wire.generated import plan_pb2 as _plan_pb2
from dh_advisor_client.wire.generated import roles_pb2 as _roles_pb2
from dh_advisor_client.wire.generated import tensor_pb2 as _tensor_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from typing import ClassVar as _ClassVar, Iterable as _Iterable, Mapping as _Mapping, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class StopDecision(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    STOP_DECISION_UNSPECIFIED: _ClassVar[StopDecision]
    STOP_DECISION_CONTINUE: _ClassVar[StopDecision]
    STOP_DECISION_STOP_LEVEL: _ClassVar[StopDecision]
    STOP_DECISION_STOP_ALL: _ClassVar[StopDecision]

class DirectionSpace(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    DIRECTION_SPACE_UNSPECIFIED: _ClassVar[DirectionSpace]
    DIRECTION_SPACE_WEIGHTS: _ClassVar[DirectionSpace]
    DIRECTION_SPACE_PARAMETERS: _ClassVar[DirectionSpace]

class NoticeKind(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    NOTICE_KIND_UNSPECIFIED: _ClassVar[NoticeKind]
    NOTICE_KIND_DRAINING: _ClassVar[NoticeKind]
    NOTICE_KIND_ROLE_OFF: _ClassVar[NoticeKind]
    NOTICE_KIND_IGNORED: _ClassVar[NoticeKind]
STOP_DECISION_UNSPECIFIED: StopDecision
STOP_DECISION_CONTINUE: StopDecision
STOP_DECISION_STOP_LEVEL: StopDecision
STOP_DECISION_STOP_ALL: StopDecision
DIRECTION_SPACE_UNSPECIFIED: DirectionSpace
DIRECTION_SPACE_WEIGHTS: DirectionSpace
DIRECTION_SPACE_PARAMETERS: DirectionSpace
NOTICE_KIND_UNSPECIFIED: NoticeKind
NOTICE_KIND_DRAINING: NoticeKind
NOTICE_KIND_ROLE_OFF: NoticeKind
NOTICE_KIND_IGNORED: NoticeKind

class RoleBinding(_message.Message):
    __slots__ = ("role", "plugin", "plugin_version", "model", "model_sha256", "arm", "deadline_ms", "declined")
    ROLE_FIELD_NUMBER: _ClassVar[int]
    PLUGIN_FIELD_NUMBER: _ClassVar[int]
    PLUGIN_VERSION_FIELD_NUMBER: _ClassVar[int]
    MODEL_FIELD_NUMBER: _ClassVar[int]
    MODEL_SHA256_FIELD_NUMBER: _ClassVar[int]
    ARM_FIELD_NUMBER: _ClassVar[int]
    DEADLINE_MS_FIELD_NUMBER: _ClassVar[int]
    DECLINED_FIELD_NUMBER: _ClassVar[int]
    role: _roles_pb2.Role
    plugin: str
    plugin_version: str
    model: str
    model_sha256: str
    arm: str
    deadline_ms: int
    declined: str
    def __init__(self, role: _Optional[_Union[_roles_pb2.Role, str]] = ..., plugin: _Optional[str] = ..., plugin_version: _Optional[str] = ..., model: _Optional[str] = ..., model_sha256: _Optional[str] = ..., arm: _Optional[str] = ..., deadline_ms: _Optional[int] = ..., declined: _Optional[str] = ...) -> None: ...

class WantedTensor(_message.Message):
    __slots__ = ("kind", "every_n", "roles")
    KIND_FIELD_NUMBER: _ClassVar[int]
    EVERY_N_FIELD_NUMBER: _ClassVar[int]
    ROLES_FIELD_NUMBER: _ClassVar[int]
    kind: _tensor_pb2.TensorKind
    every_n: int
    roles: _containers.RepeatedScalarFieldContainer[_roles_pb2.Role]
    def __init__(self, kind: _Optional[_Union[_tensor_pb2.TensorKind, str]] = ..., every_n: _Optional[int] = ..., roles: _Optional[_Iterable[_Union[_roles_pb2.Role, str]]] = ...) -> None: ...

class Accepted(_message.Message):
    __slots__ = ("session_id", "resume_token", "configuration_generation", "arm", "bindings", "wanted", "is_recording", "resume_ttl_ms", "is_taken_over")
    SESSION_ID_FIELD_NUMBER: _ClassVar[int]
    RESUME_TOKEN_FIELD_NUMBER: _ClassVar[int]
    CONFIGURATION_GENERATION_FIELD_NUMBER: _ClassVar[int]
    ARM_FIELD_NUMBER: _ClassVar[int]
    BINDINGS_FIELD_NUMBER: _ClassVar[int]
    WANTED_FIELD_NUMBER: _ClassVar[int]
    IS_RECORDING_FIELD_NUMBER: _ClassVar[int]
    RESUME_TTL_MS_FIELD_NUMBER: _ClassVar[int]
    IS_TAKEN_OVER_FIELD_NUMBER: _ClassVar[int]
    session_id: str
    resume_token: bytes
    configuration_generation: int
    arm: str
    bindings: _containers.RepeatedCompositeFieldContainer[RoleBinding]
    wanted: _containers.RepeatedCompositeFieldContainer[WantedTensor]
    is_recording: bool
    resume_ttl_ms: int
    is_taken_over: bool
    def __init__(self, session_id: _Optional[str] = ..., resume_token: _Optional[bytes] = ..., configuration_generation: _Optional[int] = ..., arm: _Optional[str] = ..., bindings: _Optional[_Iterable[_Union[RoleBinding, _Mapping]]] = ..., wanted: _Optional[_Iterable[_Union[WantedTensor, _Mapping]]] = ..., is_recording: bool = ..., resume_ttl_ms: _Optional[int] = ..., is_taken_over: bool = ...) -> None: ...

class StructureSigma(_message.Message):
    __slots__ = ("structure", "histogram_sigma_gy")
    STRUCTURE_FIELD_NUMBER: _ClassVar[int]
    HISTOGRAM_SIGMA_GY_FIELD_NUMBER: _ClassVar[int]
    structure: int
    histogram_sigma_gy: float
    def __init__(self, structure: _Optional[int] = ..., histogram_sigma_gy: _Optional[float] = ...) -> None: ...

class HistogramSigmaAdvice(_message.Message):
    __slots__ = ("header", "structures")
    HEADER_FIELD_NUMBER: _ClassVar[int]
    STRUCTURES_FIELD_NUMBER: _ClassVar[int]
    header: _roles_pb2.AdviceHeader
    structures: _containers.RepeatedCompositeFieldContainer[StructureSigma]
    def __init__(self, header: _Optional[_Union[_roles_pb2.AdviceHeader, _Mapping]] = ..., structures: _Optional[_Iterable[_Union[StructureSigma, _Mapping]]] = ...) -> None: ...

class Stage(_message.Message):
    __slots__ = ("level", "histogram_sigma_gy", "iteration_limit")
    LEVEL_FIELD_NUMBER: _ClassVar[int]
    HISTOGRAM_SIGMA_GY_FIELD_NUMBER: _ClassVar[int]
    ITERATION_LIMIT_FIELD_NUMBER: _ClassVar[int]
    level: int
    histogram_sigma_gy: float
    iteration_limit: int
    def __init__(self, level: _Optional[int] = ..., histogram_sigma_gy: _Optional[float] = ..., iteration_limit: _Optional[int] = ...) -> None: ...

class PyramidSigmaAdvice(_message.Message):
    __slots__ = ("header", "stages")
    HEADER_FIELD_NUMBER: _ClassVar[int]
    STAGES_FIELD_NUMBER: _ClassVar[int]
    header: _roles_pb2.AdviceHeader
    stages: _containers.RepeatedCompositeFieldContainer[Stage]
    def __init__(self, header: _Optional[_Union[_roles_pb2.AdviceHeader, _Mapping]] = ..., stages: _Optional[_Iterable[_Union[Stage, _Mapping]]] = ...) -> None: ...

class GeometryAdvice(_message.Message):
    __slots__ = ("histogram_sigma", "pyramid_sigma")
    HISTOGRAM_SIGMA_FIELD_NUMBER: _ClassVar[int]
    PYRAMID_SIGMA_FIELD_NUMBER: _ClassVar[int]
    histogram_sigma: HistogramSigmaAdvice
    pyramid_sigma: PyramidSigmaAdvice
    def __init__(self, histogram_sigma: _Optional[_Union[HistogramSigmaAdvice, _Mapping]] = ..., pyramid_sigma: _Optional[_Union[PyramidSigmaAdvice, _Mapping]] = ...) -> None: ...

class InitializationAdvice(_message.Message):
    __slots__ = ("header", "weights")
    HEADER_FIELD_NUMBER: _ClassVar[int]
    WEIGHTS_FIELD_NUMBER: _ClassVar[int]
    header: _roles_pb2.AdviceHeader
    weights: _tensor_pb2.Tensor
    def __init__(self, header: _Optional[_Union[_roles_pb2.AdviceHeader, _Mapping]] = ..., weights: _Optional[_Union[_tensor_pb2.Tensor, _Mapping]] = ...) -> None: ...

class AdaptiveVarianceAdvice(_message.Message):
    __slots__ = ("header", "variance_gy2")
    HEADER_FIELD_NUMBER: _ClassVar[int]
    VARIANCE_GY2_FIELD_NUMBER: _ClassVar[int]
    header: _roles_pb2.AdviceHeader
    variance_gy2: _tensor_pb2.Tensor
    def __init__(self, header: _Optional[_Union[_roles_pb2.AdviceHeader, _Mapping]] = ..., variance_gy2: _Optional[_Union[_tensor_pb2.Tensor, _Mapping]] = ...) -> None: ...

class LevelAdvice(_message.Message):
    __slots__ = ("level", "stage", "initialization", "adaptive_variance")
    LEVEL_FIELD_NUMBER: _ClassVar[int]
    STAGE_FIELD_NUMBER: _ClassVar[int]
    INITIALIZATION_FIELD_NUMBER: _ClassVar[int]
    ADAPTIVE_VARIANCE_FIELD_NUMBER: _ClassVar[int]
    level: int
    stage: int
    initialization: InitializationAdvice
    adaptive_variance: AdaptiveVarianceAdvice
    def __init__(self, level: _Optional[int] = ..., stage: _Optional[int] = ..., initialization: _Optional[_Union[InitializationAdvice, _Mapping]] = ..., adaptive_variance: _Optional[_Union[AdaptiveVarianceAdvice, _Mapping]] = ...) -> None: ...

class EarlyStoppingAdvice(_message.Message):
    __slots__ = ("header", "decision", "explanation", "predicted_final_objective", "predicted_standard_deviation")
    HEADER_FIELD_NUMBER: _ClassVar[int]
    DECISION_FIELD_NUMBER: _ClassVar[int]
    EXPLANATION_FIELD_NUMBER: _ClassVar[int]
    PREDICTED_FINAL_OBJECTIVE_FIELD_NUMBER: _ClassVar[int]
    PREDICTED_STANDARD_DEVIATION_FIELD_NUMBER: _ClassVar[int]
    header: _roles_pb2.AdviceHeader
    decision: StopDecision
    explanation: str
    predicted_final_objective: float
    predicted_standard_deviation: float
    def __init__(self, header: _Optional[_Union[_roles_pb2.AdviceHeader, _Mapping]] = ..., decision: _Optional[_Union[StopDecision, str]] = ..., explanation: _Optional[str] = ..., predicted_final_objective: _Optional[float] = ..., predicted_standard_deviation: _Optional[float] = ...) -> None: ...

class StepDirectionAdvice(_message.Message):
    __slots__ = ("header", "space", "direction", "step_length")
    HEADER_FIELD_NUMBER: _ClassVar[int]
    SPACE_FIELD_NUMBER: _ClassVar[int]
    DIRECTION_FIELD_NUMBER: _ClassVar[int]
    STEP_LENGTH_FIELD_NUMBER: _ClassVar[int]
    header: _roles_pb2.AdviceHeader
    space: DirectionSpace
    direction: _tensor_pb2.Tensor
    step_length: float
    def __init__(self, header: _Optional[_Union[_roles_pb2.AdviceHeader, _Mapping]] = ..., space: _Optional[_Union[DirectionSpace, str]] = ..., direction: _Optional[_Union[_tensor_pb2.Tensor, _Mapping]] = ..., step_length: _Optional[float] = ...) -> None: ...

class IterationAdvice(_message.Message):
    __slots__ = ("level", "stage", "iteration", "early_stopping", "step_direction", "adaptive_variance")
    LEVEL_FIELD_NUMBER: _ClassVar[int]
    STAGE_FIELD_NUMBER: _ClassVar[int]
    ITERATION_FIELD_NUMBER: _ClassVar[int]
    EARLY_STOPPING_FIELD_NUMBER: _ClassVar[int]
    STEP_DIRECTION_FIELD_NUMBER: _ClassVar[int]
    ADAPTIVE_VARIANCE_FIELD_NUMBER: _ClassVar[int]
    level: int
    stage: int
    iteration: int
    early_stopping: EarlyStoppingAdvice
    step_direction: StepDirectionAdvice
    adaptive_variance: AdaptiveVarianceAdvice
    def __init__(self, level: _Optional[int] = ..., stage: _Optional[int] = ..., iteration: _Optional[int] = ..., early_stopping: _Optional[_Union[EarlyStoppingAdvice, _Mapping]] = ..., step_direction: _Optional[_Union[StepDirectionAdvice, _Mapping]] = ..., adaptive_variance: _Optional[_Union[AdaptiveVarianceAdvice, _Mapping]] = ...) -> None: ...

class OutcomeCount(_message.Message):
    __slots__ = ("role", "outcome", "count")
    ROLE_FIELD_NUMBER: _ClassVar[int]
    OUTCOME_FIELD_NUMBER: _ClassVar[int]
    COUNT_FIELD_NUMBER: _ClassVar[int]
    role: _roles_pb2.Role
    outcome: _roles_pb2.Outcome
    count: int
    def __init__(self, role: _Optional[_Union[_roles_pb2.Role, str]] = ..., outcome: _Optional[_Union[_roles_pb2.Outcome, str]] = ..., count: _Optional[int] = ...) -> None: ...

class VerdictCount(_message.Message):
    __slots__ = ("role", "verdict", "count")
    ROLE_FIELD_NUMBER: _ClassVar[int]
    VERDICT_FIELD_NUMBER: _ClassVar[int]
    COUNT_FIELD_NUMBER: _ClassVar[int]
    role: _roles_pb2.Role
    verdict: _roles_pb2.Verdict
    count: int
    def __init__(self, role: _Optional[_Union[_roles_pb2.Role, str]] = ..., verdict: _Optional[_Union[_roles_pb2.Verdict, str]] = ..., count: _Optional[int] = ...) -> None: ...

class Provenance(_message.Message):
    __slots__ = ("host", "session_id", "configuration_generation", "arm", "bindings", "quality", "resumptions", "answers", "journal_sha256")
    HOST_FIELD_NUMBER: _ClassVar[int]
    SESSION_ID_FIELD_NUMBER: _ClassVar[int]
    CONFIGURATION_GENERATION_FIELD_NUMBER: _ClassVar[int]
    ARM_FIELD_NUMBER: _ClassVar[int]
    BINDINGS_FIELD_NUMBER: _ClassVar[int]
    QUALITY_FIELD_NUMBER: _ClassVar[int]
    RESUMPTIONS_FIELD_NUMBER: _ClassVar[int]
    ANSWERS_FIELD_NUMBER: _ClassVar[int]
    JOURNAL_SHA256_FIELD_NUMBER: _ClassVar[int]
    host: str
    session_id: str
    configuration_generation: int
    arm: str
    bindings: _containers.RepeatedCompositeFieldContainer[RoleBinding]
    quality: _plan_pb2.Quality
    resumptions: int
    answers: int
    journal_sha256: str
    def __init__(self, host: _Optional[str] = ..., session_id: _Optional[str] = ..., configuration_generation: _Optional[int] = ..., arm: _Optional[str] = ..., bindings: _Optional[_Iterable[_Union[RoleBinding, _Mapping]]] = ..., quality: _Optional[_Union[_plan_pb2.Quality, str]] = ..., resumptions: _Optional[int] = ..., answers: _Optional[int] = ..., journal_sha256: _Optional[str] = ...) -> None: ...

class Summary(_message.Message):
    __slots__ = ("outcomes", "verdicts", "host_ms", "outcome_kept", "provenance")
    OUTCOMES_FIELD_NUMBER: _ClassVar[int]
    VERDICTS_FIELD_NUMBER: _ClassVar[int]
    HOST_MS_FIELD_NUMBER: _ClassVar[int]
    OUTCOME_KEPT_FIELD_NUMBER: _ClassVar[int]
    PROVENANCE_FIELD_NUMBER: _ClassVar[int]
    outcomes: _containers.RepeatedCompositeFieldContainer[OutcomeCount]
    verdicts: _containers.RepeatedCompositeFieldContainer[VerdictCount]
    host_ms: float
    outcome_kept: bool
    provenance: Provenance
    def __init__(self, outcomes: _Optional[_Iterable[_Union[OutcomeCount, _Mapping]]] = ..., verdicts: _Optional[_Iterable[_Union[VerdictCount, _Mapping]]] = ..., host_ms: _Optional[float] = ..., outcome_kept: bool = ..., provenance: _Optional[_Union[Provenance, _Mapping]] = ...) -> None: ...

class Notice(_message.Message):
    __slots__ = ("kind", "text", "role")
    KIND_FIELD_NUMBER: _ClassVar[int]
    TEXT_FIELD_NUMBER: _ClassVar[int]
    ROLE_FIELD_NUMBER: _ClassVar[int]
    kind: NoticeKind
    text: str
    role: _roles_pb2.Role
    def __init__(self, kind: _Optional[_Union[NoticeKind, str]] = ..., text: _Optional[str] = ..., role: _Optional[_Union[_roles_pb2.Role, str]] = ...) -> None: ...
