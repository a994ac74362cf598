"""Trains `warm-start` on what its weights do to the objective, not on anyone's weights."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import torch

from dh_training.corpus import Sample, mirrored, with_other_goals
from dh_training.networks.fluence import FluenceNetwork
from dh_training.problems import ModelInputs


@dataclass(frozen=True)
class WarmStartOptions:
    """Loss and augmentation."""

    sigmas_gy: tuple[float, ...] = (2.5, 5.0, 12.0)
    sigma_weights: tuple[float, ...] = (1.0, 1.0, 0.5)
    early_round_weight: float = 0.3
    other_goals_share: float = 0.25
    other_goals_spread: float = 0.15


@dataclass
class WarmStartTask:
    """Mean logarithm of F at several sigmas."""

    options: WarmStartOptions = field(default_factory=WarmStartOptions)
    network: FluenceNetwork = field(default_factory=FluenceNetwork)

    def loss(self, item: Sample, rng: np.random.Generator) -> torch.Tensor:
        """Of the last round and, with less weight, of an earlier one."""
        sample = item
        if rng.random() < self.options.other_goals_share:
            sample = Sample.of(with_other_goals(item.problem, rng, self.options.other_goals_spread))
        is_mirrored = rng.random() < 0.5
        inputs = sample.problem.inputs
        rounds = self.network.trace(*tensors(mirrored(inputs) if is_mirrored else inputs))
        if is_mirrored:
            rounds = [weights.flip(2) for weights in rounds]
        early = rounds[int(rng.integers(len(rounds) - 1))]
        return self._divergence(sample, rounds[-1]) + self.options.early_round_weight * self._divergence(sample, early)

    def figure(self, item: Sample) -> float:
        """The loss of the last round."""
        return float(self._divergence(item, self.network(*tensors(item.problem.inputs))))

    def _divergence(self, sample: Sample, weights: torch.Tensor) -> torch.Tensor:
        values = sample.objective.total(sample.dose_gy(weights), self.options.sigmas_gy)
        factors = torch.tensor(self.options.sigma_weights)
        return (values.clamp(min=1e-3).log() * factors).sum() / factors.sum()


def tensors(inputs: ModelInputs) -> tuple[torch.Tensor, ...]:
    """In the order of the network's arguments."""
    return tuple(torch.from_numpy(value) for value in vars(inputs).values())
