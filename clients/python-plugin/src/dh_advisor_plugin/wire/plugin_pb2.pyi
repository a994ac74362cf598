from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from typing import ClassVar as _ClassVar, Iterable as _Iterable, Mapping as _Mapping, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class HostMessage(_message.Message):
    __slots__ = ("load", "open_session", "tell", "abort", "close_session", "model_answer", "ping", "close")
    LOAD_FIELD_NUMBER: _ClassVar[int]
    OPEN_SESSION_FIELD_NUMBER: _ClassVar[int]
    TELL_FIELD_NUMBER: _ClassVar[int]
    ABORT_FIELD_NUMBER: _ClassVar[int]
    CLOSE_SESSION_FIELD_NUMBER: _ClassVar[int]
    MODEL_ANSWER_FIELD_NUMBER: _ClassVar[int]
    PING_FIELD_NUMBER: _ClassVar[int]
    CLOSE_FIELD_NUMBER: _ClassVar[int]
    load: Load
    open_session: OpenSession
    tell: Tell
    abort: Abort
    close_session: CloseSession
    model_answer: ModelAnswer
    ping: Ping
    close: Close
    def __init__(self, load: _Optional[_Union[Load, _Mapping]] = ..., open_session: _Optional[_Union[OpenSession, _Mapping]] = ..., tell: _Optional[_Union[Tell, _Mapping]] = ..., abort: _Optional[_Union[Abort, _Mapping]] = ..., close_session: _Optional[_Union[CloseSession, _Mapping]] = ..., model_answer: _Optional[_Union[ModelAnswer, _Mapping]] = ..., ping: _Optional[_Union[Ping, _Mapping]] = ..., close: _Optional[_Union[Close, _Mapping]] = ...) -> None: ...

class PluginMessage(_message.Message):
    __slots__ = ("loaded", "refused", "answer", "failed", "model_call", "log", "pong", "closed")
    LOADED_FIELD_NUMBER: _ClassVar[int]
    REFUSED_FIELD_NUMBER: _ClassVar[int]
    ANSWER_FIELD_NUMBER: _ClassVar[int]
    FAILED_FIELD_NUMBER: _ClassVar[int]
    MODEL_CALL_FIELD_NUMBER: _ClassVar[int]
    LOG_FIELD_NUMBER: _ClassVar[int]
    PONG_FIELD_NUMBER: _ClassVar[int]
    CLOSED_FIELD_NUMBER: _ClassVar[int]
    loaded: Loaded
    refused: Refused
    answer: Answer
    failed: Failed
    model_call: ModelCall
    log: LogLine
    pong: Pong
    closed: Closed
    def __init__(self, loaded: _Optional[_Union[Loaded, _Mapping]] = ..., refused: _Optional[_Union[Refused, _Mapping]] = ..., answer: _Optional[_Union[Answer, _Mapping]] = ..., failed: _Optional[_Union[Failed, _Mapping]] = ..., model_call: _Optional[_Union[ModelCall, _Mapping]] = ..., log: _Optional[_Union[LogLine, _Mapping]] = ..., pong: _Optional[_Union[Pong, _Mapping]] = ..., closed: _Optional[_Union[Closed, _Mapping]] = ...) -> None: ...

class Load(_message.Message):
    __slots__ = ("folder", "manifest_json", "settings_json", "role")
    FOLDER_FIELD_NUMBER: _ClassVar[int]
    MANIFEST_JSON_FIELD_NUMBER: _ClassVar[int]
    SETTINGS_JSON_FIELD_NUMBER: _ClassVar[int]
    ROLE_FIELD_NUMBER: _ClassVar[int]
    folder: str
    manifest_json: str
    settings_json: str
    role: str
    def __init__(self, folder: _Optional[str] = ..., manifest_json: _Optional[str] = ..., settings_json: _Optional[str] = ..., role: _Optional[str] = ...) -> None: ...

class Loaded(_message.Message):
    __slots__ = ("wants", "asks_every_n")
    WANTS_FIELD_NUMBER: _ClassVar[int]
    ASKS_EVERY_N_FIELD_NUMBER: _ClassVar[int]
    wants: _containers.RepeatedCompositeFieldContainer[WantedTensor]
    asks_every_n: int
    def __init__(self, wants: _Optional[_Iterable[_Union[WantedTensor, _Mapping]]] = ..., asks_every_n: _Optional[int] = ...) -> None: ...

