"""Start weights that are linear in features of each beamlet: the baseline that a learned start must beat."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import torch
from torch import nn

from dh_training.networks.fluence import WEIGHT_CEILING

_BASE = 11
RIDGE_FEATURES = _BASE + _BASE * _BASE
Inputs = tuple[torch.Tensor, ...]


class RidgeStart(nn.Module):
    """(S, 11), (B, 4), 2 x (B, R, C, S), (B, R, C) -> weights (B, R, C) in [0, 0.2], as `FluenceNetwork`.

    Weights are predicted as multiples of the flat weight that gives the most prescribed target its dose on average.
    """

    def __init__(self) -> None:
        """Predicts nothing until `fit`."""
        super().__init__()
        self.register_buffer("coefficients", torch.zeros(RIDGE_FEATURES))
        self.register_buffer("constant", torch.zeros(1))

    def forward(self, *inputs: torch.Tensor) -> torch.Tensor:
        """As `ModelInputs`, in this order."""
        column_norm = inputs[4]
        multiples = torch.matmul(self.features(*inputs), self.coefficients) + self.constant
        weights = (multiples * flat_weight(*inputs)).clamp(0.0, WEIGHT_CEILING)
        return weights * (column_norm > 0).to(weights.dtype)

    def features(
        self,
        structures: torch.Tensor,
        beams: torch.Tensor,
        structure_mean_dose: torch.Tensor,
        structure_max_dose: torch.Tensor,
        column_norm: torch.Tensor,
    ) -> torch.Tensor:
        """(B, R, C, RIDGE_FEATURES): of targets, organs and normal tissue each, products of two included."""
        active = (column_norm > 0).to(structures.dtype)
        count = active.sum().clamp(min=1.0)
        flat = flat_weight(structures, beams, structure_mean_dose, structure_max_dose, column_norm)
        share = flat / structures[:, 6].max()
        mean = torch.log1p(structure_mean_dose * share * count)
        highest = torch.log1p(structure_max_dose * share * torch.ones_like(beams[:, 0]).sum())
        importance = structures[:, 3] / structures[:, 3].sum()
        base = [column_norm / (column_norm.sum() / count)]
        for group in range(3):
            of_group = structures[:, group]
            base.append((mean * of_group).sum(dim=3))
            base.append((highest * of_group).amax(dim=3))
            base.append((mean * of_group * importance).sum(dim=3))
        columns = torch.cumsum(torch.ones_like(column_norm), dim=2)
        lateral = (columns - columns.mean(dim=2, keepdim=True)).abs() * beams[:, 2].reshape(-1, 1, 1)
        base.append(lateral / 100.0)
        stacked = torch.stack(base, dim=3)
        products = (stacked.unsqueeze(4) * stacked.unsqueeze(3)).flatten(start_dim=3)
        return torch.cat([stacked, products], dim=3)

    def fit(self, plans: Sequence[tuple[Inputs, torch.Tensor]], strength: float) -> None:
        """Least squares with a penalty, to the weights (B, R, C) of plans. Every plan counts alike.

        `strength`: of the penalty on standardised coefficients, over the variance that the features have. At least 0.
        """
        rows, wanted, shares = _rows(self, plans)
        centre, middle = shares @ rows, float(shares @ wanted)
        spread = np.sqrt(shares @ (rows - centre) ** 2) + 1e-6
        standard = (rows - centre) / spread
        covariance = (standard * shares[:, None]).T @ standard
        moments = standard.T @ (shares * (wanted - middle))
        solved = np.linalg.solve(covariance + strength * np.eye(len(centre)), moments) / spread
        self.coefficients.copy_(torch.from_numpy(solved))
        self.constant.fill_(middle - float(centre @ solved))

    def error(self, plans: Sequence[tuple[Inputs, torch.Tensor]]) -> float:
        """Mean squared difference to the weights of plans, over their variance: 1 for a constant guess."""
        errors, variances = [], []
        with torch.no_grad():
            for inputs, weights in plans:
                active = inputs[4] > 0
                errors.append(float((self(*inputs) - weights)[active].pow(2).mean()))
                variances.append(float(weights[active].var(unbiased=False)))
        return float(np.sum(errors) / np.sum(variances))


def flat_weight(
    structures: torch.Tensor,
    beams: torch.Tensor,
    structure_mean_dose: torch.Tensor,
    structure_max_dose: torch.Tensor,
    column_norm: torch.Tensor,
) -> torch.Tensor:
    """Scalar: the one weight at which the most prescribed targets get their dose on average, at most the ceiling."""
    del beams, structure_max_dose, column_norm
    prescribed_gy = structures[:, 6]
    is_highest = (prescribed_gy >= prescribed_gy.max()).to(structures.dtype)
    mean_gy = (structure_mean_dose * is_highest).sum() / is_highest.sum()
    return (prescribed_gy.max() / mean_gy).clamp(max=WEIGHT_CEILING)


def _rows(
    model: RidgeStart, plans: Sequence[tuple[Inputs, torch.Tensor]]
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Of all active beamlets: features, multiples of the flat weight, shares in the sum of squares (sum 1)."""
    rows, wanted, shares = [], [], []
    with torch.no_grad():
        for inputs, weights in plans:
            active = inputs[4] > 0
            rows.append(model.features(*inputs)[active].numpy().astype(np.float64))
            wanted.append((weights / flat_weight(*inputs))[active].numpy().astype(np.float64))
            shares.append(np.full(len(wanted[-1]), 1.0 / (len(wanted[-1]) * len(plans))))
    return np.concatenate(rows), np.concatenate(wanted), np.concatenate(shares)


__all__ = ["RIDGE_FEATURES", "RidgeStart", "flat_weight"]
