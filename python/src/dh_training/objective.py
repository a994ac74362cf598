"""The optimizer's objective in PyTorch, differentiable, for training on what plans are judged by.

The same mathematics as `cpp/rtmodel/src/objective`: linear split into 1 Gy bins, Gaussian kernels, divergence of the
smoothed histogram from the wanted one. Tests hold it to the C++ objective within 1e-4 relative.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

import numpy as np
import numpy.typing as npt
import scipy.sparse as sp
import torch

BIN_WIDTH_GY = 1.0
BIN_BLOCK = 32
EPSILON = 1e-5
KERNEL_EXTENT_SIGMAS = 4.0
LOWER_VARIANCE_SHARE = 0.25
UPPER_VARIANCE_SHARE = 1.5
WEIGHT_CEILING = 0.2


class _SparseProduct(torch.autograd.Function):
    """matrix @ weights, with the transposed product as its gradient."""

    @staticmethod
    def forward(ctx, weights: torch.Tensor, matrix: sp.csr_matrix) -> torch.Tensor:  # noqa: ANN001
        ctx.matrix = matrix
        return torch.from_numpy(matrix @ weights.detach().numpy())

    @staticmethod
    def backward(ctx, slope: torch.Tensor) -> tuple[torch.Tensor, None]:  # noqa: ANN001
        return torch.from_numpy(ctx.matrix.T @ slope.contiguous().numpy()), None


@dataclass(frozen=True)
class DoseOperator:
    """The influence matrix, Gy per unit weight, voxels x beamlets."""

    matrix: sp.csr_matrix

    def dose_gy(self, weights: torch.Tensor) -> torch.Tensor:
        """Dose of every voxel for n weights of the matrix's type."""
        return _SparseProduct.apply(weights, self.matrix)


def voxel_shares(
    operator: DoseOperator, weights: torch.Tensor, variance_gy2: torch.Tensor, sigma_gy: float
) -> torch.Tensor:
    """Part of every voxel's volume that the wide kernel smooths, in [0, 1], from adaptive variances by beamlet.

    As the optimizer does it at every level but the coarsest; it holds the shares when it differentiates, so no
    gradient comes out of here.
    """
    with torch.no_grad():
        fraction = weights / WEIGHT_CEILING
        lower, upper = (share * sigma_gy**2 for share in (LOWER_VARIANCE_SHARE, UPPER_VARIANCE_SHARE))
        actual = variance_gy2 * (4.0 * fraction * (1.0 - fraction)) ** 2 * (2.0 * fraction) ** 2
        beamlet_share = (actual.clamp(lower, upper) - lower) / (upper - lower)
        dose = operator.dose_gy(weights)
        shared = operator.dose_gy(weights * beamlet_share)
        return torch.where(dose > 0, (shared / dose).clamp(max=1.0), torch.zeros_like(dose))


def gaussian_kernel(variance_gy2: float) -> npt.NDArray[np.float64]:
    """Samples of a Gaussian at the bins, four sigmas to both sides, adding up to one."""
    radius = math.ceil(KERNEL_EXTENT_SIGMAS * math.sqrt(variance_gy2) / BIN_WIDTH_GY)
    doses = np.arange(-radius, radius + 1) * BIN_WIDTH_GY
    samples = np.exp(-0.5 * doses * doses / variance_gy2)
    return samples / samples.sum()


def wanted_histogram(points: npt.NDArray[np.float64], bin_count: int) -> npt.NDArray[np.float64]:
    """The wanted cumulative curve, (points, 2) of dose in Gy and volume fraction, as a histogram."""
    histogram = np.zeros(bin_count)

    def add(dose_gy: float, volume: float) -> None:
        position = dose_gy / BIN_WIDTH_GY
        at = min(int(position), bin_count - 2)
        fraction = min(position - at, 1.0)
        histogram[at] += (1 - fraction) * volume
        histogram[at + 1] += fraction * volume

    last_dose, last_volume = 0.0, 1.0
    for dose, volume in points:
        lost = last_volume - volume
        if lost > 0 and dose > last_dose:
            edges = np.unique(np.clip(np.arange(math.floor(last_dose), math.ceil(dose) + 1), last_dose, dose))
            for low, high in pairwise(edges):
                add(0.5 * (low + high), lost * (high - low) / (dose - last_dose))
        elif lost > 0:
            add(dose, lost)
        last_dose, last_volume = dose, volume
    if last_volume > 0:
        add(last_dose, last_volume)
    return histogram


@dataclass(frozen=True)
class Goals:
    """What the structures of a plan should get, in the order of the plan."""

    rows: tuple[npt.NDArray[np.int64], ...]
    """Planned voxels of every structure."""
    curves: tuple[npt.NDArray[np.float64], ...]
    """Wanted cumulative curves, (points, 2)."""
    weights: npt.NDArray[np.float64]
    """Weight of every structure's divergence, at least 0."""