class WantedTensor(_message.Message):
    __slots__ = ("kind", "every_n")
    KIND_FIELD_NUMBER: _ClassVar[int]
    EVERY_N_FIELD_NUMBER: _ClassVar[int]
    kind: str
    every_n: int
    def __init__(self, kind: _Optional[str] = ..., every_n: _Optional[int] = ...) -> None: ...

class Refused(_message.Message):
    __slots__ = ("code", "params")
    class ParamsEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: str
        def __init__(self, key: _Optional[str] = ..., value: _Optional[str] = ...) -> None: ...
    CODE_FIELD_NUMBER: _ClassVar[int]
    PARAMS_FIELD_NUMBER: _ClassVar[int]
    code: str
    params: _containers.ScalarMap[str, str]
    def __init__(self, code: _Optional[str] = ..., params: _Optional[_Mapping[str, str]] = ...) -> None: ...

class OpenSession(_message.Message):
    __slots__ = ("session", "session_id", "seed", "plan", "history_iterations")
    SESSION_FIELD_NUMBER: _ClassVar[int]
    SESSION_ID_FIELD_NUMBER: _ClassVar[int]
    SEED_FIELD_NUMBER: _ClassVar[int]
    PLAN_FIELD_NUMBER: _ClassVar[int]
    HISTORY_ITERATIONS_FIELD_NUMBER: _ClassVar[int]
    session: int
    session_id: str
    seed: int
    plan: Plan
    history_iterations: int
    def __init__(self, session: _Optional[int] = ..., session_id: _Optional[str] = ..., seed: _Optional[int] = ..., plan: _Optional[_Union[Plan, _Mapping]] = ..., history_iterations: _Optional[int] = ...) -> None: ...

class Tell(_message.Message):
    __slots__ = ("session", "event", "is_silent", "is_replay", "call")
    SESSION_FIELD_NUMBER: _ClassVar[int]
    EVENT_FIELD_NUMBER: _ClassVar[int]
    IS_SILENT_FIELD_NUMBER: _ClassVar[int]
    IS_REPLAY_FIELD_NUMBER: _ClassVar[int]
    CALL_FIELD_NUMBER: _ClassVar[int]
    session: int
    event: Event
    is_silent: bool
    is_replay: bool
    call: int
    def __init__(self, session: _Optional[int] = ..., event: _Optional[_Union[Event, _Mapping]] = ..., is_silent: bool = ..., is_replay: bool = ..., call: _Optional[int] = ...) -> None: ...

class Abort(_message.Message):
    __slots__ = ("call",)
    CALL_FIELD_NUMBER: _ClassVar[int]
    call: int
    def __init__(self, call: _Optional[int] = ...) -> None: ...

class CloseSession(_message.Message):
    __slots__ = ("session",)
    SESSION_FIELD_NUMBER: _ClassVar[int]
    session: int
    def __init__(self, session: _Optional[int] = ...) -> None: ...

class Answer(_message.Message):
    __slots__ = ("call", "advice")
    CALL_FIELD_NUMBER: _ClassVar[int]
    ADVICE_FIELD_NUMBER: _ClassVar[int]
    call: int
    advice: Advice
    def __init__(self, call: _Optional[int] = ..., advice: _Optional[_Union[Advice, _Mapping]] = ...) -> None: ...

class Failed(_message.Message):
    __slots__ = ("session", "call", "policy", "message", "trace")
    SESSION_FIELD_NUMBER: _ClassVar[int]
    CALL_FIELD_NUMBER: _ClassVar[int]
    POLICY_FIELD_NUMBER: _ClassVar[int]
    MESSAGE_FIELD_NUMBER: _ClassVar[int]
    TRACE_FIELD_NUMBER: _ClassVar[int]
    session: int
    call: int
    policy: str
    message: str
    trace: str
    def __init__(self, session: _Optional[int] = ..., call: _Optional[int] = ..., policy: _Optional[str] = ..., message: _Optional[str] = ..., trace: _Optional[str] = ...) -> None: ...

class ModelCall(_message.Message):
    __slots__ = ("call", "open", "run", "abort")
    CALL_FIELD_NUMBER: _ClassVar[int]
    OPEN_FIELD_NUMBER: _ClassVar[int]
    RUN_FIELD_NUMBER: _ClassVar[int]
    ABORT_FIELD_NUMBER: _ClassVar[int]
    call: int
    open: str
    run: RunModel
    abort: int
    def __init__(self, call: _Optional[int] = ..., open: _Optional[str] = ..., run: _Optional[_Union[RunModel, _Mapping]] = ..., abort: _Optional[int] = ...) -> None: ...

