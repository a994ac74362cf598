"""Where each beamlet deposits its dose."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from dh_advisor_client.features import FeatureInput
from dh_advisor_client.plan import FloatArray

_PAIRS = ((0, 0), (1, 1), (2, 2), (0, 1), (0, 2), (1, 2))


@dataclass(frozen=True)
class Moments:
    """Of the voxels' positions relative to the isocentre, a row a beamlet, mm.

    Weighted by the square of the dose, which scatter hardly moves. NaN where a beamlet has no dose.
    """

    square: FloatArray
    center: FloatArray
    """Shape (n, 3)."""
    high_center: FloatArray
    """Weighted by the cube: nearer to where the dose is highest."""
    covariance: FloatArray
    """Shape (n, 3, 3)."""


def measure_moments(of: FeatureInput, isocenter_mm: Sequence[float]) -> Moments:
    """One pass over the dose."""
    used = np.flatnonzero(np.diff(of.matrix.indptr))
    positions = of.grid.centers_mm()[used] - np.asarray(isocenter_mm)
    doses = of.matrix[used]
    squares = doses.multiply(doses).tocsr()
    cubes = squares.multiply(doses).tocsr()
    square = np.asarray(squares.sum(axis=0)).ravel()
    cube = np.asarray(cubes.sum(axis=0)).ravel()
    with np.errstate(invalid="ignore", divide="ignore"):
        center = (squares.T @ positions) / square[:, None]
        high_center = (cubes.T @ positions) / cube[:, None]
        covariance = np.empty((of.beamlet_count, 3, 3))
        for i, j in _PAIRS:
            second = (squares.T @ (positions[:, i] * positions[:, j])) / square
            covariance[:, i, j] = covariance[:, j, i] = second - center[:, i] * center[:, j]
    return Moments(square, center, high_center, covariance)
