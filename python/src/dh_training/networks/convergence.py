"""Where a stage will end, and how sure that is, from what it did so far."""

from __future__ import annotations

import math

import torch
from torch import nn

from dh_training.networks.distribution import DistributionScore

HISTORY = 10
HISTORY_COLUMNS = 4
STATE_COLUMNS = 6
ROW_FEATURES = 6
PRESENT_FEATURES = 3
FLOOR = 1e-5


class ConvergenceNetwork(nn.Module):
    """history (batch, 10, 4), state (batch, 6) -> final_log10_ratio, standard_deviation, ood_score, each (batch,).

    Columns as in docs/model-format.md. What counts are differences: the logarithms of the history are taken relative to
    the current iteration, so that the scale of the objective does not matter.
    """

    def __init__(self, width: int = 64) -> None:
        """`width`: of the first layer."""
        super().__init__()
        questions = HISTORY * ROW_FEATURES + STATE_COLUMNS + PRESENT_FEATURES
        self.layers = nn.Sequential(
            nn.Linear(questions, width), nn.LeakyReLU(), nn.Linear(width, 32), nn.LeakyReLU(), nn.Linear(32, 2)
        )
        self.distribution = DistributionScore(HISTORY_COLUMNS + STATE_COLUMNS)
        self.register_buffer("deviation_scale", torch.ones(1))

    def forward(self, history: torch.Tensor, state: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        """The prediction with its calibrated standard deviation, in log10 of the objective."""
        mean, deviation = self.predict(history, state)
        question = torch.cat([history[:, -1], state], dim=1)
        return mean, deviation * self.deviation_scale, self.distribution(question)

    def predict(self, history: torch.Tensor, state: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """As trained, before calibration."""
        mask = history[:, :, 3:]
        now = history[:, -1:]
        relative = (history - now)[:, :, :2] * mask
        gain = torch.log10(history[:, :, 2:3].clamp(min=1e-9)) / 9.0 * mask
        gradient = (history[:, :, 1:2] - history[:, :, 0:1]) * 0.2 * mask
        rows = torch.cat([relative, gain, mask, gradient, relative[:, :, :1] * 10.0], dim=2)
        present = torch.cat([gain[:, -1], gradient[:, -1], now[:, 0, 0:1] * 0.2], dim=1)
        raw = self.layers(torch.cat([rows.flatten(1), state, present], dim=1))
        # Both span decades: from the first iteration's 90 % to the last one's millionth.
        mean = -torch.pow(10.0, (raw[:, 0] - 2.5).clamp(-7.0, 0.7))
        deviation = torch.pow(10.0, (raw[:, 1] - 2.5).clamp(-7.0, 0.7)) + FLOOR
        return mean, deviation


def laplace_loss(mean: torch.Tensor, deviation: torch.Tensor, wanted: torch.Tensor) -> torch.Tensor:
    """Negative log likelihood of a Laplace distribution with the given standard deviation: heavy tails, less pull."""
    width = deviation / math.sqrt(2.0)
    return ((wanted - mean).abs() / width + torch.log(2.0 * width)).mean()


__all__ = ["ConvergenceNetwork", "laplace_loss"]
