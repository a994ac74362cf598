"""How much wider or sharper each structure's histogram should be, from a model of what that does to a run's cost."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import torch
from torch import nn
from torch.nn import functional as F  # noqa: N812 - the usual name

from dh_training.networks.distribution import PLAN_FEATURES, DistributionScore, plan_features
from dh_training.networks.fluence import describe_structures

STRUCTURE_FEATURES = 11
_LEAST_CURVATURE = 0.2


class StructureSigmaNetwork(nn.Module):
    """(S, 11), (B, 4) -> sigma_factor (S,), ood_score (1,).

    A run's cost is modelled as a parabola in the logarithm of every structure's factor; what is advised is its lowest
    point, kept within `largest_factor` either way, where runs were measured.
    """

    def __init__(self, width: int, largest_factor: float) -> None:
        """`width`: of the hidden layers. `largest_factor`: above 1."""
        super().__init__()
        self.register_buffer("reach", torch.tensor(largest_factor).log())
        self.hidden = nn.Sequential(nn.Linear(STRUCTURE_FEATURES, width), nn.SiLU(), nn.Linear(width, width), nn.SiLU())
        self.head = nn.Linear(width, 2)
        # Untrained it advises factors of 1.
        nn.init.zeros_(self.head.weight)
        nn.init.zeros_(self.head.bias)
        self.distribution = DistributionScore(PLAN_FEATURES)

    def forward(self, structures: torch.Tensor, beams: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """The factors of least expected cost."""
        slope, curvature = self.parabola(structures)
        lowest = (-0.5 * slope / curvature).clamp(-1.0, 1.0) * self.reach
        return lowest.exp(), self.distribution(plan_features(structures, beams))

    def parabola(self, structures: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """Slope and curvature, each (S,), of a cost's logarithm over log(factor) / log(largest factor)."""
        told = self.head(self.hidden(describe_structures(structures, structures[:, 6].max())))
        return told[:, 0], F.softplus(told[:, 1]) * 0.1 + _LEAST_CURVATURE * 0.1

    def change(self, structures: torch.Tensor, factors: torch.Tensor) -> torch.Tensor:
        """(S, 11), factors (runs, S) -> expected change of the cost's logarithm, (runs,)."""
        slope, curvature = self.parabola(structures)
        position = factors.log() / self.reach
        return position @ slope + position.pow(2) @ curvature

    def fit_scales(self, features: npt.NDArray[np.float32]) -> None:
        """Learns what plans are usual from the training plans' features, (plans, 17)."""
        self.distribution.fit(features)
