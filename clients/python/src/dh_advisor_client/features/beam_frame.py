"""A beam's axes in the patient (LPS), for a patient lying head first and supine; IEC 61217 angles."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from dh_advisor_client.plan import Beam, FloatArray

SOURCE_AXIS_DISTANCE_MM = 1000.0
"""From the source to the isocentre: that of every common linear accelerator."""


def _to_patient(x: float, y: float, z: float, couch_rad: float) -> FloatArray:
    """IEC fixed system (X to the right when facing the gantry, Y to the gantry, Z up) to LPS, undoing the couch."""
    cos, sin = math.cos(couch_rad), math.sin(couch_rad)
    return np.array([x * cos + y * sin, -z, -x * sin + y * cos])


@dataclass(frozen=True)
class BeamFrame:
    """Gantry 0 shines from anterior, gantry 90 from the patient's left.

    `across` is the collimator's x axis (to the patient's left at gantry 0), `along` its y axis (superior at couch 0).
    Column 0 of a beam has the smallest u, row 0 the smallest v. Unit vectors, mm.
    """

    source_mm: FloatArray
    axis: FloatArray
    """From the source to the isocentre."""
    across: FloatArray
    along: FloatArray

    @staticmethod
    def at(gantry_deg: float, couch_deg: float, isocenter_mm: Sequence[float] | FloatArray) -> BeamFrame:
        """The frame of a beam."""
        gantry, couch = math.radians(gantry_deg), math.radians(couch_deg)
        to_source = _to_patient(math.sin(gantry), 0.0, math.cos(gantry), couch)
        return BeamFrame(
            source_mm=np.asarray(isocenter_mm) + SOURCE_AXIS_DISTANCE_MM * to_source,
            axis=-to_source,
            across=_to_patient(math.cos(gantry), 0.0, -math.sin(gantry), couch),
            along=_to_patient(0.0, 1.0, 0.0, couch),
        )

    def project(self, points_mm: FloatArray) -> FloatArray:
        """(u, v) of the isocentre plane, and depth from the source along the axis, mm; shape (..., 3) both ways."""
        from_source = points_mm - self.source_mm
        depth = from_source @ self.axis
        magnification = SOURCE_AXIS_DISTANCE_MM / depth
        return np.stack(
            [from_source @ self.across * magnification, from_source @ self.along * magnification, depth], axis=-1
        )

    def points_at(self, u_mm: FloatArray, v_mm: FloatArray, depth_mm: FloatArray) -> FloatArray:
        """Points on the rays through (u, v) of the isocentre plane at `depth_mm`; broadcasts, shape (..., 3)."""
        shrink = depth_mm / SOURCE_AXIS_DISTANCE_MM
        u, v, depth = np.broadcast_arrays(u_mm * shrink, v_mm * shrink, depth_mm)
        across = u[..., None] * self.across + v[..., None] * self.along
        return np.asarray(self.source_mm + depth[..., None] * self.axis + across)


def cell_centers_mm(cells: int, width_mm: float) -> FloatArray:
    """Centres of columns or rows of a beam's grid, which is centred on the isocentre."""
    return np.asarray((np.arange(cells) - 0.5 * (cells - 1.0)) * width_mm, dtype=np.float64)


def beam_rays(beam: Beam) -> tuple[FloatArray, FloatArray]:
    """U and v of a beam's beamlets, in their order (row, column)."""
    u = cell_centers_mm(beam.columns, beam.column_width_mm)
    v = cell_centers_mm(beam.rows, beam.row_height_mm)
    return np.tile(u, beam.rows), np.repeat(v, beam.columns)
