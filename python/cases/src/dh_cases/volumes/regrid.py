"""Resamples volumes from one grid to another: averages over coarser voxels, interpolates between finer ones."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import csr_matrix

from dh_cases.volumes.grid import Grid

if TYPE_CHECKING:
    from numpy.typing import NDArray

AIR_HU = -1000.0


def overlaps(source_edges: NDArray[np.float64], target_edges: NDArray[np.float64]) -> NDArray[np.float64]:
    """Share of every target interval (rows) that every source interval (columns) covers."""
    low = np.maximum(target_edges[:-1, None], source_edges[None, :-1])
    high = np.minimum(target_edges[1:, None], source_edges[None, 1:])
    return np.clip(high - low, 0.0, None) / np.diff(target_edges)[:, None]


def _interpolation(source: Grid, target: Grid, axis: int) -> NDArray[np.float64]:
    at = (target.centers_mm(axis) - source.origin_mm[axis]) / source.spacing_mm[axis]
    size = source.size[axis]
    is_inside = (at >= -0.5) & (at <= size - 0.5)
    # The outer half of the outermost voxels has no neighbour to go on to.
    at = np.clip(at, 0.0, size - 1)
    below = np.minimum(at.astype(int), max(size - 2, 0))
    weights = np.zeros((len(at), size))
    rows = np.arange(len(at))
    weights[rows, below] = 1.0 - (at - below)
    weights[rows, np.minimum(below + 1, size - 1)] += at - below
    return weights * is_inside[:, None]


def _weights(source: Grid, target: Grid, axis: int) -> csr_matrix:
    if target.spacing_mm[axis] < source.spacing_mm[axis]:
        return csr_matrix(_interpolation(source, target, axis).astype(np.float32))
    return csr_matrix(overlaps(source.edges_mm(axis), target.edges_mm(axis)).astype(np.float32))


def regrid(volume: NDArray[np.float32], source: Grid, target: Grid) -> NDArray[np.float32]:
    """The volume on another grid; 0 outside of the source. Keeps integrals where the target is coarser."""
    if source.is_like(target, 1e-6):
        return np.ascontiguousarray(volume, dtype=np.float32)
    for axis in range(3):
        moved = np.moveaxis(volume, axis, 0)
        product = _weights(source, target, axis) @ moved.reshape(moved.shape[0], -1).astype(np.float32, copy=False)
        volume = np.moveaxis(product.reshape(-1, *moved.shape[1:]), 0, axis)
    return np.ascontiguousarray(volume, dtype=np.float32)


def regrid_hu(ct_hu: NDArray[np.float32], source: Grid, target: Grid) -> NDArray[np.float32]:
    """The same for a CT: air outside of the source."""
    return regrid(ct_hu - np.float32(AIR_HU), source, target) + np.float32(AIR_HU)


def window_of(grid: Grid, bounds_mm: NDArray[np.float64]) -> tuple[slice, slice, slice]:
    """The voxels of `grid` that touch a box, as slices; empty where none does."""
    first = np.floor((bounds_mm[0] - grid.bounds_mm[0]) / grid.spacing_mm).astype(int)
    last = np.ceil((bounds_mm[1] - grid.bounds_mm[0]) / grid.spacing_mm).astype(int)
    x, y, z = (
        slice(min(max(low, 0), extent), min(max(high, 0), extent))
        for low, high, extent in zip(first, last, grid.size, strict=True)
    )
    return x, y, z


def part_of(grid: Grid, window: tuple[slice, slice, slice]) -> Grid:
    """The grid of a window of another."""
    x, y, z = (int(part.start) for part in window)
    width, depth, height = (int(part.stop - part.start) for part in window)
    origin = tuple(
        low + spacing * start for low, spacing, start in zip(grid.origin_mm, grid.spacing_mm, (x, y, z), strict=True)
    )
    return Grid((width, depth, height), grid.spacing_mm, (origin[0], origin[1], origin[2]))
