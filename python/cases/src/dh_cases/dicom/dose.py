"""Reads an RTDOSE."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from dh_cases.fault import CaseError
from dh_cases.source import Dose
from dh_cases.volumes.orient import to_lps

if TYPE_CHECKING:
    from dh_cases.dicom.folder import DicomFolder, Header

_MOST_UNEVEN_MM = 0.01


def choose_dose(folder: DicomFolder, notes: list[str]) -> Header | None:
    """The dose of the whole plan; None where there is none. Raises CaseError when there are several."""
    doses = folder.others["RTDOSE"]
    whole = [header for header in doses if str(header.data.get("DoseSummationType") or "PLAN") == "PLAN"]
    if doses and not whole:
        notes.append("the doses are of single beams or fractions, so none is taken as reference")
        return None
    if len(whole) > 1:
        names = ", ".join(sorted(header.path.name for header in whole))
        raise CaseError(folder.path, f"has {len(whole)} doses of plans ({names})", "keep the one that is meant")
    return whole[0] if whole else None


def read_dose(header: Header, frame_uid: str | None = None) -> Dose:
    """Reads the dose in Gy; `frame_uid` is the frame of reference that it must have. Raises CaseError."""
    data = header.pixels()
    frame = str(data.get("FrameOfReferenceUID") or "")
    if frame_uid is not None and frame != frame_uid:
        raise CaseError(
            header.path, "has a frame of reference that is not the CT's", "export the dose with the CT it is for"
        )
    if str(data.get("DoseUnits")) != "GY":
        raise CaseError(header.path, f"has the unit {data.get('DoseUnits')}", "export the dose in Gy, not in per cent")
    if not data.get("DoseGridScaling"):
        raise CaseError(header.path, "has no DoseGridScaling", "export the dose again")
    frames = np.atleast_3d(data.pixel_array) if data.pixel_array.ndim == 3 else data.pixel_array[None]
    offsets = np.array(data.get("GridFrameOffsetVector") or [0.0], float)
    if len(offsets) != len(frames):
        raise CaseError(header.path, f"has {len(frames)} planes, but {len(offsets)} offsets", "export the dose again")
    steps = np.diff(offsets)
    if len(steps) and np.ptp(steps) > _MOST_UNEVEN_MM:
        raise CaseError(
            header.path,
            f"has planes from {steps.min():.4g} to {steps.max():.4g} mm apart",
            "calculate the dose on an even grid",
        )
    row, column = np.array(data.ImageOrientationPatient, float).reshape(2, 3)
    start = np.array(data.ImagePositionPatient, float)
    normal = np.cross(row, column)
    # Offsets that do not begin at 0 are positions along the normal.
    if offsets[0] != 0.0:
        start = start + normal * (offsets[0] - float(np.dot(normal, start)))
    between_rows, between_columns = (float(value) for value in data.PixelSpacing)
    step = float(steps[0]) if len(steps) else float(data.get("SliceThickness") or 1.0)
    affine = np.eye(4)
    affine[:3, :3] = np.column_stack([row * between_columns, column * between_rows, normal * step])
    affine[:3, 3] = start
    stack = np.transpose(frames, (2, 1, 0)).astype(np.float64) * float(data.DoseGridScaling)
    turned, grid = to_lps(stack, affine, header.path)
    return Dose(grid, np.ascontiguousarray(turned, np.float32))
