"""Steps of the weights from where an optimization stands: its gradient, its last steps, and what it remembers.

What the curvature pairs of the stage say alone, the L-BFGS direction, is where a step begins; the network corrects it.
It goes once from the beamlets' sinogram to an image of the plane and back, so that beams that cross hear of each other,
as the Hessian of the objective couples them. What a plan looks like is prepared once; a recurrent memory per beamlet
goes in and out.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import torch
from torch import nn
from torch.nn import functional as F  # noqa: N812 - the usual name

from dh_training.networks.fluence import (
    REFERENCE_WEIGHT,
    WEIGHT_CEILING,
    ChannelNorm,
    describe_structures,
    lateral_place,
)
from dh_training.networks.rays import Rays, trace_rays

CONTEXT_COLUMNS = ("objective", "histogram_sigma_gy", "iteration")
STRUCTURE_TOLD = 16
BEAMLET_COLUMNS = 12
SCALARS = 8
FIRST_STEP = 0.01
"""Of a step without any before it, as a part of the weights' own length."""
_CLIP = 4.0
_LEAST = 1e-12


class PlanSigns(NamedTuple):
    """What stays the same during a plan; see `DirectionNetwork.prepare`."""

    goals: torch.Tensor
    """(S, 11)."""
    mean: torch.Tensor
    """(B, R, C, S): mean dose of reference weights by beamlet, in parts of the highest prescription."""
    log_mean: torch.Tensor
    log_highest: torch.Tensor
    column_norm: torch.Tensor
    """(B, R, C): 1 for excluded beamlets, so that it can divide."""
    active: torch.Tensor
    rays: Rays


class Moment(NamedTuple):
    """Where an optimization stands."""

    weights: torch.Tensor
    """(B, R, C) in [0, 0.2]."""
    gradient: torch.Tensor
    """(B, R, C), dF/dw."""
    steps: torch.Tensor
    """(P, B, R, C), the stage's last changes of the weights, newest first; 0 = unknown."""
    gradient_changes: torch.Tensor
    """(P, B, R, C), what each of them did to the gradient; 0 = unknown."""
    context: torch.Tensor
    """(3,): objective, histogram sigma in Gy, iteration of the stage."""
    memory: torch.Tensor
    """(B, R, C, M), as the network gave it; 0 at the first question of a stage."""


