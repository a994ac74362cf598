"""Start weights from what every beamlet gives to every structure.

The inputs are sinograms: per beam and column the dose that a beamlet gives to each structure. The network goes to and
fro between sinogram and image along the known rays, so that beams that cross in a voxel hear of each other, and feeds
the mean doses that its weights so far would give (exact, linear) back into its next round.
"""

from __future__ import annotations

import torch
from torch import nn
from torch.nn import functional as F  # noqa: N812 - the usual name

from dh_training.networks.rays import Rays, trace_rays

WEIGHT_CEILING = 0.2
REFERENCE_WEIGHT = 0.05
"""Of every beamlet: gives the highest prescription as mean target dose."""
PAIR_FEATURES = 14


class FluenceNetwork(nn.Module):
    """(S, 11), (B, 4), 2 x (B, R, C, S), (B, R, C) -> weights (B, R, C) in [0, 0.2]; see `ModelInputs`."""

    def __init__(self, width: int = 48, image_width: int = 32, rounds: int = 4, image_size: int = 32) -> None:
        """`width`, `image_width`: channels in sinogram and image. `image_size`: points to a side."""
        super().__init__()
        self.image_size = image_size
        self.pair = nn.Sequential(nn.Linear(PAIR_FEATURES, 48), nn.SiLU(), nn.Linear(48, 48), nn.SiLU())
        self.enter = nn.Conv2d(2 * 48 + 2, width, 1)
        self.rounds = nn.ModuleList(_Round(width, image_width, image_size) for _ in range(rounds))

    def forward(
        self,
        structures: torch.Tensor,
        beams: torch.Tensor,
        structure_mean_dose: torch.Tensor,
        structure_max_dose: torch.Tensor,
        column_norm: torch.Tensor,
    ) -> torch.Tensor:
        """Weights; 0 for excluded beamlets."""
        return self.trace(structures, beams, structure_mean_dose, structure_max_dose, column_norm)[-1]

    def trace(
        self,
        structures: torch.Tensor,
        beams: torch.Tensor,
        structure_mean_dose: torch.Tensor,
        structure_max_dose: torch.Tensor,
        column_norm: torch.Tensor,
    ) -> list[torch.Tensor]:
        """Weights after every round."""
        prescription_gy = structures[:, 6].max()
        active = (column_norm > 0).to(structures.dtype)
        share = REFERENCE_WEIGHT * active.sum() / prescription_gy
        mean = structure_mean_dose * share
        highest = structure_max_dose * share
        goals = describe_structures(structures, prescription_gy)
        pairs = torch.cat(
            [
                mean.clamp(max=20.0).unsqueeze(-1),
                torch.log1p(mean).unsqueeze(-1),
                torch.log1p(highest).unsqueeze(-1),
                goals.expand(*mean.shape, -1),
            ],
            dim=-1,
        )
        pair = self.pair(pairs)
        told = torch.cat([pair.sum(dim=3), (pair * torch.log1p(mean).unsqueeze(-1)).sum(dim=3)], dim=-1) * 0.3
        norm = column_norm / (column_norm.sum() / active.sum())
        lateral = lateral_place(column_norm).unsqueeze(-1)
        told = torch.cat([told, norm.unsqueeze(-1), lateral.expand(*mean.shape[:3], 1)], dim=-1)
        state = self.enter(told.permute(0, 3, 1, 2))
        rays = trace_rays(beams, mean.shape[2], self.image_size)
        logit = torch.full_like(column_norm, -1.1)
        image = None
        weights = []
        for block in self.rounds:
            weight = WEIGHT_CEILING * torch.sigmoid(logit) * active
            dose = (weight.unsqueeze(-1) * mean).sum(dim=(0, 1, 2)) / (REFERENCE_WEIGHT * active.sum())
            state, image, change = block(state, image, logit, mean, goals, dose, rays)
            logit = logit + change
            weights.append(WEIGHT_CEILING * torch.sigmoid(logit) * active)
        return weights


