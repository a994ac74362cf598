"""Brings a volume with any order and direction of its axes to LPS."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from dh_cases.fault import CaseError
from dh_cases.volumes.grid import Grid, triple

if TYPE_CHECKING:
    from numpy.typing import NDArray

# Half a millimetre at half a metre.
_MOST_TURNED = 1e-3


def to_lps(volume: NDArray[Any], affine: NDArray[np.float64], where: object) -> tuple[NDArray[Any], Grid]:
    """Turns `volume`, whose index (i, j, k) lies at affine @ (i, j, k, 1) in LPS mm, so that its axes are x, y, z.

    Raises CaseError when the axes are not the patient's, since turning the volume would blur it.
    """
    columns = affine[:3, :3]
    spacing = np.linalg.norm(columns, axis=0)
    if not np.all(np.isfinite(affine)) or np.any(spacing <= 0):
        raise CaseError(where, "has no valid affine", "write the header anew with the spacing of its voxels")
    directions = columns / spacing
    axis_of = np.argmax(np.abs(directions), axis=0)
    rest = np.abs(directions).copy()
    rest[axis_of, range(3)] = 0.0
    if sorted(axis_of) != [0, 1, 2] or rest.max() > _MOST_TURNED:
        raise CaseError(
            where,
            f"is turned against the patient's axes, by {np.degrees(np.arcsin(min(1.0, rest.max()))):.2f} degrees",
            "resample image and structures to an axial grid first",
        )
    order = np.argsort(axis_of)
    turned = np.transpose(volume, order)
    origin = affine[:3, 3].copy()
    for axis, column in enumerate(order):
        if directions[axis, column] < 0:
            turned = np.flip(turned, axis)
            origin = origin + columns[:, column] * (volume.shape[column] - 1)
    x, y, z = turned.shape
    return turned, Grid((x, y, z), triple(spacing[order]), triple(origin))


def affine_of(grid: Grid) -> NDArray[np.float64]:
    """The affine of NIfTI, which is in RAS, for a volume indexed [x, y, z] in LPS."""
    signs = np.array([-1.0, -1.0, 1.0])
    affine = np.diag([*(signs * grid.spacing_mm), 1.0])
    affine[:3, 3] = signs * grid.origin_mm
    return affine


RAS_TO_LPS = np.diag([-1.0, -1.0, 1.0, 1.0])
"""Makes an affine in LPS of NIfTI's."""