class DirectionNetwork(nn.Module):
    """A plan and a moment -> the weights' next change (B, R, C), not yet bounded, and the new memory (B, R, C, M)."""

    def __init__(
        self, width: int = 24, image_width: int = 12, memory: int = 12, pairs: int = 8, image_size: int = 24
    ) -> None:
        """`width`, `image_width`, `memory`: channels in sinogram, image and memory. `image_size`: points to a side."""
        super().__init__()
        self.image_size = image_size
        self.pairs = pairs
        self.memory = memory
        self.structures = nn.Sequential(nn.Linear(11 + 3, 32), nn.SiLU(), nn.Linear(32, 2 * STRUCTURE_TOLD))
        self.enter = nn.Conv2d(BEAMLET_COLUMNS + SCALARS + 2 * STRUCTURE_TOLD + memory, width, 1)
        self.norms = nn.ModuleList(ChannelNorm(width) for _ in range(4))
        self.along_columns = nn.Conv2d(width, width, (1, 7), padding=(0, 3))
        self.along_rows = nn.Conv2d(width, width, (3, 1), padding=(1, 0))
        self.cast = nn.Conv2d(width, 2 * image_width, 1)
        self.image_in = nn.Conv2d(2 * image_width, image_width, 3, padding=1)
        self.image_norm = ChannelNorm(image_width)
        self.image_coarse = nn.Conv2d(image_width, image_width, 3, padding=1)
        self.image_out = nn.Conv2d(image_width, image_width, 3, padding=1)
        self.gather = nn.Conv2d(2 * image_width, width, 1)
        self.leave = nn.Conv2d(width, width, (1, 5), padding=(0, 2))
        self.head = nn.Conv2d(width, 5, 1)
        self.remember = nn.Conv2d(width, 2 * memory, 1)
        nn.init.zeros_(self.head.weight)
        nn.init.zeros_(self.head.bias)

    def prepare(
        self,
        structures: torch.Tensor,
        beams: torch.Tensor,
        structure_mean_dose: torch.Tensor,
        structure_max_dose: torch.Tensor,
        column_norm: torch.Tensor,
    ) -> PlanSigns:
        """As `ModelInputs`, in this order."""
        prescription_gy = structures[:, 6].max()
        active = (column_norm > 0).to(structures.dtype)
        share = REFERENCE_WEIGHT * active.sum() / prescription_gy
        mean = structure_mean_dose * share
        return PlanSigns(
            goals=describe_structures(structures, prescription_gy),
            mean=mean,
            log_mean=torch.log1p(mean),
            log_highest=torch.log1p(structure_max_dose * share),
            column_norm=column_norm + (1.0 - active),
            active=active,
            rays=trace_rays(beams, column_norm.shape[2], self.image_size),
        )

    def forward(self, plan: PlanSigns, now: Moment) -> tuple[torch.Tensor, torch.Tensor]:
        """Gradients flow through `weights` and `memory` only as far as the caller lets them."""
        count = plan.active.sum()

        def size(values: torch.Tensor) -> torch.Tensor:
            return (values.pow(2).sum() / count + _LEAST**2).sqrt()

        # In variables scaled by the columns' norms a step of one beamlet does what that of another does.
        norm = plan.column_norm
        fraction = now.weights / WEIGHT_CEILING
        position = now.weights * norm * plan.active
        slope = now.gradient / norm * plan.active
        is_held = ((fraction <= 1e-4) & (slope > 0)) | ((fraction >= 1.0 - 1e-4) & (slope < 0))
        slope = torch.where(is_held, torch.zeros_like(slope), slope)
        steps = now.steps * norm * plan.active
        changes = now.gradient_changes / norm * plan.active
        step, change = steps[0], changes[0]
        position_size, slope_size, step_size, change_size = (size(v) for v in (position, slope, step, change))
        downhill = (slope / slope_size).clamp(-_CLIP, _CLIP)
        last = (step / (step_size + 1e-6 * position_size)).clamp(-_CLIP, _CLIP)
        bend = (change / slope_size).clamp(-_CLIP, _CLIP)
        is_near = ((fraction <= 0.01) & (slope > 0)) | ((fraction >= 0.99) & (slope < 0))
        # Before the first pair a step as long as the last one; before the first step a short one.
        known = torch.where(step_size > 1e-6 * position_size, step_size, FIRST_STEP * position_size)
        without_pairs = known / slope_size
        newton = lbfgs_direction(slope, steps, changes, (~is_near).to(slope.dtype), without_pairs)
        newton_size = size(newton)
        mean_norm = (norm * plan.active).sum() / count
        lateral = lateral_place(norm)
        inside = fraction.clamp(1e-3, 1.0 - 1e-3)
        beamlets = [
            fraction,
            torch.log(inside / (1.0 - inside)) * 0.25,
            position / position_size * 0.5,
            downhill,
            _signed_log(slope / slope_size),
            last,
            bend,
            _signed_log(change / slope_size),
            (newton / (newton_size + 1e-6 * position_size)).clamp(-_CLIP, _CLIP),
            (newton / position_size * 3.0).clamp(-_CLIP, _CLIP),
            norm / mean_norm - 1.0,
            lateral.expand_as(norm),
        ]
        curvature = (step * change).sum() / count
        # How far the gradient would carry by what the last step taught (Barzilai and Borwein), as a part of the plan.
        carry = curvature.clamp(min=0.0) / (change_size * change_size + _LEAST) * slope_size / position_size
        objective = now.context[0].clamp(min=1e-6)
        scalars = torch.stack(
            [
                objective.log() * 0.3,
                now.context[1].log() - 1.0,
                now.context[2] * 0.1,
                torch.log(slope_size * position_size * count / objective + 1e-6) * 0.3,
                torch.log(step_size / position_size + 1e-3) * 0.3,
                torch.log(carry + 1e-3) * 0.3,
                torch.log(newton_size / position_size + 1e-3) * 0.3,
                torch.sign(change_size - 1e-9),
            ]
        )
        heard = self._hear(plan, now.weights, count)
        told = torch.cat(
            [
                torch.stack(beamlets),
                scalars.view(-1, 1, 1, 1).expand(-1, *norm.shape),
                heard,
                now.memory.permute(3, 0, 1, 2),
            ]
        )
        state = self._through_the_plane(F.silu(self.enter(told.transpose(0, 1))), plan.rays)

        normal = self.norms[3](state)
        more, gain, momentum, offset, pace = self.head(normal).unbind(1)
        # Untrained, the head is zero and the step is that of L-BFGS; corrections are in parts of its length.
        move = (1.0 + more) * newton + newton_size * (offset - gain * downhill) + momentum * step
        pace = (pace * plan.active).sum() / count
        move = torch.exp(pace.clamp(-2.0, 2.0)) * move
        forget, new = self.remember(normal).chunk(2, dim=1)
        memory = now.memory.permute(0, 3, 1, 2)
        memory = memory + torch.sigmoid(forget) * (torch.tanh(new) - memory)
        return move / norm * plan.active, memory.permute(0, 2, 3, 1)

    def _hear(self, plan: PlanSigns, weights: torch.Tensor, count: torch.Tensor) -> torch.Tensor:
        """(2 STRUCTURE_TOLD, B, R, C): what the structures whose doses are wrong say to the beamlets."""
        dose = (weights.unsqueeze(-1) * plan.mean).sum(dim=(0, 1, 2)) / (REFERENCE_WEIGHT * count)
        goals = plan.goals
        error = torch.stack([dose, dose - goals[:, 4], dose - goals[:, 5]], dim=-1)
        mean_told, highest_told = self.structures(torch.cat([goals, error], dim=-1)).chunk(2, dim=1)
        heard = torch.cat([torch.matmul(plan.log_mean, mean_told), torch.matmul(plan.log_highest, highest_told)], dim=3)
        return heard.permute(3, 0, 1, 2)

    def _through_the_plane(self, state: torch.Tensor, rays: Rays) -> torch.Tensor:
        """(B, width, R, C) -> the same: along the beams, to the image and back."""
        beams, _, rows, columns = state.shape
        size = self.image_size
        state = state + F.silu(self.along_columns(self.norms[0](state)))
        state = state + F.silu(self.along_rows(state))
        cast = self.cast(self.norms[1](state)).view(beams, 2, -1, rows, columns).permute(1, 3, 2, 0, 4)
        seen = torch.matmul(cast.reshape(2, -1, beams * columns), rays.cast)
        seen = seen.view(2, rows, -1, size, size).transpose(0, 1).reshape(rows, -1, size, size)
        image = self.image_norm(F.silu(self.image_in(seen)))
        coarse = F.silu(self.image_coarse(F.avg_pool2d(image, 2)))
        image = image + F.interpolate(coarse, scale_factor=2.0, mode="nearest")
        image = image + F.silu(self.image_out(image))
        lines = torch.matmul(image.reshape(1, -1, size * size), rays.gather)
        lines = lines.view(2, rows, -1, beams, columns).permute(3, 0, 2, 1, 4).reshape(beams, -1, rows, columns)
        state = state + F.silu(self.gather(lines))
        return state + F.silu(self.leave(self.norms[2](state)))


