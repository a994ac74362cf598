"""Grids of beamlets around rays as other planning systems have them: only where a target is."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from dh_advisor_client.plan import Beam
from dh_advisor_client.status import InvalidInput
from dh_advisor_client.wire.input_checks import positive, require

# Rays this share of a cell off the grid are on it: rounding, not another pitch.
_OFF_GRID = 0.05


@dataclass(frozen=True)
class BeamGrid:
    """The contract's beams, and where each of the optimizer's own beamlets is among theirs."""

    beams: tuple[Beam, ...]
    beamlets: npt.NDArray[np.int64]
    """Index in the order beam, row, column, one an own beamlet."""


def beam_grid(
    gantry_deg: Sequence[float],
    couch_deg: Sequence[float],
    rays_mm: Sequence[npt.ArrayLike],
    pitch_mm: float,
) -> BeamGrid:
    """One grid for all beams, the smallest with odd numbers of columns and rows that has every ray, as models want it.

    `rays_mm`: for each beam an array (rays, 2) of u (across, to the patient's left at gantry 0) and v (along, superior)
    at the isocentre plane, in the optimizer's own order. Raises `InvalidInput` when rays do not lie on a grid of
    `pitch_mm` around the isocentre, or two on one place.
    """
    positive(pitch_mm, "pitch_mm")
    require(len(gantry_deg) > 0, "gantry_deg", "is empty")
    is_same = len(gantry_deg) == len(couch_deg) == len(rays_mm)
    require(is_same, "rays_mm", "must have one entry a beam, as gantry_deg and couch_deg")
    cells = [np.asarray(rays, dtype=np.float64).reshape(-1, 2) / pitch_mm for rays in rays_mm]
    for b, of in enumerate(cells):
        off = np.abs(of - np.rint(of)).max(initial=0.0)
        if not off <= _OFF_GRID:
            raise InvalidInput(
                f"rays_mm[{b}] has rays {off:.2g} cells of {pitch_mm:g} mm off a grid that is centred on the isocentre"
            )
    reach = np.max([np.abs(np.rint(of)).max(axis=0, initial=0.0) for of in cells], axis=0).astype(np.int64)
    columns, rows = (int(2 * cell + 1) for cell in reach)
    parts = []
    for b, of in enumerate(cells):
        column, row = np.rint(of).astype(np.int64).T + reach[:, None]
        parts.append(b * rows * columns + row * columns + column)
    beamlets = np.concatenate(parts)
    require(np.unique(beamlets).size == beamlets.size, "rays_mm", "has two rays at one place")
    beams = tuple(
        Beam(math.fmod(float(gantry) + 360.0, 360.0), columns, rows, pitch_mm, pitch_mm, float(couch))
        for gantry, couch in zip(gantry_deg, couch_deg, strict=True)
    )
    return BeamGrid(beams, beamlets)
