"""Reads an RTSTRUCT and compares it with the CT it was drawn on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from dh_cases.dicom.contours import ContourShape, shape_of
from dh_cases.dicom.folder import hide
from dh_cases.fault import CaseError
from dh_cases.source import Kind, SourceStructure
from dh_cases.volumes.shapes import MaskShape

if TYPE_CHECKING:
    from pydicom.dataset import Dataset

    from dh_cases.dicom.folder import Header
    from dh_cases.dicom.series import CtSeries

# Interpreted types of DICOM that are not planned with; GTV and CTV are told apart by their names.
_IGNORED = {"SUPPORT", "MARKER", "ISOCENTER", "REGISTRATION", "CONTROL", "DOSE_REGION", "CONTRAST_AGENT", "BOLUS"}
_KINDS: dict[str, Kind] = {"EXTERNAL": "body", "PTV": "target", "ORGAN": "oar", "AVOIDANCE": "oar"}
# Rounding, and a contour along the edge of the scan.
_MOST_OUTSIDE_MM = 0.5


def referenced_slices(structure_set: Dataset) -> frozenset[str]:
    """UIDs of the CT slices that contours were drawn on."""
    return frozenset(
        str(image.ReferencedSOPInstanceUID)
        for roi in structure_set.get("ROIContourSequence") or []
        for contour in roi.get("ContourSequence") or []
        for image in contour.get("ContourImageSequence") or []
    )


def _require_same_frame(header: Header, ct: CtSeries) -> None:
    frames = {
        str(roi.ReferencedFrameOfReferenceUID)
        for roi in header.data.get("StructureSetROISequence") or []
        if roi.get("ReferencedFrameOfReferenceUID")
    }
    if frames and frames != {ct.frame_uid}:
        raise CaseError(
            header.path,
            "has a frame of reference that is not the CT's, so contours and CT do not belong together",
            "export the structure set and the CT it was drawn on together",
        )


def _require_slices(header: Header, ct: CtSeries) -> None:
    referenced = referenced_slices(header.data)
    missing = len(referenced - ct.slice_uids)
    if missing:
        raise CaseError(
            header.path,
            f"has contours on {missing} CT slice{'s that are' if missing > 1 else ' that is'} not in the folder "
            f"(of {len(referenced)} that it refers to)",
            "export the whole CT that was contoured",
        )


def _require_inside(shape: ContourShape, shown: str, ct: CtSeries) -> None:
    low, high = shape.bounds_mm
    # The planes themselves: those on the outermost slices reach half a distance beyond the structure's next.
    low[2], high[2] = shape.z_mm[0], shape.z_mm[-1]
    outside = np.maximum(ct.grid.bounds_mm[0] - low, high - ct.grid.bounds_mm[1])
    if outside.max() <= _MOST_OUTSIDE_MM:
        return
    axis = int(outside.argmax())
    raise CaseError(
        shown,
        f"reaches {outside[axis]:.1f} mm beyond the CT along {'xyz'[axis]}",
        f"import the whole CT, or leave the structure out: --leave-out {shown!r}",
    )


def read_structures(
    header: Header, ct: CtSeries, left_out: frozenset[str], identifiers: frozenset[str], notes: list[str]
) -> tuple[list[SourceStructure], dict[int, str]]:
    """The structures, and their labels by ROI number.

    `left_out` are labels that are not looked at, lower case, and `identifiers` texts that are hidden in messages.
    Raises CaseError when the structure set does not belong to the CT.
    """
    data = header.data
    _require_same_frame(header, ct)
    _require_slices(header, ct)
    drawn = {int(roi.ReferencedROINumber): roi for roi in data.get("ROIContourSequence") or []}
    seen = {int(item.ReferencedROINumber): item for item in data.get("RTROIObservationsSequence") or []}
    labels: dict[int, str] = {}
    structures: list[SourceStructure] = []
    for roi in data.get("StructureSetROISequence") or []:
        number = int(roi.ROINumber)
        label = labels[number] = str(roi.get("ROIName") or f"ROI {number}").strip()
        if label.lower() in left_out:
            continue
        shown = hide(label, identifiers)
        interpreted = str(seen[number].get("RTROIInterpretedType") or "") if number in seen else ""
        if interpreted in _IGNORED:
            notes.append(f"{shown} is left out: it is of the type {interpreted}")
            continue
        shape = shape_of(drawn[number], shown, ct.grid, notes) if number in drawn else None
        if shape is not None:
            _require_inside(shape, shown, ct)
            _tell_gaps(shape, shown, ct, notes)
        never_drawn = MaskShape(ct.grid, np.zeros(ct.grid.size, np.bool_))
        structures.append(
            SourceStructure(
                label, shape or never_drawn, _KINDS.get(interpreted), None, shown if shown != label else None
            )
        )
    if not structures:
        raise CaseError(header.path, "has no structures", "export a structure set with contours")
    return structures, labels


def _tell_gaps(shape: ContourShape, shown: str, ct: CtSeries, notes: list[str]) -> None:
    if shape.height_mm > 1.5 * ct.grid.spacing_mm[2]:
        notes.append(f"{shown} is drawn every {shape.height_mm:.4g} mm only; each contour stands for as much")
    elif shape.has_gaps:
        notes.append(f"{shown} has slices without a contour between others with one; they stay empty")
