"""Structures that come as masks, and how the voxels of a structure are chosen."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from dh_cases.volumes.grid import Grid
from dh_cases.volumes.regrid import part_of, regrid, window_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

# A mask of voxels half inside may lose or gain this much volume before it is made anew from the fullest voxels.
_MOST_VOLUME_OFF = 0.05


class MaskShape:
    """A structure given as a mask, of yes and no or of shares between 0 and 1, on a grid."""

    def __init__(self, grid: Grid, mask: NDArray[Any]) -> None:
        """Keeps the part with the structure in it, so that many structures of a fine grid take little memory."""
        window = []
        for axis in range(3):
            found = np.flatnonzero(mask.any(axis=tuple(other for other in range(3) if other != axis)))
            window.append(slice(int(found[0]), int(found[-1]) + 1) if len(found) else slice(0, 0))
        x, y, z = window
        self._grid = part_of(grid, (x, y, z))
        self._mask = np.array(mask[x, y, z])

    @cached_property
    def volume_cc(self) -> float:
        """Volume, cubic centimetres."""
        return float(self._mask.sum(dtype=np.float64)) * self._grid.voxel_cc

    @property
    def bounds_mm(self) -> NDArray[np.float64]:
        """Lowest and highest corner, LPS, mm."""
        return self._grid.bounds_mm

    def occupancy(self, grid: Grid) -> NDArray[np.float32]:
        """Share of every voxel of `grid` inside the structure."""
        shares = np.zeros(grid.size, np.float32)
        # One voxel more on each side, which interpolation between finer voxels reaches.
        reach = np.maximum(grid.spacing_mm, self._grid.spacing_mm)
        window = window_of(grid, self.bounds_mm + np.array([-reach, reach]))
        # A border without the structure, so that its outermost voxels fade as they would in the whole volume.
        x, y, z = self._grid.size
        low = np.array(self._grid.origin_mm) - self._grid.spacing_mm
        padded = Grid((x + 2, y + 2, z + 2), self._grid.spacing_mm, (float(low[0]), float(low[1]), float(low[2])))
        part = part_of(grid, window)
        if part.voxels and self._mask.size:
            shares[window] = regrid(np.pad(self._mask, 1).astype(np.float32), padded, part)
        return shares


def choose_voxels(shares: NDArray[np.float32]) -> tuple[NDArray[np.bool_], bool]:
    """The voxels that are a structure: those half inside, or the fullest where these would miss the volume.

    Says as the second whether the latter was needed: the structure is thin or small for the grid.
    """
    chosen = shares >= 0.5
    wanted = float(shares.sum(dtype=np.float64))
    if wanted == 0.0 or abs(int(chosen.sum()) - wanted) <= _MOST_VOLUME_OFF * wanted:
        return chosen, False
    count = max(1, round(wanted))
    flat = shares.ravel()
    candidates = np.flatnonzero(flat > 0)
    # Ties are scattered, so that no side is favoured, and always the same, so that a case is the same everywhere.
    scattered = (candidates.astype(np.uint64) * np.uint64(2654435761)) & np.uint64(0xFFFFFFFF)
    fullest = candidates[np.lexsort((scattered, -flat[candidates]))[:count]]
    chosen = np.zeros(flat.shape, np.bool_)
    chosen[fullest] = True
    return chosen.reshape(shares.shape), True
