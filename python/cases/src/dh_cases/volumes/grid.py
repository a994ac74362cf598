"""Regular grids along the axes of the patient."""

from __future__ import annotations

from dataclasses import dataclass
from math import prod
from typing import TYPE_CHECKING

import numpy as np

from dh_cases.fault import CaseError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

Triple = tuple[float, float, float]


MOST_SOURCE_VOXELS = 1_000_000_000
"""More than any scan has: a header that says so is damaged, and memory is not taken for it."""


def require_room(size: Sequence[int], where: object) -> None:
    """Raises CaseError where a header says a size that no scan has."""
    if min(size, default=0) < 1 or prod(int(extent) for extent in size) > MOST_SOURCE_VOXELS:
        shown = " x ".join(str(extent) for extent in size)
        raise CaseError(where, f"says the size {shown}", "copy the file again or write it anew")


@dataclass(frozen=True)
class Grid:
    """Voxels in DICOM's LPS: x grows to the patient's left, y to posterior, z to superior. Lengths in mm."""

    size: tuple[int, int, int]
    spacing_mm: Triple
    origin_mm: Triple
    """Centre of voxel (0, 0, 0)."""

    @property
    def voxels(self) -> int:
        """Number of voxels."""
        return prod(self.size)

    @property
    def voxel_cc(self) -> float:
        """Volume of a voxel, cubic centimetres."""
        return prod(self.spacing_mm) / 1000.0

    @property
    def bounds_mm(self) -> NDArray[np.float64]:
        """Outer faces: lowest and highest corner, (2, 3)."""
        low = np.array(self.origin_mm) - 0.5 * np.array(self.spacing_mm)
        return np.array([low, low + np.array(self.size) * np.array(self.spacing_mm)])

    def centers_mm(self, axis: int) -> NDArray[np.float64]:
        """Centres of the voxels along an axis."""
        return self.origin_mm[axis] + self.spacing_mm[axis] * np.arange(self.size[axis])

    def edges_mm(self, axis: int) -> NDArray[np.float64]:
        """Faces between the voxels along an axis, one more than there are voxels."""
        return self.origin_mm[axis] + self.spacing_mm[axis] * (np.arange(self.size[axis] + 1) - 0.5)

    def is_like(self, other: Grid, tolerance: float = 0.01) -> bool:
        """Whether both have the same voxels, to a share of a voxel over their whole length."""
        if self.size != other.size:
            return False
        spacing = np.array(self.spacing_mm)
        drift = np.abs(spacing - other.spacing_mm) * np.array(self.size)
        shift = np.abs(np.array(self.origin_mm) - other.origin_mm)
        return bool(np.all(drift + shift <= tolerance * spacing))

    def __str__(self) -> str:
        """Such as `104 x 60 x 79 of 5 x 5 x 5 mm`."""
        size = " x ".join(str(extent) for extent in self.size)
        return f"{size} of {' x '.join(f'{length:.4g}' for length in self.spacing_mm)} mm"


def triple(values: NDArray[np.float64]) -> Triple:
    """Three numbers as a tuple of Python's own."""
    x, y, z = (float(value) for value in values)
    return x, y, z
