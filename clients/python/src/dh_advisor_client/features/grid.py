"""Voxels and sets of them. A set is a boolean array of shape (z, y, x)."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
from scipy import ndimage

from dh_advisor_client.enums import StructureRole
from dh_advisor_client.plan import FloatArray, Structure
from dh_advisor_client.status import InvalidInput
from dh_advisor_client.wire.input_checks import finite, positive, require

Mask: TypeAlias = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class VoxelGrid:
    """A regular grid in DICOM LPS (x to the patient's left, y posterior, z superior).

    `size`, `spacing_mm` and `origin_mm` are x, y, z; the origin is the centre of voxel (0, 0, 0). Volumes have shape
    (z, y, x), and a voxel's index, such as the row of an influence matrix, is x + size_x * (y + size_y * z).
    """

    size: tuple[int, int, int]
    spacing_mm: tuple[float, float, float]
    origin_mm: tuple[float, float, float]

    @property
    def shape(self) -> tuple[int, int, int]:
        """(z, y, x)."""
        return self.size[2], self.size[1], self.size[0]

    @property
    def voxel_count(self) -> int:
        """All voxels."""
        return math.prod(self.size)

    @property
    def voxel_cc(self) -> float:
        """Volume of one voxel, cubic centimetres."""
        return math.prod(self.spacing_mm) / 1000.0

    def check(self) -> None:
        """Raises `InvalidInput` when it is no grid."""
        for axis in range(3):
            require(self.size[axis] > 0, f"grid.size[{axis}]", "is 0")
            positive(self.spacing_mm[axis], f"grid.spacing_mm[{axis}]")
            finite(self.origin_mm[axis], f"grid.origin_mm[{axis}]")

    def mask(self, voxels: npt.ArrayLike, field: str) -> Mask:
        """`voxels` as a mask of this grid. Raises `InvalidInput` with `field` when it has another shape or type."""
        mask = np.asarray(voxels)
        require(mask.shape == self.shape, field, f"has shape {mask.shape}, and the grid (z, y, x) has {self.shape}")
        require(mask.dtype.kind in "bui", field, f"has data type {mask.dtype}; a mask is boolean, or 0 and 1")
        return mask.astype(np.bool_)

    def centers_mm(self) -> FloatArray:
        """Centres of all voxels, in the order of their indices; shape (voxels, 3)."""
        axes = [self.origin_mm[a] + self.spacing_mm[a] * np.arange(self.size[a]) for a in range(3)]
        z, y, x = np.meshgrid(axes[2], axes[1], axes[0], indexing="ij")
        return np.column_stack([x.ravel(), y.ravel(), z.ravel()])


def planned_voxels(structures: Sequence[Structure], contours: Sequence[Mask]) -> list[Mask]:
    """What each structure plans of its contour.

    A voxel in several targets belongs to the one with the highest prescribed dose (the first of equals), and no other
    structure plans a target's voxel.
    """
    require(len(structures) == len(contours), "contours", "must have one entry a structure")
    targets = [s for s, structure in enumerate(structures) if structure.role is StructureRole.TARGET]
    doses_gy = {s: structures[s].prescribed_dose_gy for s in targets}
    for s, dose_gy in doses_gy.items():
        require(dose_gy is not None, f"structures[{s}].prescribed_dose_gy", "is missing on a target")
    taken = np.zeros_like(contours[0], dtype=np.bool_) if contours else np.zeros(0, dtype=np.bool_)
    planned: dict[int, Mask] = {}
    for s in sorted(targets, key=lambda s: -(doses_gy[s] or 0.0)):
        planned[s] = contours[s] & ~taken
        taken = taken | contours[s]
    return [planned[s] if s in planned else contours[s] & ~taken for s in range(len(structures))]


def distance_to_mm(grid: VoxelGrid, voxels: Mask) -> npt.NDArray[np.float32]:
    """Distance from every voxel's centre to the nearest centre of `voxels`, exact; shape (z, y, x)."""
    grid.check()
    if not voxels.any():
        return np.full(grid.shape, np.inf, dtype=np.float32)
    sampling = grid.spacing_mm[2], grid.spacing_mm[1], grid.spacing_mm[0]
    distance = np.asarray(ndimage.distance_transform_edt(~voxels, sampling=sampling))
    return distance.astype(np.float32)


def shell_around(grid: VoxelGrid, body: Mask, targets: Mask, width_mm: float = 30.0) -> Mask:
    """Normal tissue as models know it: `body` outside `targets`, at most `width_mm` from a target's voxel."""
    if not targets.any():
        raise InvalidInput("targets is empty")
    positive(width_mm, "width_mm")
    shell: Mask = body & ~targets & (distance_to_mm(grid, targets) <= width_mm)
    return shell
