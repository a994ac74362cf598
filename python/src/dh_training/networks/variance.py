"""The adaptive variance that dH's search would have come to, of every beamlet, by level and phase."""

from __future__ import annotations

import math

import torch
from torch import nn
from torch.nn import functional as F  # noqa: N812 - the usual name

from dh_training.networks.distribution import describe_plan, fit_plans, plan_score
from dh_training.networks.fluence import REFERENCE_WEIGHT, describe_structures, lateral_place

CONTEXT_COLUMNS = 3
_PAIR_FEATURES = 13
_TOLD = 5


class VarianceNetwork(nn.Module):
    """(S, 11), (B, 4), 2 x (B, R, C, S), (B, R, C), context (3,) -> share (B, R, C) in [0, 1], ood_score (1,).

    `context` as in docs/model-format.md: level, phase, log10(sigma in Gy).
    """

    def __init__(self, width: int = 24) -> None:
        """`width`: channels per beamlet."""
        super().__init__()
        self.pair = nn.Sequential(nn.Linear(_PAIR_FEATURES, width), nn.SiLU(), nn.Linear(width, width), nn.SiLU())
        self.enter = nn.Conv2d(2 * width + 2 + _TOLD, width, 1)
        self.along_columns = nn.ModuleList(nn.Conv2d(width, width, (1, 5), padding=(0, 2)) for _ in range(2))
        self.along_rows = nn.Conv2d(width, width, (3, 1), padding=(1, 0))
        self.head = nn.Conv2d(width + _TOLD, 1, 1)
        self.distribution = plan_score()

    def forward(
        self,
        structures: torch.Tensor,
        beams: torch.Tensor,
        structure_mean_dose: torch.Tensor,
        structure_max_dose: torch.Tensor,
        column_norm: torch.Tensor,
        context: torch.Tensor,
    ) -> tuple[torch.Tensor, torch.Tensor]:
        """Share of the way from the lower to the upper bound of the variance; 0 for excluded beamlets."""
        share = self.predict(structures, structure_mean_dose, structure_max_dose, column_norm, context)
        described = describe_plan(structures, beams, structure_mean_dose, structure_max_dose, column_norm)
        return share, self.distribution(described)

    def predict(
        self,
        structures: torch.Tensor,
        structure_mean_dose: torch.Tensor,
        structure_max_dose: torch.Tensor,
        column_norm: torch.Tensor,
        context: torch.Tensor,
    ) -> torch.Tensor:
        """The share, (B, R, C)."""
        prescription_gy = structures[:, 6].max()
        active = (column_norm > 0).to(structures.dtype)
        scale = REFERENCE_WEIGHT * active.sum() / prescription_gy
        mean = torch.log1p(structure_mean_dose * scale)
        highest = torch.log1p(structure_max_dose * scale)
        goals = describe_structures(structures, prescription_gy)
        pair = self.pair(torch.cat([mean.unsqueeze(-1), highest.unsqueeze(-1), goals.expand(*mean.shape, -1)], dim=-1))
        told = torch.cat([pair.sum(dim=3), (pair * mean.unsqueeze(-1)).sum(dim=3)], dim=-1) * 0.3
        norm = column_norm / (column_norm.sum() / active.sum())
        lateral = lateral_place(column_norm).unsqueeze(-1)
        told = torch.cat([told, norm.unsqueeze(-1), lateral.expand(*mean.shape[:3], 1)], dim=-1).permute(0, 3, 1, 2)
        where = _phase_features(context, active.sum()).view(1, -1, 1, 1)
        where = where.expand(told.shape[0], -1, told.shape[2], told.shape[3])
        state = F.silu(self.enter(torch.cat([told, where], dim=1)))
        for layer in self.along_columns:
            state = state + F.silu(layer(state))
        state = state + F.silu(self.along_rows(state))
        return torch.sigmoid(self.head(torch.cat([state, where], dim=1)).squeeze(1)) * active

    def fit(self, plans: list[tuple[torch.Tensor, ...]]) -> None:
        """Learns from the inputs of the training plans what is usual. At least two."""
        fit_plans(self.distribution, plans)


def _phase_features(context: torch.Tensor, beamlets: torch.Tensor) -> torch.Tensor:
    """(_TOLD,): level, phase, its root, sigma, and the directions searched by then beside the level's beamlets.

    The search has narrowed a beamlet's variance by how much of its axis lies in the directions searched so far.
    """
    level, phase, log_sigma = context[0], context[1], context[2]
    beamlets_of_level = beamlets * torch.exp(-math.log(2.0) * level)
    searched = (100.0 * phase / beamlets_of_level).clamp(max=2.0)
    return torch.stack([level / 3.0, phase, phase.sqrt(), log_sigma - 1.0, searched])