class PlanObjective:
    """F at chosen histogram sigmas as a function of the dose. Not thread-safe."""

    def __init__(self, goals: Goals, highest_dose_gy: float, *, dtype: torch.dtype = torch.float32) -> None:
        """`highest_dose_gy`: of any voxel with every weight at its ceiling."""
        used = [index for index, weight in enumerate(goals.weights) if weight > 0]
        highest = max([highest_dose_gy, *(curve[:, 0].max() for curve in goals.curves)])
        # Bins above the highest dose stay empty and change nothing; rounded up, plans share their kernels.
        self._bins = BIN_BLOCK * math.ceil((math.ceil(highest / BIN_WIDTH_GY) + 2) / BIN_BLOCK)
        self._dtype = dtype
        self._rows = torch.from_numpy(np.concatenate([goals.rows[i] for i in used]).astype(np.int64))
        counts = [len(goals.rows[i]) for i in used]
        owner = np.repeat(np.arange(len(used)), counts)
        self._first_bin = torch.from_numpy(owner * self._bins)
        self._volume = torch.from_numpy(np.repeat(1.0 / np.array(counts), counts)).to(dtype)
        self._weights = torch.from_numpy(goals.weights[used]).to(dtype)
        self._wanted = np.stack([wanted_histogram(goals.curves[i], self._bins) for i in used])
        self._kernels: dict[float, tuple[torch.Tensor, torch.Tensor, torch.Tensor]] = {}

    def __call__(self, dose_gy: torch.Tensor, sigma_gy: float, share: torch.Tensor | None = None) -> torch.Tensor:
        """F at one sigma. `share`: part of every voxel's volume that the wide kernel smooths; None = none."""
        narrow, wide, target = self._prepared(sigma_gy)
        smoothed = self._histogram(dose_gy, None if share is None else 1 - share) @ narrow
        if share is not None:
            smoothed = smoothed + self._histogram(dose_gy, share) @ wide
        divergence = (smoothed * torch.log(smoothed / target + EPSILON)).sum(dim=1)
        return self._weights @ divergence

    def total(self, dose_gy: torch.Tensor, sigmas_gy: Sequence[float]) -> torch.Tensor:
        """F at several sigmas, every variance at its lower bound: (len(sigmas_gy),)."""
        histogram = self._histogram(dose_gy, None)
        values = []
        for sigma_gy in sigmas_gy:
            narrow, _, target = self._prepared(sigma_gy)
            smoothed = histogram @ narrow
            values.append(self._weights @ (smoothed * torch.log(smoothed / target + EPSILON)).sum(dim=1))
        return torch.stack(values)

    def _histogram(self, dose_gy: torch.Tensor, part: torch.Tensor | None) -> torch.Tensor:
        position = (dose_gy[self._rows] / BIN_WIDTH_GY).clamp(max=self._bins - 1)
        low = position.detach().floor().clamp(max=self._bins - 2)
        fraction = position - low
        volume = self._volume if part is None else self._volume * part[self._rows]
        index = self._first_bin + low.long()
        flat = torch.zeros(len(self._weights) * self._bins, dtype=dose_gy.dtype)
        flat = flat.index_add(0, index, (1 - fraction) * volume).index_add(0, index + 1, fraction * volume)
        return flat.view(len(self._weights), self._bins)

    def _prepared(self, sigma_gy: float) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        """Both kernels as (bins, padded bins) matrices and the wanted histogram smoothed by their mean."""
        if sigma_gy not in self._kernels:
            narrow, wide = _kernel_matrices(self._bins, sigma_gy, self._dtype)
            wanted = torch.from_numpy(self._wanted).to(self._dtype)
            self._kernels[sigma_gy] = (narrow, wide, 0.5 * (wanted @ narrow + wanted @ wide) + EPSILON)
        return self._kernels[sigma_gy]


@lru_cache(maxsize=256)
def _kernel_matrices(bins: int, sigma_gy: float, dtype: torch.dtype) -> tuple[torch.Tensor, torch.Tensor]:
    """The narrow and the wide kernel as (bins, padded bins) matrices."""
    kernels = [gaussian_kernel(share * sigma_gy**2) for share in (LOWER_VARIANCE_SHARE, UPPER_VARIANCE_SHARE)]
    padding = len(kernels[1]) // 2
    matrices = []
    for kernel in kernels:
        matrix = np.zeros((bins, bins + 2 * padding))
        offset = padding - len(kernel) // 2
        for at in range(bins):
            matrix[at, at + offset : at + offset + len(kernel)] = kernel
        matrices.append(torch.from_numpy(matrix).to(dtype))
    return matrices[0], matrices[1]