class RunModel(_message.Message):
    __slots__ = ("name", "inputs")
    class InputsEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: ModelTensor
        def __init__(self, key: _Optional[str] = ..., value: _Optional[_Union[ModelTensor, _Mapping]] = ...) -> None: ...
    NAME_FIELD_NUMBER: _ClassVar[int]
    INPUTS_FIELD_NUMBER: _ClassVar[int]
    name: str
    inputs: _containers.MessageMap[str, ModelTensor]
    def __init__(self, name: _Optional[str] = ..., inputs: _Optional[_Mapping[str, ModelTensor]] = ...) -> None: ...

class ModelAnswer(_message.Message):
    __slots__ = ("call", "policy", "message", "model", "outputs", "is_failed")
    class OutputsEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: ModelTensor
        def __init__(self, key: _Optional[str] = ..., value: _Optional[_Union[ModelTensor, _Mapping]] = ...) -> None: ...
    CALL_FIELD_NUMBER: _ClassVar[int]
    POLICY_FIELD_NUMBER: _ClassVar[int]
    MESSAGE_FIELD_NUMBER: _ClassVar[int]
    MODEL_FIELD_NUMBER: _ClassVar[int]
    OUTPUTS_FIELD_NUMBER: _ClassVar[int]
    IS_FAILED_FIELD_NUMBER: _ClassVar[int]
    call: int
    policy: str
    message: str
    model: Model
    outputs: _containers.MessageMap[str, ModelTensor]
    is_failed: bool
    def __init__(self, call: _Optional[int] = ..., policy: _Optional[str] = ..., message: _Optional[str] = ..., model: _Optional[_Union[Model, _Mapping]] = ..., outputs: _Optional[_Mapping[str, ModelTensor]] = ..., is_failed: bool = ...) -> None: ...

class Model(_message.Message):
    __slots__ = ("id", "version", "sha256", "role", "inputs", "outputs", "weight_ceiling")
    ID_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    SHA256_FIELD_NUMBER: _ClassVar[int]
    ROLE_FIELD_NUMBER: _ClassVar[int]
    INPUTS_FIELD_NUMBER: _ClassVar[int]
    OUTPUTS_FIELD_NUMBER: _ClassVar[int]
    WEIGHT_CEILING_FIELD_NUMBER: _ClassVar[int]
    id: str
    version: str
    sha256: str
    role: str
    inputs: _containers.RepeatedCompositeFieldContainer[TensorSignature]
    outputs: _containers.RepeatedCompositeFieldContainer[TensorSignature]
    weight_ceiling: float
    def __init__(self, id: _Optional[str] = ..., version: _Optional[str] = ..., sha256: _Optional[str] = ..., role: _Optional[str] = ..., inputs: _Optional[_Iterable[_Union[TensorSignature, _Mapping]]] = ..., outputs: _Optional[_Iterable[_Union[TensorSignature, _Mapping]]] = ..., weight_ceiling: _Optional[float] = ...) -> None: ...

class TensorSignature(_message.Message):
    __slots__ = ("name", "type", "shape")
    NAME_FIELD_NUMBER: _ClassVar[int]
    TYPE_FIELD_NUMBER: _ClassVar[int]
    SHAPE_FIELD_NUMBER: _ClassVar[int]
    name: str
    type: str
    shape: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, name: _Optional[str] = ..., type: _Optional[str] = ..., shape: _Optional[_Iterable[str]] = ...) -> None: ...

class ModelTensor(_message.Message):
    __slots__ = ("type", "shape", "data")
    TYPE_FIELD_NUMBER: _ClassVar[int]
    SHAPE_FIELD_NUMBER: _ClassVar[int]
    DATA_FIELD_NUMBER: _ClassVar[int]
    type: str
    shape: _containers.RepeatedScalarFieldContainer[int]
    data: bytes
    def __init__(self, type: _Optional[str] = ..., shape: _Optional[_Iterable[int]] = ..., data: _Optional[bytes] = ...) -> None: ...

class LogLine(_message.Message):
    __slots__ = ("level", "message", "fields_json")
    LEVEL_FIELD_NUMBER: _ClassVar[int]
    MESSAGE_FIELD_NUMBER: _ClassVar[int]
    FIELDS_JSON_FIELD_NUMBER: _ClassVar[int]
    level: str
    message: str
    fields_json: str
    def __init__(self, level: _Optional[str] = ..., message: _Optional[str] = ..., fields_json: _Optional[str] = ...) -> None: ...

