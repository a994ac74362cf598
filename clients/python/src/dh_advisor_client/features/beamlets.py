"""Features of each beamlet, from any influence matrix."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import numpy as np
from scipy import sparse

from dh_advisor_client.enums import StructureRole
from dh_advisor_client.features.grid import Mask, VoxelGrid
from dh_advisor_client.plan import FloatArray, Structure
from dh_advisor_client.status import InvalidInput
from dh_advisor_client.wire.input_checks import require

Matrix: TypeAlias = Any
"""A scipy sparse matrix or array of any format, or a dense array."""

# As the C++ client has it: doses are in Gy per unit weight, and nothing is that large.
_MOST_DOSE = 1e30


@dataclass(frozen=True)
class FeatureInput:
    """Doses and structures of a plan.

    `influence`: Gy in a voxel per unit weight of a beamlet, shape (voxels of the grid, n); finite and not negative;
    excluded beamlets have empty columns. `contours` and `planned`: one mask (z, y, x) a structure, in the plan's order;
    see `planned_voxels`. Raises `InvalidInput` when these do not agree.
    """

    grid: VoxelGrid
    influence: Matrix
    contours: Sequence[Mask]
    planned: Sequence[Mask]
    matrix: sparse.csr_matrix = field(init=False, repr=False)
    """The influence as CSR with float64 entries."""

    def __post_init__(self) -> None:
        """Checks."""
        self.grid.check()
        require(len(self.contours) > 0, "contours", "is empty")
        require(len(self.contours) == len(self.planned), "planned", "must have one mask a contour")
        for s, (contour, planned) in enumerate(zip(self.contours, self.planned, strict=True)):
            for name, mask in ((f"contours[{s}]", contour), (f"planned[{s}]", planned)):
                is_mask = mask.shape == self.grid.shape and mask.dtype == np.bool_
                require(is_mask, name, f"must be boolean of shape (z, y, x) {self.grid.shape}")
            require(bool(contour.any()), f"contours[{s}]", "is empty")
            require(not bool((planned & ~contour).any()), f"planned[{s}]", "has voxels that the contour has not")
        matrix = sparse.csr_matrix(self.influence, dtype=np.float64)
        voxels = f"has {matrix.shape[0]} rows, and the grid has {self.grid.voxel_count} voxels"
        require(matrix.shape[0] == self.grid.voxel_count, "influence", voxels)
        require(matrix.shape[1] > 0, "influence", "has no columns")
        bad = np.flatnonzero(~((matrix.data >= 0.0) & (matrix.data <= _MOST_DOSE)))
        if bad.size:
            voxel = int(np.searchsorted(matrix.indptr, bad[0], side="right")) - 1
            beamlet, dose = matrix.indices[bad[0]], matrix.data[bad[0]]
            where = f"of beamlet {beamlet} in voxel {voxel} is {dose}"
            raise InvalidInput(f"influence {where}; it must be in [0, 1e30]")
        matrix.sum_duplicates()
        object.__setattr__(self, "matrix", matrix)

    @property
    def beamlet_count(self) -> int:
        """n, excluded beamlets included."""
        return int(self.matrix.shape[1])

    @property
    def rows(self) -> Mask:
        """Voxels in the contour of any structure."""
        rows: Mask = np.logical_or.reduce(self.contours)
        return rows


@dataclass(frozen=True)
class BeamletFeatures:
    """Tensors of the geometry question; S = number of structures."""

    column_norm: FloatArray
    """Euclidean norm of the column over the rows, Gy per unit weight; shape (n,)."""
    mean_dose: FloatArray
    """Over the planned voxels, Gy per unit weight; shape (n, S)."""
    max_dose: FloatArray
    """Over the planned voxels, Gy per unit weight; shape (n, S)."""


def beamlet_features(of: FeatureInput) -> BeamletFeatures:
    """Column norms, mean and maximum doses."""
    n, structures = of.beamlet_count, len(of.planned)
    rows = of.matrix[np.flatnonzero(of.rows)]
    norm = np.sqrt(np.bincount(rows.indices, weights=rows.data**2, minlength=n))
    mean, largest = np.zeros((n, structures)), np.zeros((n, structures))
    for s, planned in enumerate(of.planned):
        part = of.matrix[np.flatnonzero(planned)]
        mean[:, s] = np.bincount(part.indices, weights=part.data, minlength=n) / max(part.shape[0], 1)
        np.maximum.at(largest[:, s], part.indices, part.data)
    return BeamletFeatures(norm, mean, largest)


def flat_weight(structures: Sequence[Structure], mean_dose: FloatArray) -> float:
    """The weight that, on all beamlets, gives the target with the highest prescription that dose as mean.

    The first of equals. Models are trained on matrices for which it is 0.05 with a ceiling of 0.2.
    """
    require(mean_dose.ndim == 2 and mean_dose.shape[1] == len(structures), "mean_dose", "must be n x structures")
    doses_gy = [
        (structure.prescribed_dose_gy or 0.0) if structure.role is StructureRole.TARGET else 0.0
        for structure in structures
    ]
    target = int(np.argmax(doses_gy)) if doses_gy else 0
    require(bool(doses_gy) and doses_gy[target] > 0.0, "structures", "has no target with a prescribed_dose_gy")
    unit_dose_gy = float(mean_dose[:, target].sum())
    if not (unit_dose_gy > 0.0 and np.isfinite(unit_dose_gy)):
        name = structures[target].name
        raise InvalidInput(f"mean_dose of structures[{target}] ({name}) is nothing: no beamlet reaches the target")
    return doses_gy[target] / unit_dose_gy
