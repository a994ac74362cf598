"""Features of each structure that cost something to compute."""

from __future__ import annotations

import itertools
import math

import numpy as np
import numpy.typing as npt

from dh_advisor_client.features.beamlets import FeatureInput
from dh_advisor_client.features.grid import Mask, VoxelGrid, distance_to_mm
from dh_advisor_client.plan import FloatArray, StructureGeometry
from dh_advisor_client.wire.input_checks import positive, require

# Half width of the neighbourhood that gives the normal, voxels: enough to see a slope of one in two.
_REACH = 2


def _face_cosines(padded: Mask, voxels: npt.NDArray[np.int64], axis: int, side: int, spacing: FloatArray) -> FloatArray:
    """Cosine between each face and the local normal.

    The normal points out of the shape: minus the first moment of the inside voxels around a face, near ones weighted
    most. Centred on the face, so the neighbourhood is symmetric about it: one voxel more on the outer side. Axes are
    z, y, x.
    """
    reach = range(-_REACH, _REACH + 1)
    normal = np.zeros((len(voxels), 3))
    for offset in itertools.product(reach, reach, reach):
        if offset[axis] * side < 1 - _REACH:
            continue
        from_face = np.array(offset, dtype=np.float64)
        from_face[axis] -= 0.5 * side
        weight = math.exp(-0.5 * float(from_face @ from_face))
        at = voxels + np.array(offset) + _REACH
        is_inside = padded[at[:, 0], at[:, 1], at[:, 2]]
        normal -= is_inside[:, None] * (weight * from_face * spacing)
    length = np.linalg.norm(normal, axis=1)
    return np.where(length > 0.0, np.abs(normal[:, axis]) / np.where(length > 0.0, length, 1.0), 1.0)


def sphericity(grid: VoxelGrid, voxels: Mask) -> float:
    """Surface of the equal-volume ball over the surface of `voxels`, in (0, 1]; 1 for an empty set.

    The surface is that of the voxels' outer faces, each weighted with the cosine between the face and the local normal
    of the smoothed shape, because bare faces overestimate slanted surfaces by up to the root of three.
    """
    grid.check()
    if not voxels.any():
        return 1.0
    spacing = np.array(grid.spacing_mm[::-1])
    voxel_mm3 = float(np.prod(spacing))
    padded = np.pad(voxels, _REACH)
    inner = tuple(slice(_REACH, -_REACH) for _ in range(3))
    surface_mm2 = 0.0
    for axis in range(3):
        for side in (-1, 1):
            neighbour = np.roll(padded, -side, axis=axis)[inner]
            faces = np.argwhere(voxels & ~neighbour).astype(np.int64)
            cosines = _face_cosines(padded, faces, axis, side, spacing)
            surface_mm2 += float(cosines.sum()) * voxel_mm3 / spacing[axis]
    volume_mm3 = int(voxels.sum()) * voxel_mm3
    ball_mm2 = math.pow(36.0 * math.pi * volume_mm3**2, 1.0 / 3.0)
    return min(1.0, ball_mm2 / surface_mm2)


def _gradient_lengths(grid: VoxelGrid, rows: Mask, dose_gy: FloatArray) -> FloatArray:
    """Gy/mm at every row: central differences, one-sided where a neighbour is no row, none where neither is."""
    square = np.zeros(grid.shape)
    for axis, spacing_mm in enumerate(grid.spacing_mm[::-1]):
        sides = []
        steps = np.zeros(grid.shape)
        for side in (-1, 1):
            # Rolled in from the other end: no neighbour.
            has_neighbour = np.roll(rows, -side, axis=axis)
            edge = [slice(None)] * 3
            edge[axis] = slice(0, 1) if side < 0 else slice(-1, None)
            has_neighbour[tuple(edge)] = False
            sides.append(np.where(has_neighbour, np.roll(dose_gy, -side, axis=axis), dose_gy))
            steps += has_neighbour
        square += np.where(steps > 0, (sides[1] - sides[0]) / (np.maximum(steps, 1) * spacing_mm), 0.0) ** 2
    return np.asarray(np.sqrt(square))


def structure_geometry(of: FeatureInput, targets: Mask, uniform_weight: float) -> list[StructureGeometry]:
    """One entry a structure, in order, over the voxels of its contour.

    `uniform_weight` is the flat start's (`flat_weight`), on every beamlet; `targets` the contours of all targets
    together, also of those that are not planned.
    """
    require(targets.shape == of.grid.shape and bool(targets.any()), "targets", "is empty or of another grid")
    positive(uniform_weight, "uniform_weight")
    weights = np.full(of.beamlet_count, uniform_weight)
    dose_gy = (of.matrix @ weights).reshape(of.grid.shape)
    gradients = _gradient_lengths(of.grid, of.rows, dose_gy)
    distance_mm = distance_to_mm(of.grid, targets)
    return [
        StructureGeometry(
            structure=s,
            sphericity=sphericity(of.grid, contour),
            dose_gradient_gy_per_mm=float(gradients[contour].mean()),
            target_distance_mm=float(distance_mm[contour].min()),
        )
        for s, contour in enumerate(of.contours)
    ]
