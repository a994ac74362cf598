"""What a plugin sees of a session. Arrays are read-only."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

Vector: TypeAlias = npt.NDArray[np.float64]
#: By kind, such as `gradient`. Any may be missing: the client sends what it can.
Tensors: TypeAlias = Mapping[str, Vector]


@dataclass(frozen=True)
class DoseVolumePoint:
    """`volume_fraction` of a structure gets at least `dose_gy`."""

    dose_gy: float
    volume_fraction: float


@dataclass(frozen=True)
class Structure:
    """A structure as planned."""

    name: str
    #: Empty when there is none.
    tg263_name: str
    #: `target`, `organ-at-risk` or `normal-tissue`.
    role: str
    volume_cc: float
    voxel_count: int
    objective_weight: float
    #: Doses ascending, piecewise linear.
    prescription: Sequence[DoseVolumePoint]
    #: Of a target; None for other structures.
    prescribed_dose_gy: float | None
    #: In the mask volume.
    bit: int


@dataclass(frozen=True)
class Beam:
    """A beam and its grid of beamlets at the finest level. Angles follow IEC 61217."""

    gantry_deg: float
    couch_deg: float
    columns: int
    rows: int
    column_width_mm: float
    row_height_mm: float


@dataclass(frozen=True)
class Level:
    """A level of the pyramid as the optimizer would run it without advice. Level 0 is the finest."""

    level: int
    beamlet_count: int
    histogram_sigma_gy: float
    variance_lower_gy2: float
    variance_upper_gy2: float
    iteration_limit: int
    tolerance: float


@dataclass(frozen=True)
class Plan:
    """What the optimizer said when the plan opened. Never changes during a session."""

    #: `dh`, `lbfgs` or `other`.
    solver: str
    solver_name: str
    structures: Sequence[Structure]
    beams: Sequence[Beam]
    weight_ceiling: float
    weight_steepness: float
    #: Finest first: `levels[k].level == k`.
    levels: Sequence[Level]
    accepts: Sequence[str]
    offers: Sequence[str]
    #: What the user lets advice do: `strict` (nothing, the plan is made without as well), `balanced` (0.5 % of the
    #: reference objective in the median of plans, 2 % at worst) or `fast` (whatever passes the gates).
    quality: str = "balanced"


@dataclass(frozen=True)
class StructureGeometry:
    """Geometry of one structure."""

    #: Index into `plan.structures`.
    structure: int
    sphericity: float
    dose_gradient_gy_per_mm: float
    target_distance_mm: float


@dataclass(frozen=True)
class Geometry:
    """Sent once, before the first level. The question of `histogram-sigma` and `pyramid-sigma`."""

    structures: Sequence[StructureGeometry]
    tensors: Tensors


@dataclass(frozen=True)
class LevelStart:
    """A level, or one stage of it, is about to start. The question of `initialization` and `adaptive-variance`."""

    level: int
    stage: int
    beamlet_count: int
    histogram_sigma_gy: float
    variance_lower_gy2: float
    variance_upper_gy2: float
    #: Of the level at the default start.
    objective: float
    tensors: Tensors


@dataclass(frozen=True)
class IterationRecord:
    """The scalars of one finished iteration."""

    level: int
    stage: int
    #: Counts from 0 in each stage.
    iteration: int
    objective: float
    gradient_norm: float
    step_length: float
    #: Of the plan so far.
    value_calls: int
    gradient_calls: int
    elapsed_ms: float


@dataclass(frozen=True)
class Iteration(IterationRecord):
    """A finished iteration with what came along. The question of `step-direction` and `early-stopping`."""

    tensors: Tensors


@dataclass(frozen=True)
class LevelEnd:
    """A stage has ended."""

    level: int
    stage: int
    stop_reason: str
    iterations: int
    value_calls: int
    gradient_calls: int
    objective: float
    elapsed_ms: float


@dataclass(frozen=True)
class Receipt:
    """What the optimizer did with an earlier piece of this role's advice: `accepted`, or a refusal."""

    verdict: str
    level: int
    #: None for geometry and level advice.
    iteration: int | None


#: What happens in a session, in order.
Event: TypeAlias = Geometry | LevelStart | Iteration | LevelEnd | Receipt


@dataclass(frozen=True)
class Volume:
    """A volume on the dose grid: (z, y, x), spacing x, y, z."""

    data: npt.NDArray[np.int16] | npt.NDArray[np.uint16]
    spacing_mm: tuple[float, float, float]


@dataclass
class StageView:
    """One stage as it went so far."""

    #: Its tensors are not kept.
    start: LevelStart
    #: Oldest first. The oldest are dropped beyond the host's history bound.
    iterations: list[IterationRecord] = field(default_factory=list)
    dropped_iterations: int = 0
    #: None while the stage runs.
    end: LevelEnd | None = None


@dataclass
class SessionView:
    """What a plugin may know about the session it advises: one object, which grows. Plugins never write it."""

    #: Opaque; for log lines only.
    session_id: str
    #: The same for the same plan, unsigned 32-bit.
    seed: int
    plan: Plan
    #: None until the client has sent it; some never do.
    geometry: Geometry | None = None
    #: By `ct` and `structure-mask`.
    volumes: dict[str, Volume] = field(default_factory=dict)
    #: Oldest first; the last is the one running.
    stages: list[StageView] = field(default_factory=list)