class Ping(_message.Message):
    __slots__ = ("number",)
    NUMBER_FIELD_NUMBER: _ClassVar[int]
    number: int
    def __init__(self, number: _Optional[int] = ...) -> None: ...

class Pong(_message.Message):
    __slots__ = ("number", "memory_bytes")
    NUMBER_FIELD_NUMBER: _ClassVar[int]
    MEMORY_BYTES_FIELD_NUMBER: _ClassVar[int]
    number: int
    memory_bytes: float
    def __init__(self, number: _Optional[int] = ..., memory_bytes: _Optional[float] = ...) -> None: ...

class Close(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class Closed(_message.Message):
    __slots__ = ("left_running",)
    LEFT_RUNNING_FIELD_NUMBER: _ClassVar[int]
    left_running: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, left_running: _Optional[_Iterable[str]] = ...) -> None: ...

class Event(_message.Message):
    __slots__ = ("geometry", "level_start", "iteration", "level_end", "receipt", "volume")
    GEOMETRY_FIELD_NUMBER: _ClassVar[int]
    LEVEL_START_FIELD_NUMBER: _ClassVar[int]
    ITERATION_FIELD_NUMBER: _ClassVar[int]
    LEVEL_END_FIELD_NUMBER: _ClassVar[int]
    RECEIPT_FIELD_NUMBER: _ClassVar[int]
    VOLUME_FIELD_NUMBER: _ClassVar[int]
    geometry: Geometry
    level_start: LevelStart
    iteration: Iteration
    level_end: LevelEnd
    receipt: Receipt
    volume: Volume
    def __init__(self, geometry: _Optional[_Union[Geometry, _Mapping]] = ..., level_start: _Optional[_Union[LevelStart, _Mapping]] = ..., iteration: _Optional[_Union[Iteration, _Mapping]] = ..., level_end: _Optional[_Union[LevelEnd, _Mapping]] = ..., receipt: _Optional[_Union[Receipt, _Mapping]] = ..., volume: _Optional[_Union[Volume, _Mapping]] = ...) -> None: ...

class Plan(_message.Message):
    __slots__ = ("solver", "solver_name", "structures", "beams", "weight_ceiling", "weight_steepness", "levels", "accepts", "offers", "quality")
    SOLVER_FIELD_NUMBER: _ClassVar[int]
    SOLVER_NAME_FIELD_NUMBER: _ClassVar[int]
    STRUCTURES_FIELD_NUMBER: _ClassVar[int]
    BEAMS_FIELD_NUMBER: _ClassVar[int]
    WEIGHT_CEILING_FIELD_NUMBER: _ClassVar[int]
    WEIGHT_STEEPNESS_FIELD_NUMBER: _ClassVar[int]
    LEVELS_FIELD_NUMBER: _ClassVar[int]
    ACCEPTS_FIELD_NUMBER: _ClassVar[int]
    OFFERS_FIELD_NUMBER: _ClassVar[int]
    QUALITY_FIELD_NUMBER: _ClassVar[int]
    solver: str
    solver_name: str
    structures: _containers.RepeatedCompositeFieldContainer[Structure]
    beams: _containers.RepeatedCompositeFieldContainer[Beam]
    weight_ceiling: float
    weight_steepness: float
    levels: _containers.RepeatedCompositeFieldContainer[Level]
    accepts: _containers.RepeatedScalarFieldContainer[str]
    offers: _containers.RepeatedScalarFieldContainer[str]
    quality: str
    def __init__(self, solver: _Optional[str] = ..., solver_name: _Optional[str] = ..., structures: _Optional[_Iterable[_Union[Structure, _Mapping]]] = ..., beams: _Optional[_Iterable[_Union[Beam, _Mapping]]] = ..., weight_ceiling: _Optional[float] = ..., weight_steepness: _Optional[float] = ..., levels: _Optional[_Iterable[_Union[Level, _Mapping]]] = ..., accepts: _Optional[_Iterable[str]] = ..., offers: _Optional[_Iterable[str]] = ..., quality: _Optional[str] = ...) -> None: ...

