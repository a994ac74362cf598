"""What `warm-start` ships: the fluence network, and how far a plan lies from those it was trained on."""

from __future__ import annotations

import torch
from torch import nn

from dh_training.networks.distribution import describe_plan, fit_plans, plan_score
from dh_training.networks.fluence import FluenceNetwork


class WarmStartModel(nn.Module):
    """(S, 11), (B, 4), 2 x (B, R, C, S), (B, R, C) -> weights (B, R, C) in [0, 0.2], ood_score (1,)."""

    def __init__(self, fluence: FluenceNetwork) -> None:
        """`fluence`: trained. The score knows no plans until `fit`."""
        super().__init__()
        self.fluence = fluence
        self.distribution = plan_score()

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
        described = describe_plan(structures, beams, structure_mean_dose, structure_max_dose, column_norm)
        return weights, self.distribution(described)

    def fit(self, plans: list[tuple[torch.Tensor, ...]]) -> None:
        """Learns from the inputs of the training plans what is usual. At least two."""
        fit_plans(self.distribution, plans)
