"""Which of several annealing schedules costs a plan least, from what is known of the plan before it starts."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import torch
from torch import nn

from dh_training.networks.distribution import PLAN_FEATURES, DistributionScore, plan_features

CONTEXT_COLUMNS = 2
COST_UNIT = 100.0
"""Call-equivalents that the network counts as 1."""
_UNUSED = 1e3
"""Cost of a place without a schedule: none is chosen."""
_REFUSED = 2.0
"""Added to the score of solvers whose runs were never measured."""


class ScheduleNetwork(nn.Module):
    """(S, 11), (B, 4), context (2,) -> sigmas_gy (K,), iterations (K,), ood_score (1,).

    `context` as in docs/model-format.md: 1 for solver lbfgs, 1 with a warm start. The answer is the schedule whose
    expected cost is least; places of shorter schedules have the finest sigma and no iterations. The score is above 1
    for another solver than lbfgs.
    """

    def __init__(self, sigmas_gy: torch.Tensor, iterations: torch.Tensor, counts: Sequence[int], width: int) -> None:
        """`sigmas_gy`, `iterations`: (2, N, K), from flat and from learned weights. `counts`: schedules of each."""
        super().__init__()
        self.register_buffer("sigmas_gy", sigmas_gy)
        self.register_buffer("iterations", iterations)
        unused = torch.zeros(sigmas_gy.shape[:2])
        for row, count in enumerate(counts):
            unused[row, count:] = _UNUSED
        self.register_buffer("unused", unused)
        self.register_buffer("feature_mean", torch.zeros(PLAN_FEATURES))
        self.register_buffer("feature_scale", torch.ones(PLAN_FEATURES))
        self.register_buffer("cost_mean", torch.zeros(sigmas_gy.shape[:2]))
        self.hidden = nn.Sequential(nn.Linear(PLAN_FEATURES, width), nn.SiLU(), nn.Linear(width, width), nn.SiLU())
        self.head = nn.Linear(width, sigmas_gy.shape[0] * sigmas_gy.shape[1])
        # Untrained it knows no better than the mean cost of every schedule.
        nn.init.zeros_(self.head.weight)
        nn.init.zeros_(self.head.bias)
        self.distribution = DistributionScore(PLAN_FEATURES)

    def forward(
        self, structures: torch.Tensor, beams: torch.Tensor, context: torch.Tensor
    ) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        """The schedule of least expected cost."""
        features = plan_features(structures, beams)
        learned = context[1:2]
        cost = self._blend(self.costs(features) + self.unused, learned)
        chosen = cost.argmin().reshape(1)
        sigmas = self._blend(self.sigmas_gy, learned).index_select(0, chosen)[0]
        iterations = self._blend(self.iterations, learned).index_select(0, chosen)[0]
        return sigmas, iterations, self.distribution(features) + _REFUSED * (1.0 - context[0:1])

    def costs(self, features: torch.Tensor) -> torch.Tensor:
        """(1, PLAN_FEATURES) -> expected cost of every schedule in COST_UNIT, (2, N)."""
        usual = ((features - self.feature_mean) / self.feature_scale).clamp(-3.0, 3.0)
        return self.head(self.hidden(usual)).view_as(self.cost_mean) + self.cost_mean

    def fit_scales(self, features: npt.NDArray[np.float32], costs: npt.NDArray[np.float32]) -> None:
        """Learns centre and spread of the training plans' features, (plans, 17), and the mean of their costs.

        `costs`: (plans, 2, N), in COST_UNIT.
        """
        self.feature_mean.copy_(torch.from_numpy(features.mean(axis=0)))
        self.feature_scale.copy_(torch.from_numpy(features.std(axis=0) + 1e-3))
        self.cost_mean.copy_(torch.from_numpy(costs.mean(axis=0)))
        self.distribution.fit(features)

    @staticmethod
    def _blend(table: torch.Tensor, learned: torch.Tensor) -> torch.Tensor:
        """The row of the table for flat or for learned weights."""
        return table[0] * (1.0 - learned) + table[1] * learned