class Structure(_message.Message):
    __slots__ = ("name", "tg263_name", "role", "volume_cc", "voxel_count", "objective_weight", "prescription", "prescribed_dose_gy", "bit")
    NAME_FIELD_NUMBER: _ClassVar[int]
    TG263_NAME_FIELD_NUMBER: _ClassVar[int]
    ROLE_FIELD_NUMBER: _ClassVar[int]
    VOLUME_CC_FIELD_NUMBER: _ClassVar[int]
    VOXEL_COUNT_FIELD_NUMBER: _ClassVar[int]
    OBJECTIVE_WEIGHT_FIELD_NUMBER: _ClassVar[int]
    PRESCRIPTION_FIELD_NUMBER: _ClassVar[int]
    PRESCRIBED_DOSE_GY_FIELD_NUMBER: _ClassVar[int]
    BIT_FIELD_NUMBER: _ClassVar[int]
    name: str
    tg263_name: str
    role: str
    volume_cc: float
    voxel_count: float
    objective_weight: float
    prescription: _containers.RepeatedCompositeFieldContainer[DoseVolumePoint]
    prescribed_dose_gy: float
    bit: int
    def __init__(self, name: _Optional[str] = ..., tg263_name: _Optional[str] = ..., role: _Optional[str] = ..., volume_cc: _Optional[float] = ..., voxel_count: _Optional[float] = ..., objective_weight: _Optional[float] = ..., prescription: _Optional[_Iterable[_Union[DoseVolumePoint, _Mapping]]] = ..., prescribed_dose_gy: _Optional[float] = ..., bit: _Optional[int] = ...) -> None: ...

class DoseVolumePoint(_message.Message):
    __slots__ = ("dose_gy", "volume_fraction")
    DOSE_GY_FIELD_NUMBER: _ClassVar[int]
    VOLUME_FRACTION_FIELD_NUMBER: _ClassVar[int]
    dose_gy: float
    volume_fraction: float
    def __init__(self, dose_gy: _Optional[float] = ..., volume_fraction: _Optional[float] = ...) -> None: ...

class Beam(_message.Message):
    __slots__ = ("gantry_deg", "couch_deg", "columns", "rows", "column_width_mm", "row_height_mm")
    GANTRY_DEG_FIELD_NUMBER: _ClassVar[int]
    COUCH_DEG_FIELD_NUMBER: _ClassVar[int]
    COLUMNS_FIELD_NUMBER: _ClassVar[int]
    ROWS_FIELD_NUMBER: _ClassVar[int]
    COLUMN_WIDTH_MM_FIELD_NUMBER: _ClassVar[int]
    ROW_HEIGHT_MM_FIELD_NUMBER: _ClassVar[int]
    gantry_deg: float
    couch_deg: float
    columns: int
    rows: int
    column_width_mm: float
    row_height_mm: float
    def __init__(self, gantry_deg: _Optional[float] = ..., couch_deg: _Optional[float] = ..., columns: _Optional[int] = ..., rows: _Optional[int] = ..., column_width_mm: _Optional[float] = ..., row_height_mm: _Optional[float] = ...) -> None: ...

class Level(_message.Message):
    __slots__ = ("level", "beamlet_count", "histogram_sigma_gy", "variance_lower_gy2", "variance_upper_gy2", "iteration_limit", "tolerance")
    LEVEL_FIELD_NUMBER: _ClassVar[int]
    BEAMLET_COUNT_FIELD_NUMBER: _ClassVar[int]
    HISTOGRAM_SIGMA_GY_FIELD_NUMBER: _ClassVar[int]
    VARIANCE_LOWER_GY2_FIELD_NUMBER: _ClassVar[int]
    VARIANCE_UPPER_GY2_FIELD_NUMBER: _ClassVar[int]
    ITERATION_LIMIT_FIELD_NUMBER: _ClassVar[int]
    TOLERANCE_FIELD_NUMBER: _ClassVar[int]
    level: int
    beamlet_count: int
    histogram_sigma_gy: float
    variance_lower_gy2: float
    variance_upper_gy2: float
    iteration_limit: int
    tolerance: float
    def __init__(self, level: _Optional[int] = ..., beamlet_count: _Optional[int] = ..., histogram_sigma_gy: _Optional[float] = ..., variance_lower_gy2: _Optional[float] = ..., variance_upper_gy2: _Optional[float] = ..., iteration_limit: _Optional[int] = ..., tolerance: _Optional[float] = ...) -> None: ...

class Tensor(_message.Message):
    __slots__ = ("shape", "data")
    SHAPE_FIELD_NUMBER: _ClassVar[int]
    DATA_FIELD_NUMBER: _ClassVar[int]
    shape: _containers.RepeatedScalarFieldContainer[int]
    data: bytes
    def __init__(self, shape: _Optional[_Iterable[int]] = ..., data: _Optional[bytes] = ...) -> None: ...

