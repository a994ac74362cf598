from dh_advisor_client.wire.generated import roles_pb2 as _roles_pb2
from dh_advisor_client.wire.generated import tensor_pb2 as _tensor_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from typing import ClassVar as _ClassVar, Iterable as _Iterable, Mapping as _Mapping, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class StructureRole(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    STRUCTURE_ROLE_UNSPECIFIED: _ClassVar[StructureRole]
    STRUCTURE_ROLE_TARGET: _ClassVar[StructureRole]
    STRUCTURE_ROLE_ORGAN_AT_RISK: _ClassVar[StructureRole]
    STRUCTURE_ROLE_NORMAL_TISSUE: _ClassVar[StructureRole]

class Solver(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    SOLVER_UNSPECIFIED: _ClassVar[Solver]
    SOLVER_DH: _ClassVar[Solver]
    SOLVER_LBFGS: _ClassVar[Solver]
    SOLVER_OTHER: _ClassVar[Solver]

class AdviceMode(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    ADVICE_MODE_UNSPECIFIED: _ClassVar[AdviceMode]
    ADVICE_MODE_SHADOW: _ClassVar[AdviceMode]
    ADVICE_MODE_ADVISE: _ClassVar[AdviceMode]

class Quality(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    QUALITY_UNSPECIFIED: _ClassVar[Quality]
    QUALITY_STRICT: _ClassVar[Quality]
    QUALITY_BALANCED: _ClassVar[Quality]
    QUALITY_FAST: _ClassVar[Quality]

class SelfCheckOutcome(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    SELF_CHECK_OUTCOME_UNSPECIFIED: _ClassVar[SelfCheckOutcome]
    SELF_CHECK_OUTCOME_PASSED: _ClassVar[SelfCheckOutcome]
    SELF_CHECK_OUTCOME_UNCLEAR: _ClassVar[SelfCheckOutcome]
    SELF_CHECK_OUTCOME_FAILED: _ClassVar[SelfCheckOutcome]

class StopReason(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    STOP_REASON_UNSPECIFIED: _ClassVar[StopReason]
    STOP_REASON_TOLERANCE: _ClassVar[StopReason]
    STOP_REASON_ITERATION_LIMIT: _ClassVar[StopReason]
    STOP_REASON_ADVICE: _ClassVar[StopReason]
    STOP_REASON_ZERO_GRADIENT: _ClassVar[StopReason]
    STOP_REASON_LINE_SEARCH: _ClassVar[StopReason]
    STOP_REASON_CANCELLED: _ClassVar[StopReason]
    STOP_REASON_SAFEGUARD: _ClassVar[StopReason]

class Plane(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    PLANE_UNSPECIFIED: _ClassVar[Plane]
    PLANE_AXIAL: _ClassVar[Plane]
    PLANE_CORONAL: _ClassVar[Plane]
    PLANE_SAGITTAL: _ClassVar[Plane]
STRUCTURE_ROLE_UNSPECIFIED: StructureRole
STRUCTURE_ROLE_TARGET: StructureRole
STRUCTURE_ROLE_ORGAN_AT_RISK: StructureRole
STRUCTURE_ROLE_NORMAL_TISSUE: StructureRole
SOLVER_UNSPECIFIED: Solver
SOLVER_DH: Solver
SOLVER_LBFGS: Solver
SOLVER_OTHER: Solver
ADVICE_MODE_UNSPECIFIED: AdviceMode
ADVICE_MODE_SHADOW: AdviceMode
ADVICE_MODE_ADVISE: AdviceMode
QUALITY_UNSPECIFIED: Quality
QUALITY_STRICT: Quality
QUALITY_BALANCED: Quality
QUALITY_FAST: Quality
SELF_CHECK_OUTCOME_UNSPECIFIED: SelfCheckOutcome
SELF_CHECK_OUTCOME_PASSED: SelfCheckOutcome
SELF_CHECK_OUTCOME_UNCLEAR: SelfCheckOutcome
SELF_CHECK_OUTCOME_FAILED: SelfCheckOutcome
STOP_REASON_UNSPECIFIED: StopReason
STOP_REASON_TOLERANCE: StopReason
STOP_REASON_ITERATION_LIMIT: StopReason
STOP_REASON_ADVICE: StopReason
STOP_REASON_ZERO_GRADIENT: StopReason
STOP_REASON_LINE_SEARCH: StopReason
STOP_REASON_CANCELLED: StopReason
STOP_REASON_SAFEGUARD: StopReason
PLANE_UNSPECIFIED: Plane
PLANE_AXIAL: Plane
PLANE_CORONAL: Plane
PLANE_SAGITTAL: Plane

class ProtocolVersion(_message.Message):
    __slots__ = ("major", "minor")
    MAJOR_FIELD_NUMBER: _ClassVar[int]
    MINOR_FIELD_NUMBER: _ClassVar[int]
    major: int
    minor: int
    def __init__(self, major: _Optional[int] = ..., minor: _Optional[int] = ...) -> None: ...

class DoseVolumePoint(_message.Message):
    __slots__ = ("dose_gy", "volume_fraction")
    DOSE_GY_FIELD_NUMBER: _ClassVar[int]
    VOLUME_FRACTION_FIELD_NUMBER: _ClassVar[int]
    dose_gy: float
    volume_fraction: float
    def __init__(self, dose_gy: _Optional[float] = ..., volume_fraction: _Optional[float] = ...) -> None: ...

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
    role: StructureRole
    volume_cc: float
    voxel_count: int
    objective_weight: float
    prescription: _containers.RepeatedCompositeFieldContainer[DoseVolumePoint]
    prescribed_dose_gy: float
    bit: int
    def __init__(self, name: _Optional[str] = ..., tg263_name: _Optional[str] = ..., role: _Optional[_Union[StructureRole, str]] = ..., volume_cc: _Optional[float] = ..., voxel_count: _Optional[int] = ..., objective_weight: _Optional[float] = ..., prescription: _Optional[_Iterable[_Union[DoseVolumePoint, _Mapping]]] = ..., prescribed_dose_gy: _Optional[float] = ..., bit: _Optional[int] = ...) -> None: ...

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

class LevelPlan(_message.Message):
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

class PlanStart(_message.Message):
    __slots__ = ("protocol", "client", "plan_key", "patient_key", "solver", "advice_mode", "may_record", "structures", "beams", "weight_ceiling", "weight_steepness", "levels", "accepts", "offers", "resume_token", "self_checks", "solver_name", "quality", "label")
    PROTOCOL_FIELD_NUMBER: _ClassVar[int]
    CLIENT_FIELD_NUMBER: _ClassVar[int]
    PLAN_KEY_FIELD_NUMBER: _ClassVar[int]
    PATIENT_KEY_FIELD_NUMBER: _ClassVar[int]
    SOLVER_FIELD_NUMBER: _ClassVar[int]
    ADVICE_MODE_FIELD_NUMBER: _ClassVar[int]
    MAY_RECORD_FIELD_NUMBER: _ClassVar[int]
    STRUCTURES_FIELD_NUMBER: _ClassVar[int]
    BEAMS_FIELD_NUMBER: _ClassVar[int]
    WEIGHT_CEILING_FIELD_NUMBER: _ClassVar[int]
    WEIGHT_STEEPNESS_FIELD_NUMBER: _ClassVar[int]
    LEVELS_FIELD_NUMBER: _ClassVar[int]
    ACCEPTS_FIELD_NUMBER: _ClassVar[int]
    OFFERS_FIELD_NUMBER: _ClassVar[int]
    RESUME_TOKEN_FIELD_NUMBER: _ClassVar[int]
    SELF_CHECKS_FIELD_NUMBER: _ClassVar[int]
    SOLVER_NAME_FIELD_NUMBER: _ClassVar[int]
    QUALITY_FIELD_NUMBER: _ClassVar[int]
    LABEL_FIELD_NUMBER: _ClassVar[int]
    protocol: ProtocolVersion
    client: str
    plan_key: str
    patient_key: str
    solver: Solver
    advice_mode: AdviceMode
    may_record: bool
    structures: _containers.RepeatedCompositeFieldContainer[Structure]
    beams: _containers.RepeatedCompositeFieldContainer[Beam]
    weight_ceiling: float
    weight_steepness: float
    levels: _containers.RepeatedCompositeFieldContainer[LevelPlan]
    accepts: _containers.RepeatedScalarFieldContainer[_roles_pb2.Role]
    offers: _containers.RepeatedScalarFieldContainer[_tensor_pb2.TensorKind]
    resume_token: bytes
    self_checks: _containers.RepeatedCompositeFieldContainer[SelfCheck]
    solver_name: str
    quality: Quality
    label: str
    def __init__(self, protocol: _Optional[_Union[ProtocolVersion, _Mapping]] = ..., client: _Optional[str] = ..., plan_key: _Optional[str] = ..., patient_key: _Optional[str] = ..., solver: _Optional[_Union[Solver, str]] = ..., advice_mode: _Optional[_Union[AdviceMode, str]] = ..., may_record: bool = ..., structures: _Optional[_Iterable[_Union[Structure, _Mapping]]] = ..., beams: _Optional[_Iterable[_Union[Beam, _Mapping]]] = ..., weight_ceiling: _Optional[float] = ..., weight_steepness: _Optional[float] = ..., levels: _Optional[_Iterable[_Union[LevelPlan, _Mapping]]] = ..., accepts: _Optional[_Iterable[_Union[_roles_pb2.Role, str]]] = ..., offers: _Optional[_Iterable[_Union[_tensor_pb2.TensorKind, str]]] = ..., resume_token: _Optional[bytes] = ..., self_checks: _Optional[_Iterable[_Union[SelfCheck, _Mapping]]] = ..., solver_name: _Optional[str] = ..., quality: _Optional[_Union[Quality, str]] = ..., label: _Optional[str] = ...) -> None: ...

class SelfCheck(_message.Message):
    __slots__ = ("outcome", "field", "finding")
    OUTCOME_FIELD_NUMBER: _ClassVar[int]
    FIELD_FIELD_NUMBER: _ClassVar[int]
    FINDING_FIELD_NUMBER: _ClassVar[int]
    outcome: SelfCheckOutcome
    field: str
    finding: str
    def __init__(self, outcome: _Optional[_Union[SelfCheckOutcome, str]] = ..., field: _Optional[str] = ..., finding: _Optional[str] = ...) -> None: ...

class VolumeChunk(_message.Message):
    __slots__ = ("kind", "data_type", "shape", "spacing_mm", "offset_bytes", "data", "running_crc32c")
    KIND_FIELD_NUMBER: _ClassVar[int]
    DATA_TYPE_FIELD_NUMBER: _ClassVar[int]
    SHAPE_FIELD_NUMBER: _ClassVar[int]
    SPACING_MM_FIELD_NUMBER: _ClassVar[int]
    OFFSET_BYTES_FIELD_NUMBER: _ClassVar[int]
    DATA_FIELD_NUMBER: _ClassVar[int]
    RUNNING_CRC32C_FIELD_NUMBER: _ClassVar[int]
    kind: _tensor_pb2.TensorKind
    data_type: _tensor_pb2.DataType
    shape: _containers.RepeatedScalarFieldContainer[int]
    spacing_mm: _containers.RepeatedScalarFieldContainer[float]
    offset_bytes: int
    data: bytes
    running_crc32c: int
    def __init__(self, kind: _Optional[_Union[_tensor_pb2.TensorKind, str]] = ..., data_type: _Optional[_Union[_tensor_pb2.DataType, str]] = ..., shape: _Optional[_Iterable[int]] = ..., spacing_mm: _Optional[_Iterable[float]] = ..., offset_bytes: _Optional[int] = ..., data: _Optional[bytes] = ..., running_crc32c: _Optional[int] = ...) -> None: ...

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

class Geometry(_message.Message):
    __slots__ = ("structures", "tensors")
    STRUCTURES_FIELD_NUMBER: _ClassVar[int]
    TENSORS_FIELD_NUMBER: _ClassVar[int]
    structures: _containers.RepeatedCompositeFieldContainer[StructureGeometry]
    tensors: _containers.RepeatedCompositeFieldContainer[NamedTensor]
    def __init__(self, structures: _Optional[_Iterable[_Union[StructureGeometry, _Mapping]]] = ..., tensors: _Optional[_Iterable[_Union[NamedTensor, _Mapping]]] = ...) -> None: ...

class NamedTensor(_message.Message):
    __slots__ = ("kind", "tensor")
    KIND_FIELD_NUMBER: _ClassVar[int]
    TENSOR_FIELD_NUMBER: _ClassVar[int]
    kind: _tensor_pb2.TensorKind
    tensor: _tensor_pb2.Tensor
    def __init__(self, kind: _Optional[_Union[_tensor_pb2.TensorKind, str]] = ..., tensor: _Optional[_Union[_tensor_pb2.Tensor, _Mapping]] = ...) -> None: ...

class LevelStart(_message.Message):
    __slots__ = ("level", "stage", "beamlet_count", "histogram_sigma_gy", "variance_lower_gy2", "variance_upper_gy2", "objective", "tensors")
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
    tensors: _containers.RepeatedCompositeFieldContainer[NamedTensor]
    def __init__(self, level: _Optional[int] = ..., stage: _Optional[int] = ..., beamlet_count: _Optional[int] = ..., histogram_sigma_gy: _Optional[float] = ..., variance_lower_gy2: _Optional[float] = ..., variance_upper_gy2: _Optional[float] = ..., objective: _Optional[float] = ..., tensors: _Optional[_Iterable[_Union[NamedTensor, _Mapping]]] = ...) -> None: ...

class Iteration(_message.Message):
    __slots__ = ("level", "stage", "iteration", "objective", "gradient_norm", "step_length", "value_calls", "gradient_calls", "elapsed_ms", "tensors")
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
    value_calls: int
    gradient_calls: int
    elapsed_ms: float
    tensors: _containers.RepeatedCompositeFieldContainer[NamedTensor]
    def __init__(self, level: _Optional[int] = ..., stage: _Optional[int] = ..., iteration: _Optional[int] = ..., objective: _Optional[float] = ..., gradient_norm: _Optional[float] = ..., step_length: _Optional[float] = ..., value_calls: _Optional[int] = ..., gradient_calls: _Optional[int] = ..., elapsed_ms: _Optional[float] = ..., tensors: _Optional[_Iterable[_Union[NamedTensor, _Mapping]]] = ...) -> None: ...

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
    stop_reason: StopReason
    iterations: int
    value_calls: int
    gradient_calls: int
    objective: float
    elapsed_ms: float
    def __init__(self, level: _Optional[int] = ..., stage: _Optional[int] = ..., stop_reason: _Optional[_Union[StopReason, str]] = ..., iterations: _Optional[int] = ..., value_calls: _Optional[int] = ..., gradient_calls: _Optional[int] = ..., objective: _Optional[float] = ..., elapsed_ms: _Optional[float] = ...) -> None: ...

class DoseMetric(_message.Message):
    __slots__ = ("structure", "name", "value", "unit")
    STRUCTURE_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    VALUE_FIELD_NUMBER: _ClassVar[int]
    UNIT_FIELD_NUMBER: _ClassVar[int]
    structure: int
    name: str
    value: float
    unit: str
    def __init__(self, structure: _Optional[int] = ..., name: _Optional[str] = ..., value: _Optional[float] = ..., unit: _Optional[str] = ...) -> None: ...

class DoseVolumeCurve(_message.Message):
    __slots__ = ("structure", "points")
    STRUCTURE_FIELD_NUMBER: _ClassVar[int]
    POINTS_FIELD_NUMBER: _ClassVar[int]
    structure: int
    points: _containers.RepeatedCompositeFieldContainer[DoseVolumePoint]
    def __init__(self, structure: _Optional[int] = ..., points: _Optional[_Iterable[_Union[DoseVolumePoint, _Mapping]]] = ...) -> None: ...

class DoseSlice(_message.Message):
    __slots__ = ("plane", "dose_gy", "row_spacing_mm", "column_spacing_mm")
    PLANE_FIELD_NUMBER: _ClassVar[int]
    DOSE_GY_FIELD_NUMBER: _ClassVar[int]
    ROW_SPACING_MM_FIELD_NUMBER: _ClassVar[int]
    COLUMN_SPACING_MM_FIELD_NUMBER: _ClassVar[int]
    plane: Plane
    dose_gy: _tensor_pb2.Tensor
    row_spacing_mm: float
    column_spacing_mm: float
    def __init__(self, plane: _Optional[_Union[Plane, str]] = ..., dose_gy: _Optional[_Union[_tensor_pb2.Tensor, _Mapping]] = ..., row_spacing_mm: _Optional[float] = ..., column_spacing_mm: _Optional[float] = ...) -> None: ...

class UnadvisedPlan(_message.Message):
    __slots__ = ("reference_objective", "call_equivalents", "metrics", "curves")
    REFERENCE_OBJECTIVE_FIELD_NUMBER: _ClassVar[int]
    CALL_EQUIVALENTS_FIELD_NUMBER: _ClassVar[int]
    METRICS_FIELD_NUMBER: _ClassVar[int]
    CURVES_FIELD_NUMBER: _ClassVar[int]
    reference_objective: float
    call_equivalents: float
    metrics: _containers.RepeatedCompositeFieldContainer[DoseMetric]
    curves: _containers.RepeatedCompositeFieldContainer[DoseVolumeCurve]
    def __init__(self, reference_objective: _Optional[float] = ..., call_equivalents: _Optional[float] = ..., metrics: _Optional[_Iterable[_Union[DoseMetric, _Mapping]]] = ..., curves: _Optional[_Iterable[_Union[DoseVolumeCurve, _Mapping]]] = ...) -> None: ...

class PlanFinish(_message.Message):
    __slots__ = ("stop_reason", "iterations", "value_calls", "gradient_calls", "call_equivalents", "optimization_ms", "advice_wait_ms", "reference_objective", "metrics", "final_weights", "curves", "slices", "unadvised")
    STOP_REASON_FIELD_NUMBER: _ClassVar[int]
    ITERATIONS_FIELD_NUMBER: _ClassVar[int]
    VALUE_CALLS_FIELD_NUMBER: _ClassVar[int]
    GRADIENT_CALLS_FIELD_NUMBER: _ClassVar[int]
    CALL_EQUIVALENTS_FIELD_NUMBER: _ClassVar[int]
    OPTIMIZATION_MS_FIELD_NUMBER: _ClassVar[int]
    ADVICE_WAIT_MS_FIELD_NUMBER: _ClassVar[int]
    REFERENCE_OBJECTIVE_FIELD_NUMBER: _ClassVar[int]
    METRICS_FIELD_NUMBER: _ClassVar[int]
    FINAL_WEIGHTS_FIELD_NUMBER: _ClassVar[int]
    CURVES_FIELD_NUMBER: _ClassVar[int]
    SLICES_FIELD_NUMBER: _ClassVar[int]
    UNADVISED_FIELD_NUMBER: _ClassVar[int]
    stop_reason: StopReason
    iterations: int
    value_calls: int
    gradient_calls: int
    call_equivalents: float
    optimization_ms: float
    advice_wait_ms: float
    reference_objective: float
    metrics: _containers.RepeatedCompositeFieldContainer[DoseMetric]
    final_weights: _tensor_pb2.Tensor
    curves: _containers.RepeatedCompositeFieldContainer[DoseVolumeCurve]
    slices: _containers.RepeatedCompositeFieldContainer[DoseSlice]
    unadvised: UnadvisedPlan
    def __init__(self, stop_reason: _Optional[_Union[StopReason, str]] = ..., iterations: _Optional[int] = ..., value_calls: _Optional[int] = ..., gradient_calls: _Optional[int] = ..., call_equivalents: _Optional[float] = ..., optimization_ms: _Optional[float] = ..., advice_wait_ms: _Optional[float] = ..., reference_objective: _Optional[float] = ..., metrics: _Optional[_Iterable[_Union[DoseMetric, _Mapping]]] = ..., final_weights: _Optional[_Union[_tensor_pb2.Tensor, _Mapping]] = ..., curves: _Optional[_Iterable[_Union[DoseVolumeCurve, _Mapping]]] = ..., slices: _Optional[_Iterable[_Union[DoseSlice, _Mapping]]] = ..., unadvised: _Optional[_Union[UnadvisedPlan, _Mapping]] = ...) -> None: ...
