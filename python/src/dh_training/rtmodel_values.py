"""Plain values that go in and come out of the binding to the optimizer, and how C takes them. Research software."""

from __future__ import annotations

from ctypes import POINTER, c_double
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]


class RtModelError(RuntimeError):
    """What the optimizer refused, in its own words: what is wrong and how to fix it."""


@dataclass(frozen=True)
class Structure:
    """One structure as planned."""

    name: str
    role: str
    prescribed_dose_gy: float | None
    objective_weight: float
    volume_cc: float
    sphericity: float
    dose_gradient_gy_per_mm: float
    target_distance_mm: float
    planned_rows: npt.NDArray[np.int32]
    """Rows of the influence matrix, overlap with targets left out."""
    prescription: FloatArray
    """Wanted cumulative curve, (points, 2): dose in Gy, volume fraction."""


@dataclass(frozen=True)
class Stage:
    """One run of the solver at a level and a sigma."""

    level: int
    histogram_sigma_gy: float
    iteration_limit: int = 0
    """0 = the solver's own limit."""
    tolerance: float = 0.0
    """Relative change of F that ends the stage; 0 = the solver's own."""


@dataclass(frozen=True)
class Influence:
    """Gy per unit weight in compressed rows: voxels x beamlets. The arrays belong to the problem."""

    starts: npt.NDArray[np.int32]
    columns: npt.NDArray[np.int32]
    values: npt.NDArray[np.float32]


@dataclass(frozen=True)
class Iteration:
    """What a callback gets after every iteration; field names as in the trajectories. Arrays are copies."""

    level: int
    stage: int
    iteration: int
    histogram_sigma_gy: float
    objective: float
    gradient_norm: float
    call_equivalents: float
    weights: FloatArray
    gradient: FloatArray
    search_direction: FloatArray
    adaptive_variance: FloatArray


def doubles(values: npt.ArrayLike) -> FloatArray:
    """As C takes them, without a copy where they already are so."""
    return np.ascontiguousarray(values, dtype=np.float64)


def pointer(array: FloatArray) -> Any:  # noqa: ANN401 - a ctypes pointer
    """To the numbers of `array`, which must outlive it."""
    return array.ctypes.data_as(POINTER(c_double))


def choice(name: str, choices: dict[str, int]) -> int:
    """The number of a name. RtModelError lists the names there are."""
    if name not in choices:
        raise RtModelError(f"unknown choice {name!r}; known: {', '.join(choices)}")
    return choices[name]
