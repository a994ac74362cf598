"""The grids of beamlets of coarser levels, as the optimizer and the plugin SDK (`coarse-levels.ts`) make them."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float32]


def halved(count: int) -> int:
    """Beamlets along one side at the next coarser level: 39 -> 19 -> 9 -> 5, 8 -> 4 -> 2 -> 1."""
    if count <= 1:
        return count
    return count // 2 if count % 2 == 0 else 2 * (count // 4) + 1


def level_grid(rows: int, columns: int, level: int) -> tuple[int, int]:
    """Rows and columns of a beam's grid at a level, of its grid at level 0."""
    for _ in range(level):
        rows, columns = halved(rows), halved(columns)
    return rows, columns


def averaging(column_norm: FloatArray, level: int) -> FloatArray:
    """(B, R, C) -> (n of the level, B R C): averages values of level 0 over the beamlets of a coarser one.

    Rows add up to 1, or to 0 where every beamlet below is excluded (`column_norm` 0).
    """
    beams, rows, columns = column_norm.shape
    matrix = np.eye(column_norm.size, dtype=np.float32)
    mass = (column_norm > 0).astype(np.float32).ravel()
    matrix *= mass[:, None]
    for _ in range(level):
        along = np.kron(_shares(rows), _shares(columns))
        step = np.kron(np.eye(beams, dtype=np.float32), along) * mass[None, :]
        total = step.sum(axis=1, keepdims=True)
        matrix = np.divide(step, total, out=np.zeros_like(step), where=total > 0) @ matrix
        mass = (total[:, 0] > 0).astype(np.float32)
        rows, columns = halved(rows), halved(columns)
    return matrix


def _shares(fine: int) -> FloatArray:
    """(coarse, fine): coarse beamlets lie two fine spacings apart about the same centre."""
    coarse = halved(fine)
    if coarse == fine:
        return np.eye(fine, dtype=np.float32)
    at_fine = np.arange(fine) - (fine - 1) / 2
    at_coarse = 2.0 * (np.arange(coarse) - (coarse - 1) / 2)
    return np.maximum(0.0, 1.0 - np.abs(at_fine[None, :] - at_coarse[:, None]) / 2).astype(np.float32)
