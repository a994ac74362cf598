"""Densities along the beamlets' axes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from dh_advisor_client.features.beam_frame import SOURCE_AXIS_DISTANCE_MM, BeamFrame, beam_rays
from dh_advisor_client.features.grid import VoxelGrid
from dh_advisor_client.plan import Beam, FloatArray
from dh_advisor_client.status import InvalidInput
from dh_advisor_client.wire.input_checks import PATH_SAMPLES, check_beam, require

_REACH_MM = 250.0
# Cortical bone of ICRU Report 44: electron density 1.78 relative to water, about 1500 HU at 120 kV.
_BONE_HU = 1500.0
_BONE_DENSITY = 1.78
# Teeth and metal: above this a photon beam's CT numbers say little, and streaks would shadow what lies behind.
_HIGHEST_DENSITY = 2.5
_MOST_DENSITY = 1e3


def relative_density(hu: npt.ArrayLike) -> FloatArray:
    """Electron density relative to water of CT numbers: proportional up to water, then through cortical bone."""
    numbers = np.asarray(hu, dtype=np.float64)
    bone = np.minimum(_HIGHEST_DENSITY, 1.0 + numbers * (_BONE_DENSITY - 1.0) / _BONE_HU)
    return np.where(numbers <= 0.0, np.maximum(0.0, 1.0 + numbers / 1000.0), bone)


def _interpolate(grid: VoxelGrid, density: npt.NDArray[Any], points_mm: FloatArray) -> FloatArray:
    """Trilinear between voxel centres, 0 outside the grid."""
    position = (points_mm - np.array(grid.origin_mm)) / np.array(grid.spacing_mm)
    low = np.floor(position).astype(np.int64)
    share = position - low
    size = np.array(grid.size)
    total = np.zeros(points_mm.shape[:-1])
    for corner in range(8):
        step = np.array([corner & 1, corner >> 1 & 1, corner >> 2 & 1])
        at = low + step
        is_inside = ((at >= 0) & (at < size)).all(axis=-1)
        at = np.clip(at, 0, size - 1)
        weight = np.where(step == 1, share, 1.0 - share).prod(axis=-1)
        total += np.where(is_inside, density[at[..., 2], at[..., 1], at[..., 0]] * weight, 0.0)
    return total


def path_density(
    grid: VoxelGrid, density: npt.NDArray[Any], isocenter_mm: Sequence[float], beams: Sequence[Beam]
) -> FloatArray:
    """Relative electron density along every beamlet's axis, shape (n, 100).

    Sample k lies in the middle of the k-th of 100 equal pieces from 250 mm before to 250 mm behind the isocentre plane,
    measured along the central axis. `density` has shape (z, y, x); see `relative_density`.
    """
    grid.check()
    require(density.shape == grid.shape, "density", f"has shape {density.shape}, and the grid has {grid.shape}")
    require(bool(np.isfinite(isocenter_mm).all()), "isocenter_mm", "is not finite")
    values = np.asarray(density, dtype=np.float32)
    bad = np.flatnonzero(~((values >= 0.0) & (values < _MOST_DENSITY)))
    if bad.size:
        raise InvalidInput(f"density of voxel {bad[0]} is {values.flat[bad[0]]}; it lies in [0, 1000)")
    step_mm = 2.0 * _REACH_MM / PATH_SAMPLES
    depths = np.arange(PATH_SAMPLES).astype(np.float64)
    depths = SOURCE_AXIS_DISTANCE_MM - _REACH_MM + np.asarray((depths + 0.5) * step_mm, dtype=np.float64)
    paths = []
    for b, beam in enumerate(beams):
        check_beam(beam, f"beams[{b}]")
        frame = BeamFrame.at(beam.gantry_deg, beam.couch_deg, isocenter_mm)
        u, v = beam_rays(beam)
        paths.append(_interpolate(grid, values, frame.points_at(u[:, None], v[:, None], depths[None, :])))
    require(len(paths) > 0, "beams", "is empty")
    return np.concatenate(paths)