def lbfgs_direction(
    slope: torch.Tensor, steps: torch.Tensor, changes: torch.Tensor, is_free: torch.Tensor, without_pairs: torch.Tensor
) -> torch.Tensor:
    """Two-loop recursion (Nocedal & Wright, algorithm 7.4) in the space of the free components.

    `slope`, `is_free` any shape, `steps` and `changes` (P, that shape), newest first. Pairs without clearly positive
    curvature are left out. The others, and all without a pair, go down the gradient by the recursion's own scale or
    `without_pairs`.
    """
    steps, changes = steps * is_free, changes * is_free
    axes = tuple(range(1, steps.dim()))
    curvature = (steps * changes).sum(dim=axes)
    lengths = ((steps * steps).sum(dim=axes) * (changes * changes).sum(dim=axes)).sqrt()
    is_pair = (curvature > 1e-3 * lengths).to(slope.dtype)
    inverse = is_pair / (curvature + (1.0 - is_pair))
    scale, is_scaled = without_pairs, torch.zeros_like(without_pairs)
    for at in range(steps.shape[0]):
        newest = is_pair[at] * (1.0 - is_scaled)
        own = curvature[at] / ((changes[at] * changes[at]).sum() + _LEAST)
        scale = newest * own + (1.0 - newest) * scale
        is_scaled = is_scaled + newest
    rest = slope * is_free
    shares = []
    for at in range(steps.shape[0]):
        share = inverse[at] * (steps[at] * rest).sum()
        rest = rest - share * changes[at]
        shares.append(share)
    rest = scale * rest
    for at in reversed(range(steps.shape[0])):
        back = inverse[at] * (changes[at] * rest).sum()
        rest = rest + (shares[at] - back) * is_pair[at] * steps[at]
    return -(rest + scale * slope * (1.0 - is_free))


def _signed_log(value: torch.Tensor) -> torch.Tensor:
    return torch.sign(value) * torch.log1p(30.0 * value.abs()) * (1.0 / math.log(31.0))
