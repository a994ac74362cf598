"""What an optimizer says about its plan. The contract (`proto/dh/advisor/v1`) says more of each field.

Levels count from 0, the finest, everywhere. Vectors over beamlets have the order beam, row, column (column fastest).
All values are plain and immutable; arrays in them are not copied until they are sent.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from dh_advisor_client.enums import CheckOutcome, Plane, Quality, Role, Solver, StopReason, StructureRole, TensorKind

FloatArray: TypeAlias = npt.NDArray[np.float64]
Tensors: TypeAlias = Mapping[TensorKind, npt.NDArray[Any]]


@dataclass(frozen=True)
class DoseVolumePoint:
    """`volume_fraction` in [0, 1] of the structure is to receive at least `dose_gy`."""

    dose_gy: float
    volume_fraction: float


@dataclass(frozen=True)
class Structure:
    """A structure as planned: organs without their overlap with targets, target voxels in their highest dose only."""

    name: str
    role: StructureRole
    volume_cc: float = 0.0
    voxel_count: int = 0
    objective_weight: float = 0.0
    prescription: Sequence[DoseVolumePoint] = ()
    prescribed_dose_gy: float | None = None
    tg263_name: str = ""
    bit: int = 0


@dataclass(frozen=True)
class Beam:
    """One beam, IEC 61217 angles in degrees, and its grid of beamlets at the isocentre plane, centred on it."""

    gantry_deg: float
    columns: int
    rows: int
    column_width_mm: float
    row_height_mm: float
    couch_deg: float = 0.0


@dataclass(frozen=True)
class LevelPlan:
    """A level of the pyramid, as it would run without advice. Variance bounds are 0 where nothing is adapted."""

    level: int
    beamlet_count: int
    histogram_sigma_gy: float
    variance_lower_gy2: float = 0.0
    variance_upper_gy2: float = 0.0
    iteration_limit: int = 0
    tolerance: float = 0.0


@dataclass(frozen=True)
class SelfCheck:
    """What a client's check of its own plan found; see `dh_advisor_client.checks`."""

    outcome: CheckOutcome
    field: str = ""
    finding: str = ""


@dataclass(frozen=True)
class PlanStart:
    """Opens a session. `accepts`: roles this optimizer can use; `offers`: tensors it can send."""

    client: str
    plan_key: str
    solver: Solver
    structures: Sequence[Structure]
    beams: Sequence[Beam]
    levels: Sequence[LevelPlan]
    weight_ceiling: float
    weight_steepness: float
    accepts: Sequence[Role] = ()
    offers: Sequence[TensorKind] = ()
    solver_name: str = ""
    patient_key: str = ""
    may_record: bool = False
    self_checks: Sequence[SelfCheck] = ()
    quality: Quality | None = None
    """None: hosts take it for balanced."""
    label: str = ""
    """What operators see the plan under, at most 64 bytes; never a person's name, number or date."""


@dataclass(frozen=True)
class StructureGeometry:
    """Geometry of one structure; `structure` is its index in the plan start."""

    structure: int
    sphericity: float
    dose_gradient_gy_per_mm: float
    target_distance_mm: float


@dataclass(frozen=True)
class Geometry:
    """Asked once, after the start."""

    structures: Sequence[StructureGeometry] = ()
    tensors: Tensors = field(default_factory=dict)


@dataclass(frozen=True)
class LevelStart:
    """A level, or a stage of it, is about to start. `objective` is that of the default start."""

    level: int
    stage: int
    beamlet_count: int
    histogram_sigma_gy: float
    objective: float
    variance_lower_gy2: float = 0.0
    variance_upper_gy2: float = 0.0
    tensors: Tensors = field(default_factory=dict)


@dataclass(frozen=True)
class Iteration:
    """An iteration has ended; counted from 0 in each stage. Calls and time are of the plan so far."""

    level: int
    stage: int
    iteration: int
    objective: float
    gradient_norm: float
    step_length: float
    value_calls: int = 0
    gradient_calls: int = 0
    elapsed_ms: float = 0.0
    tensors: Tensors = field(default_factory=dict)


@dataclass(frozen=True)
class LevelEnd:
    """A stage has ended. Not answered."""

    level: int
    stage: int
    stop_reason: StopReason
    iterations: int
    objective: float
    value_calls: int = 0
    gradient_calls: int = 0
    elapsed_ms: float = 0.0


@dataclass(frozen=True)
class DoseMetric:
    """A figure read off the recomputed dose of one structure, such as D95; unit `Gy` or `1`."""

    structure: int
    name: str
    value: float
    unit: str = "Gy"


@dataclass(frozen=True)
class DoseVolumeCurve:
    """Cumulative dose-volume histogram of one structure: doses ascending, at most 201 points."""

    structure: int
    points: Sequence[DoseVolumePoint]


@dataclass(frozen=True)
class DoseSlice:
    """The dose in one plane through the isocentre, shape (rows, columns), at most 256 of each, Gy."""

    plane: Plane
    dose_gy: FloatArray
    row_spacing_mm: float
    column_spacing_mm: float


@dataclass(frozen=True)
class UnadvisedPlan:
    """The same plan made without advice."""

    reference_objective: float
    call_equivalents: float
    metrics: Sequence[DoseMetric] = ()
    curves: Sequence[DoseVolumeCurve] = ()


@dataclass(frozen=True)
class PlanFinish:
    """The plan has ended. `reference_objective`: at level 0, default sigmas, every variance at its lower bound."""

    stop_reason: StopReason
    iterations: int
    reference_objective: float
    value_calls: int = 0
    gradient_calls: int = 0
    call_equivalents: float = 0.0
    optimization_ms: float = 0.0
    metrics: Sequence[DoseMetric] = ()
    final_weights: FloatArray | None = None
    curves: Sequence[DoseVolumeCurve] = ()
    """For the reports of people, as `slices`, of which there is at most one a plane."""
    slices: Sequence[DoseSlice] = ()
    unadvised: UnadvisedPlan | None = None
    """Where it was made as well."""
