"""What `warm-start` ships: the fluence network, and how far a plan lies from those it was trained on."""

from __future__ import annotations

import numpy as np
import torch
from torch import nn

from dh_training.networks.distribution import (
    BEAMLET_FEATURES,
    PLAN_FEATURES,
    DistributionScore,
    beamlet_features,
    plan_features,
)
from dh_training.networks.fluence import FluenceNetwork


class WarmStartModel(nn.Module):
    """(S, 11), (B, 4), 2 x (B, R, C, S), (B, R, C) -> weights (B, R, C) in [0, 0.2], ood_score (1,)."""

    def __init__(self, fluence: FluenceNetwork) -> None:
        """`fluence`: trained. The score knows no plans until `fit`."""
        super().__init__()
        self.fluence = fluence
        self.distribution = DistributionScore(PLAN_FEATURES + BEAMLET_FEATURES)

    def forward(
        self,
        structures: torch.Tensor,
        beams: torch.Tensor,
        structure_mean_dose: torch.Tensor,
        structure_max_dose: torch.Tensor,
        column_norm: torch.Tensor,
    ) -> tuple[torch.Tensor, torch.Tensor]:
        """As `ModelInputs`, in this order."""
        weights = self.fluence(structures, beams, structure_mean_dose, structure_max_dose, column_norm)
        described = self.describe(structures, beams, structure_mean_dose, structure_max_dose, column_norm)
        return weights, self.distribution(described)

    def describe(
        self,
        structures: torch.Tensor,
        beams: torch.Tensor,
        structure_mean_dose: torch.Tensor,
        structure_max_dose: torch.Tensor,
        column_norm: torch.Tensor,
    ) -> torch.Tensor:
        """The numbers that tell plans apart, (1, PLAN_FEATURES + BEAMLET_FEATURES)."""
        beamlets = beamlet_features(structures, structure_mean_dose, structure_max_dose, column_norm)
        return torch.cat([plan_features(structures, beams), beamlets], dim=1)

    def fit(self, plans: list[tuple[torch.Tensor, ...]]) -> None:
        """Learns from the inputs of the training plans what is usual. At least two."""
        with torch.no_grad():
            self.distribution.fit(np.concatenate([self.describe(*plan).numpy() for plan in plans]))
