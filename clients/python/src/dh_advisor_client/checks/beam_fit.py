"""How the beams' doses lie to their rays."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from dh_advisor_client.checks.moments import Moments
from dh_advisor_client.features import BeamFrame, VoxelGrid, beam_rays
from dh_advisor_client.plan import Beam, FloatArray

# Beamlets that deposit less than this share of their beam's most graze the patient, and say little.
_LEAST_SHARE = 0.25
# What is tolerated: several times what the reference optimizer's phantoms and patients show (0.02 and 5 degrees).
_SLOPE_TOLERANCE = 0.15
_ANGLE_TOLERANCE_DEG = 30.0
_OFFSET_TOLERANCE = 0.75
# A long axis has this many times the variance of the next.
_LEAST_RATIO = 3.0


@dataclass(frozen=True)
class Belief:
    """Where the dose of each beamlet of the plan start is looked up, and what is believed of the beams."""

    beams: tuple[Beam, ...]
    order: npt.NDArray[np.int64]
    """Beamlet (beam, row, column) -> column of the matrix."""
    shift_mm: FloatArray
    """Of the isocentre."""


def as_said(beams: tuple[Beam, ...]) -> Belief:
    """The order of the contract."""
    count = sum(beam.columns * beam.rows for beam in beams)
    return Belief(beams, np.arange(count), np.zeros(3))


@dataclass(frozen=True)
class BeamFit:
    """How one beam's dose lies to its rays; neutral where it has no beamlets with enough dose."""

    beamlets: int = 0
    column_slope: float = 1.0
    """Measured u over said u; 1 unless there are several columns."""
    row_slope: float = 1.0
    column_extent_mm: float = 0.0
    """Between the outermost columns."""
    row_extent_mm: float = 0.0
    column_offset_mm: float = 0.0
    """Measured minus said, median."""
    row_offset_mm: float = 0.0
    angle_deg: float = 0.0
    """Between the dose's long axis and the beam's; 0 where it has none."""
    line_deg: float | None = None
    """Gantry angle, in [0, 180), of the long axis, for coplanar beams."""
    entry_shift_mm: float = 0.0
    """Of high doses against all, along the beam: negative where dose falls with depth."""

    def misfit(self, beam: Beam, grid: VoxelGrid) -> float:
        """Largest deviation in units of what is tolerated: at most 1 when the belief fits."""
        if self.beamlets == 0:
            return 0.0
        voxel_mm = max(grid.spacing_mm)

        # Voxels wider than a narrow beam, and patients or targets that end within a beamlet, move the outermost by
        # half.
        def slope(measured: float, extent_mm: float, size_mm: float) -> float:
            if not extent_mm > 0.0:
                return 0.0
            return abs(measured - 1.0) / (_SLOPE_TOLERANCE + 0.5 * (voxel_mm + size_mm) / extent_mm)

        def offset(offset_mm: float, size_mm: float) -> float:
            return abs(offset_mm) / (_OFFSET_TOLERANCE * size_mm + 0.5 * voxel_mm)

        return max(
            slope(self.column_slope, self.column_extent_mm, beam.column_width_mm),
            slope(self.row_slope, self.row_extent_mm, beam.row_height_mm),
            offset(self.column_offset_mm, beam.column_width_mm),
            offset(self.row_offset_mm, beam.row_height_mm),
            self.angle_deg / _ANGLE_TOLERANCE_DEG,
        )


def _slope(said: FloatArray, measured: FloatArray) -> float:
    """Of measured positions over said ones; 1 where the said ones are all the same."""
    offset = said - said.mean()
    square = float(offset @ offset)
    return float(offset @ (measured - measured.mean())) / square if square > 0.0 else 1.0


def _median(values: FloatArray) -> float:
    """The upper of two in the middle, as in the C++ client."""
    return float(np.partition(values, values.size // 2)[values.size // 2])


def _long_axis(covariance: FloatArray) -> FloatArray | None:
    """Unit vector along the longest axis; None when its variance is less than three times the next."""
    variances, axes = np.linalg.eigh(covariance)
    return np.asarray(axes[:, 2]) if variances[2] >= _LEAST_RATIO * variances[1] else None


def _with_enough_dose(columns: npt.NDArray[np.int64], moments: Moments) -> npt.NDArray[np.int64]:
    square = moments.square[columns]
    return np.flatnonzero((square > 0.0) & (square >= _LEAST_SHARE * square.max(initial=0.0)))


def _fit(beam: Beam, columns: npt.NDArray[np.int64], belief: Belief, moments: Moments) -> BeamFit:
    kept = _with_enough_dose(columns, moments)
    if kept.size == 0:
        return BeamFit()
    frame = BeamFrame.at(beam.gantry_deg, beam.couch_deg, belief.shift_mm)
    u, v = (said[kept] for said in beam_rays(beam))
    of = columns[kept]
    at = frame.project(moments.center[of])
    fit = {
        "beamlets": int(kept.size),
        "column_slope": _slope(u, at[:, 0]),
        "row_slope": _slope(v, at[:, 1]),
        "column_extent_mm": float(np.ptp(u)),
        "row_extent_mm": float(np.ptp(v)),
        "column_offset_mm": _median(at[:, 0] - u),
        "row_offset_mm": _median(at[:, 1] - v),
        "entry_shift_mm": _median((moments.high_center[of] - moments.center[of]) @ frame.axis),
    }
    axis = _long_axis(moments.covariance[of].sum(axis=0))
    if axis is None:
        return BeamFit(**fit)  # type: ignore[arg-type]
    angle_deg = math.degrees(math.acos(min(1.0, abs(float(axis @ frame.axis)))))
    # From the source at gantry g: (-sin g, cos g) in (x, y).
    line_deg = math.fmod(math.degrees(math.atan2(-axis[0], axis[1])) + 360.0, 180.0)
    return BeamFit(**fit, angle_deg=angle_deg, line_deg=line_deg)  # type: ignore[arg-type]


def _columns_of(belief: Belief) -> list[npt.NDArray[np.int64]]:
    ends = np.cumsum([beam.columns * beam.rows for beam in belief.beams])
    return np.split(belief.order, ends[:-1])


def fit_beams(belief: Belief, moments: Moments) -> list[BeamFit]:
    """One fit a beam."""
    parts = zip(belief.beams, _columns_of(belief), strict=True)
    return [_fit(beam, columns, belief, moments) for beam, columns in parts]


def misfit_of(belief: Belief, moments: Moments, grid: VoxelGrid) -> float:
    """The largest misfit of a beam."""
    fits = fit_beams(belief, moments)
    return max(fit.misfit(beam, grid) for fit, beam in zip(fits, belief.beams, strict=True))


def best_shift_mm(belief: Belief, moments: Moments) -> FloatArray:
    """The shift of the isocentre that brings centres of dose nearest to their rays."""
    # Least squares of the distances across and, with several rows, along; a little of the identity where nothing tells.
    normal, right = 1e-6 * np.eye(3), np.zeros(3)
    for beam, columns in zip(belief.beams, _columns_of(belief), strict=True):
        kept = _with_enough_dose(columns, moments)
        frame = BeamFrame.at(beam.gantry_deg, beam.couch_deg, np.zeros(3))
        u, v = (said[kept] for said in beam_rays(beam))
        at = frame.project(moments.center[columns[kept]])
        normal += kept.size * np.outer(frame.across, frame.across)
        right += frame.across * (at[:, 0] - u).sum()
        if beam.rows > 1:
            normal += kept.size * np.outer(frame.along, frame.along)
            right += frame.along * (at[:, 1] - v).sum()
    return np.asarray(np.linalg.solve(normal, right))