class Volume(_message.Message):
    __slots__ = ("kind", "shape", "spacing_mm", "data")
    KIND_FIELD_NUMBER: _ClassVar[int]
    SHAPE_FIELD_NUMBER: _ClassVar[int]
    SPACING_MM_FIELD_NUMBER: _ClassVar[int]
    DATA_FIELD_NUMBER: _ClassVar[int]
    kind: str
    shape: _containers.RepeatedScalarFieldContainer[int]
    spacing_mm: _containers.RepeatedScalarFieldContainer[float]
    data: bytes
    def __init__(self, kind: _Optional[str] = ..., shape: _Optional[_Iterable[int]] = ..., spacing_mm: _Optional[_Iterable[float]] = ..., data: _Optional[bytes] = ...) -> None: ...

class Geometry(_message.Message):
    __slots__ = ("structures", "tensors")
    class TensorsEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: Tensor
        def __init__(self, key: _Optional[str] = ..., value: _Optional[_Union[Tensor, _Mapping]] = ...) -> None: ...
    STRUCTURES_FIELD_NUMBER: _ClassVar[int]
    TENSORS_FIELD_NUMBER: _ClassVar[int]
    structures: _containers.RepeatedCompositeFieldContainer[StructureGeometry]
    tensors: _containers.MessageMap[str, Tensor]
    def __init__(self, structures: _Optional[_Iterable[_Union[StructureGeometry, _Mapping]]] = ..., tensors: _Optional[_Mapping[str, Tensor]] = ...) -> None: ...

class StructureGeometry(_message.Message):
    __slots__ = ("structure", "sphericity", "dose_gradient_gy_per_mm", "target_distance_mm")
    STRUCTURE_FIELD_NUMBER: _ClassVar[int]
    SPHERICITY_FIELD_NUMBER: _ClassVar[int]
    DOSE_GRADIENT_GY_PER_MM_FIELD_NUMBER: _ClassVar[int]
    TARGET_DISTANCE_MM_FIELD_NUMBER: _ClassVar[int]
    structure: int
    sphericity: float
    dose_gradient_gy_per_mm: float
    target_distance_mm: float
    def __init__(self, structure: _Optional[int] = ..., sphericity: _Optional[float] = ..., dose_gradient_gy_per_mm: _Optional[float] = ..., target_distance_mm: _Optional[float] = ...) -> None: ...

class LevelStart(_message.Message):
    __slots__ = ("level", "stage", "beamlet_count", "histogram_sigma_gy", "variance_lower_gy2", "variance_upper_gy2", "objective", "tensors")
    class TensorsEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: Tensor
        def __init__(self, key: _Optional[str] = ..., value: _Optional[_Union[Tensor, _Mapping]] = ...) -> None: ...
    LEVEL_FIELD_NUMBER: _ClassVar[int]
    STAGE_FIELD_NUMBER: _ClassVar[int]
    BEAMLET_COUNT_FIELD_NUMBER: _ClassVar[int]
    HISTOGRAM_SIGMA_GY_FIELD_NUMBER: _ClassVar[int]
    VARIANCE_LOWER_GY2_FIELD_NUMBER: _ClassVar[int]
    VARIANCE_UPPER_GY2_FIELD_NUMBER: _ClassVar[int]
    OBJECTIVE_FIELD_NUMBER: _ClassVar[int]
    TENSORS_FIELD_NUMBER: _ClassVar[int]
    level: int
    stage: int
    beamlet_count: int
    histogram_sigma_gy: float
    variance_lower_gy2: float
    variance_upper_gy2: float
    objective: float
    tensors: _containers.MessageMap[str, Tensor]
    def __init__(self, level: _Optional[int] = ..., stage: _Optional[int] = ..., beamlet_count: _Optional[int] = ..., histogram_sigma_gy: _Optional[float] = ..., variance_lower_gy2: _Optional[float] = ..., variance_upper_gy2: _Optional[float] = ..., objective: _Optional[float] = ..., tensors: _Optional[_Mapping[str, Tensor]] = ...) -> None: ...

