"""Where beamlets and points of the plane meet: the fixed geometry between sinograms and images."""

from __future__ import annotations

import math
from typing import NamedTuple

import torch

SOURCE_AXIS_DISTANCE_MM = 1000.0


class Rays(NamedTuple):
    """Fixed products between sinogram and image; points = image_size^2, y slow. No gradients flow into them."""

    cast: torch.Tensor
    """(2, B * columns, points): means over the beams at every point, plain and weighted by depth."""
    gather: torch.Tensor
    """(2, points, B * columns): means along every ray, plain and weighted by depth."""


def trace_rays(beams: torch.Tensor, columns: int, image_size: int) -> Rays:
    """Rays of beams (B, 4) as `ModelInputs.beams` through a square around the isocentre as wide as the beams.

    A point belongs to the columns next to it by a hat of one column's width. Depth counts along the beam from the
    isocentre in half image widths. Couch angles are not looked at.
    """
    half_mm = 0.5 * columns * beams[:, 2].mean()
    ticks = (
        (torch.arange(image_size, dtype=beams.dtype, device=beams.device) + 0.5) * (2.0 / image_size) - 1.0
    ) * half_mm
    x = ticks.view(1, 1, -1).expand(1, image_size, image_size).reshape(1, -1)
    y = ticks.view(1, -1, 1).expand(1, image_size, image_size).reshape(1, -1)
    gantry = beams[:, :1] * (math.pi / 180.0)
    sine, cosine = torch.sin(gantry), torch.cos(gantry)
    depth_mm = y * cosine - x * sine
    across_mm = (x * cosine + y * sine) / (1.0 + depth_mm / SOURCE_AXIS_DISTANCE_MM)
    position = across_mm / beams[:, 2:3] + 0.5 * (columns - 1)
    column = torch.arange(columns, dtype=beams.dtype, device=beams.device).view(1, -1, 1)
    overlap = (1.0 - (position.unsqueeze(1) - column).abs()).clamp(min=0.0)
    depth = (depth_mm / half_mm).unsqueeze(1)
    share = overlap / (overlap.sum(dim=2, keepdim=True) + 1e-3)
    points = image_size * image_size
    cast = torch.stack([overlap, overlap * depth]).reshape(2, -1, points) / beams.shape[0]
    gather = torch.stack([share, share * depth]).reshape(2, -1, points).transpose(1, 2)
    return Rays(cast, gather.contiguous())
