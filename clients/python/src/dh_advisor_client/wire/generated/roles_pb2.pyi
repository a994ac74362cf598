from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class Role(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    ROLE_UNSPECIFIED: _ClassVar[Role]
    ROLE_INITIALIZATION: _ClassVar[Role]
    ROLE_HISTOGRAM_SIGMA: _ClassVar[Role]
    ROLE_PYRAMID_SIGMA: _ClassVar[Role]
    ROLE_ADAPTIVE_VARIANCE: _ClassVar[Role]
    ROLE_STEP_DIRECTION: _ClassVar[Role]
    ROLE_EARLY_STOPPING: _ClassVar[Role]

class Outcome(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    OUTCOME_UNSPECIFIED: _ClassVar[Outcome]
    OUTCOME_APPLIED: _ClassVar[Outcome]
    OUTCOME_CLAMPED: _ClassVar[Outcome]
    OUTCOME_REJECTED: _ClassVar[Outcome]
    OUTCOME_DEFAULT: _ClassVar[Outcome]
    OUTCOME_TIMEOUT: _ClassVar[Outcome]
    OUTCOME_FAILED: _ClassVar[Outcome]
    OUTCOME_OUT_OF_DISTRIBUTION: _ClassVar[Outcome]
    OUTCOME_DISABLED: _ClassVar[Outcome]
    OUTCOME_SHADOW: _ClassVar[Outcome]

class Verdict(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    VERDICT_UNSPECIFIED: _ClassVar[Verdict]
    VERDICT_ACCEPTED: _ClassVar[Verdict]
    VERDICT_WRONG_FRAME: _ClassVar[Verdict]
    VERDICT_WRONG_LENGTH: _ClassVar[Verdict]
    VERDICT_NOT_FINITE: _ClassVar[Verdict]
    VERDICT_OUT_OF_RANGE: _ClassVar[Verdict]
    VERDICT_LATE: _ClassVar[Verdict]
    VERDICT_DUPLICATE: _ClassVar[Verdict]
    VERDICT_WORSE_THAN_DEFAULT: _ClassVar[Verdict]
    VERDICT_NOT_DESCENT: _ClassVar[Verdict]
    VERDICT_STEP_NOT_ACCEPTABLE: _ClassVar[Verdict]
    VERDICT_SWITCHED_OFF: _ClassVar[Verdict]
    VERDICT_TOO_EARLY: _ClassVar[Verdict]
    VERDICT_STILL_IMPROVING: _ClassVar[Verdict]
    VERDICT_SHADOW: _ClassVar[Verdict]
    VERDICT_NOT_ACCEPTED_ROLE: _ClassVar[Verdict]
    VERDICT_BAD_SCHEDULE: _ClassVar[Verdict]
    VERDICT_CORRUPT: _ClassVar[Verdict]
ROLE_UNSPECIFIED: Role
ROLE_INITIALIZATION: Role
ROLE_HISTOGRAM_SIGMA: Role
ROLE_PYRAMID_SIGMA: Role
ROLE_ADAPTIVE_VARIANCE: Role
ROLE_STEP_DIRECTION: Role
ROLE_EARLY_STOPPING: Role
OUTCOME_UNSPECIFIED: Outcome
OUTCOME_APPLIED: Outcome
OUTCOME_CLAMPED: Outcome
OUTCOME_REJECTED: Outcome
OUTCOME_DEFAULT: Outcome
OUTCOME_TIMEOUT: Outcome
OUTCOME_FAILED: Outcome
OUTCOME_OUT_OF_DISTRIBUTION: Outcome
OUTCOME_DISABLED: Outcome
OUTCOME_SHADOW: Outcome
VERDICT_UNSPECIFIED: Verdict
VERDICT_ACCEPTED: Verdict
VERDICT_WRONG_FRAME: Verdict
VERDICT_WRONG_LENGTH: Verdict
VERDICT_NOT_FINITE: Verdict
VERDICT_OUT_OF_RANGE: Verdict
VERDICT_LATE: Verdict
VERDICT_DUPLICATE: Verdict
VERDICT_WORSE_THAN_DEFAULT: Verdict
VERDICT_NOT_DESCENT: Verdict
VERDICT_STEP_NOT_ACCEPTABLE: Verdict
VERDICT_SWITCHED_OFF: Verdict
VERDICT_TOO_EARLY: Verdict
VERDICT_STILL_IMPROVING: Verdict
VERDICT_SHADOW: Verdict
VERDICT_NOT_ACCEPTED_ROLE: Verdict
VERDICT_BAD_SCHEDULE: Verdict
VERDICT_CORRUPT: Verdict

class AdviceHeader(_message.Message):
    __slots__ = ("role", "outcome", "reason", "latency_us", "out_of_distribution_score", "configuration_generation", "is_final", "detail")
    ROLE_FIELD_NUMBER: _ClassVar[int]
    OUTCOME_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    LATENCY_US_FIELD_NUMBER: _ClassVar[int]
    OUT_OF_DISTRIBUTION_SCORE_FIELD_NUMBER: _ClassVar[int]
    CONFIGURATION_GENERATION_FIELD_NUMBER: _ClassVar[int]
    IS_FINAL_FIELD_NUMBER: _ClassVar[int]
    DETAIL_FIELD_NUMBER: _ClassVar[int]
    role: Role
    outcome: Outcome
    reason: str
    latency_us: int
    out_of_distribution_score: float
    configuration_generation: int
    is_final: bool
    detail: str
    def __init__(self, role: _Optional[_Union[Role, str]] = ..., outcome: _Optional[_Union[Outcome, str]] = ..., reason: _Optional[str] = ..., latency_us: _Optional[int] = ..., out_of_distribution_score: _Optional[float] = ..., configuration_generation: _Optional[int] = ..., is_final: bool = ..., detail: _Optional[str] = ...) -> None: ...

class AdviceReceipt(_message.Message):
    __slots__ = ("role", "verdict", "level", "iteration")
    ROLE_FIELD_NUMBER: _ClassVar[int]
    VERDICT_FIELD_NUMBER: _ClassVar[int]
    LEVEL_FIELD_NUMBER: _ClassVar[int]
    ITERATION_FIELD_NUMBER: _ClassVar[int]
    role: Role
    verdict: Verdict
    level: int
    iteration: int
    def __init__(self, role: _Optional[_Union[Role, str]] = ..., verdict: _Optional[_Union[Verdict, str]] = ..., level: _Optional[int] = ..., iteration: _Optional[int] = ...) -> None: ...