class Iteration(_message.Message):
    __slots__ = ("level", "stage", "iteration", "objective", "gradient_norm", "step_length", "value_calls", "gradient_calls", "elapsed_ms", "tensors")
    class TensorsEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: Tensor
        def __init__(self, key: _Optional[str] = ..., value: _Optional[_Union[Tensor, _Mapping]] = ...) -> None: ...
    LEVEL_FIELD_NUMBER: _ClassVar[int]
    STAGE_FIELD_NUMBER: _ClassVar[int]
    ITERATION_FIELD_NUMBER: _ClassVar[int]
    OBJECTIVE_FIELD_NUMBER: _ClassVar[int]
    GRADIENT_NORM_FIELD_NUMBER: _ClassVar[int]
    STEP_LENGTH_FIELD_NUMBER: _ClassVar[int]
    VALUE_CALLS_FIELD_NUMBER: _ClassVar[int]
    GRADIENT_CALLS_FIELD_NUMBER: _ClassVar[int]
    ELAPSED_MS_FIELD_NUMBER: _ClassVar[int]
    TENSORS_FIELD_NUMBER: _ClassVar[int]
    level: int
    stage: int
    iteration: int
    objective: float
    gradient_norm: float
    step_length: float
    value_calls: float
    gradient_calls: float
    elapsed_ms: float
    tensors: _containers.MessageMap[str, Tensor]
    def __init__(self, level: _Optional[int] = ..., stage: _Optional[int] = ..., iteration: _Optional[int] = ..., objective: _Optional[float] = ..., gradient_norm: _Optional[float] = ..., step_length: _Optional[float] = ..., value_calls: _Optional[float] = ..., gradient_calls: _Optional[float] = ..., elapsed_ms: _Optional[float] = ..., tensors: _Optional[_Mapping[str, Tensor]] = ...) -> None: ...

class LevelEnd(_message.Message):
    __slots__ = ("level", "stage", "stop_reason", "iterations", "value_calls", "gradient_calls", "objective", "elapsed_ms")
    LEVEL_FIELD_NUMBER: _ClassVar[int]
    STAGE_FIELD_NUMBER: _ClassVar[int]
    STOP_REASON_FIELD_NUMBER: _ClassVar[int]
    ITERATIONS_FIELD_NUMBER: _ClassVar[int]
    VALUE_CALLS_FIELD_NUMBER: _ClassVar[int]
    GRADIENT_CALLS_FIELD_NUMBER: _ClassVar[int]
    OBJECTIVE_FIELD_NUMBER: _ClassVar[int]
    ELAPSED_MS_FIELD_NUMBER: _ClassVar[int]
    level: int
    stage: int
    stop_reason: str
    iterations: int
    value_calls: float
    gradient_calls: float
    objective: float
    elapsed_ms: float
    def __init__(self, level: _Optional[int] = ..., stage: _Optional[int] = ..., stop_reason: _Optional[str] = ..., iterations: _Optional[int] = ..., value_calls: _Optional[float] = ..., gradient_calls: _Optional[float] = ..., objective: _Optional[float] = ..., elapsed_ms: _Optional[float] = ...) -> None: ...

class Receipt(_message.Message):
    __slots__ = ("verdict", "level", "iteration")
    VERDICT_FIELD_NUMBER: _ClassVar[int]
    LEVEL_FIELD_NUMBER: _ClassVar[int]
    ITERATION_FIELD_NUMBER: _ClassVar[int]
    verdict: str
    level: int
    iteration: int
    def __init__(self, verdict: _Optional[str] = ..., level: _Optional[int] = ..., iteration: _Optional[int] = ...) -> None: ...

class Advice(_message.Message):
    __slots__ = ("out_of_distribution_score", "initialization", "histogram_sigma", "pyramid_sigma", "adaptive_variance", "step_direction", "early_stopping")
    OUT_OF_DISTRIBUTION_SCORE_FIELD_NUMBER: _ClassVar[int]
    INITIALIZATION_FIELD_NUMBER: _ClassVar[int]
    HISTOGRAM_SIGMA_FIELD_NUMBER: _ClassVar[int]
    PYRAMID_SIGMA_FIELD_NUMBER: _ClassVar[int]
    ADAPTIVE_VARIANCE_FIELD_NUMBER: _ClassVar[int]
    STEP_DIRECTION_FIELD_NUMBER: _ClassVar[int]
    EARLY_STOPPING_FIELD_NUMBER: _ClassVar[int]
    out_of_distribution_score: float
    initialization: InitializationAdvice
    histogram_sigma: HistogramSigmaAdvice
    pyramid_sigma: PyramidSigmaAdvice
    adaptive_variance: AdaptiveVarianceAdvice
    step_direction: StepDirectionAdvice
    early_stopping: EarlyStoppingAdvice
    def __init__(self, out_of_distribution_score: _Optional[float] = ..., initialization: _Optional[_Union[InitializationAdvice, _Mapping]] = ..., histogram_sigma: _Optional[_Union[HistogramSigmaAdvice, _Mapping]] = ..., pyramid_sigma: _Optional[_Union[PyramidSigmaAdvice, _Mapping]] = ..., adaptive_variance: _Optional[_Union[AdaptiveVarianceAdvice, _Mapping]] = ..., step_direction: _Optional[_Union[StepDirectionAdvice, _Mapping]] = ..., early_stopping: _Optional[_Union[EarlyStoppingAdvice, _Mapping]] = ...) -> None: ...

