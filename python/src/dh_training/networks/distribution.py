"""How far a question lies from what a model was trained on, computed inside the model."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import torch
from torch import nn

REFUSAL_MARGIN = 1.25
"""The refusal threshold lies this much beyond the most distant training question."""
SHRINKAGE = 0.05


class DistributionScore(nn.Module):
    """Mahalanobis distance from the training questions: 0 at their mean, 1 at the refusal threshold."""

    def __init__(self, features: int) -> None:
        """`features`: numbers that describe a question."""
        super().__init__()
        self.register_buffer("mean", torch.zeros(features))
        self.register_buffer("whitening", torch.eye(features))
        self.register_buffer("threshold", torch.ones(1))

    def fit(self, features: npt.NDArray[np.float32]) -> None:
        """Learns centre, spread and threshold from training questions, (questions, features)."""
        centre = features.mean(axis=0)
        scale = features.std(axis=0) + 1e-3
        normal = (features - centre) / scale
        covariance = np.cov(normal, rowvar=False) * (1 - SHRINKAGE) + SHRINKAGE * np.eye(features.shape[1])
        whitening = np.linalg.cholesky(np.linalg.inv(covariance)).T / scale
        self.mean.copy_(torch.from_numpy(centre.astype(np.float32)))
        self.whitening.copy_(torch.from_numpy(whitening.astype(np.float32)))
        self.threshold.fill_(1.0)
        distances = self.forward(torch.from_numpy(features.astype(np.float32)))
        self.threshold.fill_(REFUSAL_MARGIN * float(distances.max()))

    def forward(self, features: torch.Tensor) -> torch.Tensor:
        """(questions, features) -> (questions,)."""
        distance = torch.matmul(features - self.mean, self.whitening.t())
        return distance.pow(2).mean(dim=1).sqrt() / self.threshold


PLAN_FEATURES = 17


def plan_features(structures: torch.Tensor, beams: torch.Tensor) -> torch.Tensor:
    """What structures (S, 11) and beams (B, 4) say of a plan as a whole: (1, PLAN_FEATURES)."""
    is_target, is_organ = structures[:, 0], structures[:, 1]
    prescription_gy = structures[:, 6].max()
    organs = is_organ.sum().clamp(min=1.0)
    targets = is_target.sum().clamp(min=1.0)
    log_volume = torch.log1p(structures[:, 7])
    gantry = beams[:, 0] * (math.pi / 180.0)
    couch = beams[:, 1] * (math.pi / 180.0)
    # An even set of beams has its harmonics at 0 up to the number of beams.
    harmonics = [
        (torch.cos(k * gantry).mean().pow(2) + torch.sin(k * gantry).mean().pow(2)).sqrt() for k in (1.0, 2.0, 3.0, 4.0)
    ]
    values = [
        prescription_gy.log(),
        is_target.sum(),
        is_organ.sum().sqrt(),
        (structures[:, 6] * is_target).sum() / targets / prescription_gy,
        (structures[:, 5] * is_organ).sum() / organs / prescription_gy,
        (structures[:, 3] * is_target).sum().add(1.0).log(),
        (structures[:, 3] * is_organ).sum().add(1.0).log(),
        (log_volume * is_target).sum() / targets,
        (log_volume * is_organ).sum() / organs,
        (structures[:, 8] * is_target).sum() / targets,
        (torch.log1p(structures[:, 10]) * is_organ).sum() / organs,
        torch.log(torch.ones_like(gantry).sum()),
        *harmonics,
        torch.sin(couch).abs().max() * 10.0 + torch.log(beams[:, 2]).mean(),
    ]
    return torch.stack(values).unsqueeze(0)


BEAMLET_FEATURES = 6


def beamlet_features(
    structures: torch.Tensor,
    structure_mean_dose: torch.Tensor,
    structure_max_dose: torch.Tensor,
    column_norm: torch.Tensor,
) -> torch.Tensor:
    """What the beamlets' doses say of a plan as a whole: (1, BEAMLET_FEATURES)."""
    active = (column_norm > 0).to(structures.dtype)
    count = active.sum().clamp(min=1.0)
    prescription_gy = structures[:, 6].max()
    share = 0.05 * count / prescription_gy
    mean = torch.log1p(structure_mean_dose * share) * active.unsqueeze(-1)
    highest = torch.log1p(structure_max_dose * share) * active.unsqueeze(-1)
    to_targets = (mean * structures[:, 0]).sum() / count
    to_organs = (mean * structures[:, 1]).sum() / count
    norm = column_norm / (column_norm.sum() / count)
    values = [
        count.log(),
        active.mean(),
        to_targets,
        to_organs,
        (highest.amax(dim=3)).sum() / count,
        ((norm - 1.0).pow(2) * active).sum().div(count).sqrt(),
    ]
    return torch.stack(values).unsqueeze(0)


def describe_plan(
    structures: torch.Tensor,
    beams: torch.Tensor,
    structure_mean_dose: torch.Tensor,
    structure_max_dose: torch.Tensor,
    column_norm: torch.Tensor,
) -> torch.Tensor:
    """The numbers that tell plans apart, (1, PLAN_FEATURES + BEAMLET_FEATURES)."""
    beamlets = beamlet_features(structures, structure_mean_dose, structure_max_dose, column_norm)
    return torch.cat([plan_features(structures, beams), beamlets], dim=1)


def plan_score() -> DistributionScore:
    """A score for what `describe_plan` tells."""
    return DistributionScore(PLAN_FEATURES + BEAMLET_FEATURES)


def fit_plans(score: DistributionScore, plans: Sequence[tuple[torch.Tensor, ...]]) -> None:
    """Teaches `score`, of `plan_score`, what is usual from the inputs of the training plans. At least two."""
    with torch.no_grad():
        score.fit(np.concatenate([describe_plan(*plan).numpy() for plan in plans]))
