"""What the host answers. `None` is "no advice", which is always a valid answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from dh_advisor_client.enums import DirectionSpace, Quality, Role, StopDecision
from dh_advisor_client.plan import FloatArray


@dataclass(frozen=True)
class StructureSigma:
    """Histogram sigma of one structure, by its index in the plan start, at the finest level."""

    structure: int
    histogram_sigma_gy: float


@dataclass(frozen=True)
class Stage:
    """One stage of a schedule; `iteration_limit` 0 = the solver's own."""

    level: int
    histogram_sigma_gy: float
    iteration_limit: int = 0


@dataclass(frozen=True)
class GeometryAdvice:
    """Answers `Geometry`."""

    structure_sigmas: Sequence[StructureSigma] | None = None
    stages: Sequence[Stage] | None = None


@dataclass(frozen=True)
class LevelAdvice:
    """Answers `LevelStart`: weights in [0, ceiling], variances in Gy^2 inside the level's bounds; each of length n."""

    initial_weights: FloatArray | None = None
    variance_gy2: FloatArray | None = None


@dataclass(frozen=True)
class StopAdvice:
    """Whether to stop, and where the stage is predicted to end."""

    decision: StopDecision
    explanation: str = ""
    predicted_final_objective: float | None = None
    predicted_standard_deviation: float | None = None


@dataclass(frozen=True)
class DirectionAdvice:
    """A search direction of length n; `step_length` is the multiplier to try first."""

    space: DirectionSpace
    direction: FloatArray
    step_length: float | None = None


@dataclass(frozen=True)
class IterationAdvice:
    """Answers `Iteration`."""

    stop: StopAdvice | None = None
    direction: DirectionAdvice | None = None
    variance_gy2: FloatArray | None = None


@dataclass(frozen=True)
class RoleBinding:
    """Who serves a role in this session; pinned when it opens. `plugin` is empty when the role is off."""

    role: Role
    plugin: str = ""
    plugin_version: str = ""
    model: str = ""
    model_sha256: str = ""
    arm: str = ""
    deadline_ms: int = 0
    declined: str = ""


@dataclass(frozen=True)
class Provenance:
    """Where the advice of a plan came from, to be kept beside it; the contract's `Provenance` says what each means."""

    host: str
    session_id: str
    configuration_generation: int
    arm: str
    bindings: tuple[RoleBinding, ...]
    quality: Quality | None
    """The one the host took the plan for."""
    resumptions: int
    answers: int
    journal_sha256: str