class InitializationAdvice(_message.Message):
    __slots__ = ("weights",)
    WEIGHTS_FIELD_NUMBER: _ClassVar[int]
    weights: bytes
    def __init__(self, weights: _Optional[bytes] = ...) -> None: ...

class HistogramSigmaAdvice(_message.Message):
    __slots__ = ("structures",)
    STRUCTURES_FIELD_NUMBER: _ClassVar[int]
    structures: _containers.RepeatedCompositeFieldContainer[StructureSigma]
    def __init__(self, structures: _Optional[_Iterable[_Union[StructureSigma, _Mapping]]] = ...) -> None: ...

class StructureSigma(_message.Message):
    __slots__ = ("structure", "histogram_sigma_gy")
    STRUCTURE_FIELD_NUMBER: _ClassVar[int]
    HISTOGRAM_SIGMA_GY_FIELD_NUMBER: _ClassVar[int]
    structure: float
    histogram_sigma_gy: float
    def __init__(self, structure: _Optional[float] = ..., histogram_sigma_gy: _Optional[float] = ...) -> None: ...

class PyramidSigmaAdvice(_message.Message):
    __slots__ = ("stages",)
    STAGES_FIELD_NUMBER: _ClassVar[int]
    stages: _containers.RepeatedCompositeFieldContainer[Stage]
    def __init__(self, stages: _Optional[_Iterable[_Union[Stage, _Mapping]]] = ...) -> None: ...

class Stage(_message.Message):
    __slots__ = ("level", "histogram_sigma_gy", "iteration_limit")
    LEVEL_FIELD_NUMBER: _ClassVar[int]
    HISTOGRAM_SIGMA_GY_FIELD_NUMBER: _ClassVar[int]
    ITERATION_LIMIT_FIELD_NUMBER: _ClassVar[int]
    level: float
    histogram_sigma_gy: float
    iteration_limit: float
    def __init__(self, level: _Optional[float] = ..., histogram_sigma_gy: _Optional[float] = ..., iteration_limit: _Optional[float] = ...) -> None: ...

class AdaptiveVarianceAdvice(_message.Message):
    __slots__ = ("variance_gy2",)
    VARIANCE_GY2_FIELD_NUMBER: _ClassVar[int]
    variance_gy2: bytes
    def __init__(self, variance_gy2: _Optional[bytes] = ...) -> None: ...

class StepDirectionAdvice(_message.Message):
    __slots__ = ("space", "direction", "step_length")
    SPACE_FIELD_NUMBER: _ClassVar[int]
    DIRECTION_FIELD_NUMBER: _ClassVar[int]
    STEP_LENGTH_FIELD_NUMBER: _ClassVar[int]
    space: str
    direction: bytes
    step_length: float
    def __init__(self, space: _Optional[str] = ..., direction: _Optional[bytes] = ..., step_length: _Optional[float] = ...) -> None: ...

class EarlyStoppingAdvice(_message.Message):
    __slots__ = ("decision", "explanation", "predicted_final_objective", "predicted_standard_deviation")
    DECISION_FIELD_NUMBER: _ClassVar[int]
    EXPLANATION_FIELD_NUMBER: _ClassVar[int]
    PREDICTED_FINAL_OBJECTIVE_FIELD_NUMBER: _ClassVar[int]
    PREDICTED_STANDARD_DEVIATION_FIELD_NUMBER: _ClassVar[int]
    decision: str
    explanation: str
    predicted_final_objective: float
    predicted_standard_deviation: float
    def __init__(self, decision: _Optional[str] = ..., explanation: _Optional[str] = ..., predicted_final_objective: _Optional[float] = ..., predicted_standard_deviation: _Optional[float] = ...) -> None: ...