class _Round(nn.Module):
    """Mean doses in, along the beams, through the image, and a change of the logits out."""

    def __init__(self, width: int, image_width: int, image_size: int) -> None:
        super().__init__()
        self.image_size = image_size
        self.feedback = nn.Sequential(nn.Linear(11 + 3, 32), nn.SiLU(), nn.Linear(32, 16))
        self.mix = nn.Conv2d(width + 16 + 1, width, 1)
        self.norms = nn.ModuleList(ChannelNorm(width) for _ in range(5))
        self.image_norm = ChannelNorm(image_width)
        self.along_columns = nn.Conv2d(width, width, (1, 7), padding=(0, 3))
        self.along_rows = nn.Conv2d(width, width, (3, 1), padding=(1, 0))
        self.cast = nn.Conv2d(width, 2 * image_width, 1)
        self.image_in = nn.Conv2d(2 * image_width, image_width, 3, padding=1)
        self.image_coarse = nn.Conv2d(image_width, image_width, 3, padding=1)
        self.image_out = nn.Conv2d(image_width, image_width, 3, padding=1)
        self.gather = nn.Conv2d(2 * image_width, width, 1)
        self.leave = nn.Conv2d(width, width, (1, 5), padding=(0, 2))
        self.head = nn.Conv2d(width, 1, 1)
        nn.init.zeros_(self.head.weight)
        nn.init.zeros_(self.head.bias)

    def forward(
        self,
        state: torch.Tensor,
        image: torch.Tensor | None,
        logit: torch.Tensor,
        mean: torch.Tensor,
        goals: torch.Tensor,
        dose: torch.Tensor,
        rays: Rays,
    ) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        beams, _, rows, columns = state.shape
        error = torch.stack([dose, dose - goals[:, 4], dose - goals[:, 5]], dim=-1)
        told = self.feedback(torch.cat([goals, error], dim=-1))
        heard = torch.einsum("brcs,sk->bkrc", torch.log1p(mean), told)
        state = state + F.silu(
            self.mix(torch.cat([self.norms[0](state), heard, torch.sigmoid(logit).unsqueeze(1)], dim=1))
        )
        state = state + F.silu(self.along_columns(self.norms[1](state)))
        state = state + F.silu(self.along_rows(state))

        size = self.image_size
        cast = self.cast(self.norms[2](state)).view(beams, 2, -1, rows, columns).permute(1, 3, 2, 0, 4)
        seen = torch.matmul(cast.reshape(2, -1, beams * columns), rays.cast)
        seen = seen.view(2, rows, -1, size, size).transpose(0, 1).reshape(rows, -1, size, size)
        new = F.silu(self.image_in(seen))
        image = new if image is None else image + new
        image = self.image_norm(image)
        coarse = F.silu(self.image_coarse(F.avg_pool2d(image, 2)))
        image = image + F.interpolate(coarse, scale_factor=2.0, mode="nearest")
        image = image + F.silu(self.image_out(image))

        lines = torch.matmul(image.reshape(1, -1, size * size), rays.gather)
        lines = lines.view(2, rows, -1, beams, columns).permute(3, 0, 2, 1, 4).reshape(beams, -1, rows, columns)
        gathered = self.gather(lines)
        state = state + F.silu(gathered)
        state = state + F.silu(self.leave(self.norms[3](state)))
        return state, image, 0.3 * self.head(self.norms[4](state)).squeeze(1)


class ChannelNorm(nn.Module):
    """Every place's channels to zero mean and unit variance, with a learned scale."""

    def __init__(self, width: int) -> None:
        """`width`: channels."""
        super().__init__()
        self.scale = nn.Parameter(torch.ones(1, width, 1, 1))
        self.shift = nn.Parameter(torch.zeros(1, width, 1, 1))

    def forward(self, value: torch.Tensor) -> torch.Tensor:
        """(images, width, any, any) -> the same shape."""
        centred = value - value.mean(dim=1, keepdim=True)
        return centred * torch.rsqrt(centred.pow(2).mean(dim=1, keepdim=True) + 0.1) * self.scale + self.shift


def lateral_place(column_norm: torch.Tensor) -> torch.Tensor:
    """(B, R, C) -> (1, 1, C): how far a beamlet lies from the middle of its row, 0 to 1."""
    columns = column_norm.shape[2]
    return torch.linspace(-1.0, 1.0, columns, dtype=column_norm.dtype, device=column_norm.device).view(1, 1, -1).abs()


def describe_structures(structures: torch.Tensor, prescription_gy: torch.Tensor) -> torch.Tensor:
    """(S, 11): roles, weight, goals and prescription as parts of the highest prescription, size and shape."""
    return torch.cat(
        [
            structures[:, 0:3],
            (structures[:, 3:4] / 30.0).sqrt(),
            structures[:, 4:7] / prescription_gy,
            torch.log1p(structures[:, 7:8]) / 5.0,
            structures[:, 8:9],
            structures[:, 9:10] / prescription_gy * 50.0,
            structures[:, 10:11] / 100.0,
        ],
        dim=1,
    )
