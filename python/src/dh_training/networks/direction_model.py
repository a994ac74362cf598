"""What `learned-direction` ships: the network, its bounds, and how far a question lies from those of training."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from torch import nn

from dh_training.networks.direction import DirectionNetwork, Moment, PlanSigns
from dh_training.networks.distribution import DistributionScore, describe_plan, fit_plans, plan_score
from dh_training.networks.fluence import REFERENCE_WEIGHT, WEIGHT_CEILING

MOMENT_FEATURES = 4


class DirectionModel(nn.Module):
    """What `learned-direction` ships: the bounded step, the memory, and how far a question lies from those of training.

    (S, 11), (B, 4), 2 x (B, R, C, S), (B, R, C), then the fields of `Moment` -> step (B, R, C), memory (B, R, C, M),
    ood_score (1,).
    """

    def __init__(self, network: DirectionNetwork) -> None:
        """`network`: trained. The score knows nothing until `fit`."""
        super().__init__()
        self.network = network
        self.plans = plan_score()
        self.moments = DistributionScore(MOMENT_FEATURES)

    def forward(
        self,
        structures: torch.Tensor,
        beams: torch.Tensor,
        structure_mean_dose: torch.Tensor,
        structure_max_dose: torch.Tensor,
        column_norm: torch.Tensor,
        weights: torch.Tensor,
        gradient: torch.Tensor,
        steps: torch.Tensor,
        gradient_changes: torch.Tensor,
        context: torch.Tensor,
        memory: torch.Tensor,
    ) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        """`ModelInputs` in their order, then a `Moment`."""
        plan = self.network.prepare(structures, beams, structure_mean_dose, structure_max_dose, column_norm)
        now = Moment(weights, gradient, steps, gradient_changes, context, memory)
        change, memory = self.network(plan, now)
        step = (weights + change).clamp(0.0, WEIGHT_CEILING) - weights
        # Either may be strange while the other is usual.
        told = describe_plan(structures, beams, structure_mean_dose, structure_max_dose, column_norm)
        score = torch.maximum(self.plans(told), self.moments(moment_features(plan, now)))
        return step * plan.active, memory, score

    def fit(self, plans: Sequence[tuple[torch.Tensor, ...]], questions: Sequence[tuple[torch.Tensor, ...]]) -> None:
        """Learns from inputs of training plans, and from whole questions, what is usual. At least two of each."""
        fit_plans(self.plans, plans)
        with torch.no_grad():
            told = [moment_features(self.network.prepare(*asked[:5]), Moment(*asked[5:])) for asked in questions]
            self.moments.fit(np.concatenate([one.numpy() for one in told]))


def moment_features(plan: PlanSigns, now: Moment) -> torch.Tensor:
    """What a moment says as a whole: (1, MOMENT_FEATURES)."""
    count = plan.active.sum()
    slope = (now.gradient / plan.column_norm * plan.active).pow(2).sum().sqrt()
    position = (now.weights * plan.column_norm * plan.active).pow(2).sum().sqrt()
    objective = now.context[0].clamp(min=1e-6)
    is_target = plan.goals[:, 0]
    dose = (now.weights.unsqueeze(-1) * plan.mean).sum(dim=(0, 1, 2)) / (REFERENCE_WEIGHT * count)
    values = [
        objective.log(),
        now.context[1].log(),
        torch.log(slope * position / objective + 1e-6),
        torch.log((dose * is_target).sum() / is_target.sum().clamp(min=1.0) + 1e-3),
    ]
    return torch.stack(values).unsqueeze(0)
