"""The patient's outline, made from the CT where nobody drew it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy import ndimage

from dh_cases.volumes.grid import Grid, triple
from dh_cases.volumes.regrid import regrid_hu
from dh_cases.volumes.shapes import MaskShape

if TYPE_CHECKING:
    from numpy.typing import NDArray

_TISSUE_HU = -350.0
_FINEST_MM = 2.5
# Couch and mask touch the patient by less than this.
_BRIDGE_MM = 8.0


def body_of(ct_hu: NDArray[np.float32], grid: Grid) -> MaskShape:
    """The outline as a structure, found on voxels of a few millimetres: it needs no finer ones."""
    low, high = grid.bounds_mm
    spacing = np.maximum(grid.spacing_mm, _FINEST_MM)
    size = np.maximum(1, np.ceil((high - low) / spacing - 1e-6)).astype(int)
    origin = low + 0.5 * spacing
    coarse = Grid((int(size[0]), int(size[1]), int(size[2])), triple(spacing), triple(origin))
    return MaskShape(coarse, outline(regrid_hu(ct_hu, grid, coarse), coarse))


def outline(ct_hu: NDArray[np.float32], grid: Grid) -> NDArray[np.bool_]:
    """The largest piece of tissue, with the air inside of it; all False where there is no tissue."""
    tissue = ct_hu > _TISSUE_HU
    steps = max(1, round(0.5 * _BRIDGE_MM / max(grid.spacing_mm[:2])))
    # In the slice alone: a short scan must not lose its ends.
    in_slice = ndimage.generate_binary_structure(3, 1)
    in_slice[:, :, [0, 2]] = False
    opened = ndimage.binary_opening(tissue, in_slice, iterations=steps)
    pieces, count = ndimage.label(opened if opened.any() else tissue)
    if count == 0:
        return np.zeros(tissue.shape, np.bool_)
    sizes = np.bincount(pieces.ravel())
    sizes[0] = 0
    largest = pieces == int(np.argmax(sizes))
    # The skin that opening took off.
    body = ndimage.binary_dilation(largest, in_slice, iterations=steps) & tissue
    for z in range(body.shape[2]):
        body[:, :, z] = ndimage.binary_fill_holes(body[:, :, z])
    return body
