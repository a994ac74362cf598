"""The grid of a case, and what it will take."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from dh_cases.fault import CaseError
from dh_cases.volumes.grid import Grid
from dh_cases.volumes.regrid import part_of, window_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from dh_cases.source import Shape
    from dh_cases.volumes.grid import Triple

MOST_VOXELS = 100_000_000
"""What the optimizer reads."""
_LOWEST_MM, _HIGHEST_MM = 0.1, 50.0
# The most that is held of a voxel at once: CT, masks, shares of a structure, and copies while they are resampled.
_BYTES_A_VOXEL = 40
_FILE_BYTES_A_VOXEL = 4


def choose_grid(source: Grid, spacing_mm: Triple | None, around: Sequence[Shape], margin_mm: float | None) -> Grid:
    """The voxels of a case: of `spacing_mm` or the source's own, cropped to the structures and a margin.

    Without a margin the whole CT is kept. Raises CaseError when a case can't have the grid.
    """
    bounds = source.bounds_mm
    if margin_mm is not None and around:
        boxes = np.array([shape.bounds_mm for shape in around])
        wanted = np.array([boxes[:, 0].min(axis=0) - margin_mm, boxes[:, 1].max(axis=0) + margin_mm])
        bounds = np.array([np.maximum(bounds[0], wanted[0]), np.minimum(bounds[1], wanted[1])])
    grid = part_of(source, window_of(source, bounds)) if spacing_mm is None else _even(bounds, spacing_mm)
    if not all(_LOWEST_MM <= length <= _HIGHEST_MM for length in grid.spacing_mm):
        raise CaseError("--spacing-mm", f"makes voxels of {grid}", "give lengths between 0.1 and 50 mm")
    if grid.voxels > MOST_VOXELS:
        raise CaseError(
            "--spacing-mm",
            f"makes a grid of {grid}, {grid.voxels / 1e6:.0f} million voxels",
            f"choose larger voxels: a case has at most {MOST_VOXELS // 1_000_000} million",
        )
    return grid


def _even(bounds: NDArray[np.float64], spacing_mm: Triple) -> Grid:
    spacing = np.array(spacing_mm)
    # A last voxel that is hardly covered is left out.
    size = np.maximum(1, np.floor((bounds[1] - bounds[0]) / spacing + 0.5)).astype(int)
    # In the middle of what it covers, so that both ends lose or gain the same.
    origin = 0.5 * (bounds[0] + bounds[1]) - 0.5 * (size - 1) * spacing
    x, y, z = (float(value) for value in origin)
    return Grid((int(size[0]), int(size[1]), int(size[2])), spacing_mm, (x, y, z))


def estimate(source: Grid, grid: Grid, structures: int) -> str:
    """What making the case will take, in words."""
    memory = (source.voxels * 12 + grid.voxels * _BYTES_A_VOXEL) / 1e9
    files = grid.voxels * _FILE_BYTES_A_VOXEL / 1e6
    return (
        f"grid {grid}: {grid.voxels / 1e6:.2f} million voxels of {structures} structures; takes about "
        f"{memory:.1f} GB of memory, and at most {max(files, 0.1):.1f} MB of files before they are packed"
    )
