"""What an RTPLAN says about beams, isocentre, prescription and fractions."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from dh_cases.fault import CaseError
from dh_cases.source import Beam

if TYPE_CHECKING:
    from pydicom.dataset import Dataset

    from dh_cases.dicom.folder import Header
    from dh_cases.dicom.series import CtSeries

_SAME_POINT_MM = 1.0
_SAME_ANGLE_DEG = 0.1


@dataclass
class PlanFacts:
    """What of a plan a case can hold."""

    beams: list[Beam] = field(default_factory=list)
    isocenter_mm: tuple[float, float, float] | None = None
    prescriptions_gy: dict[int, float] = field(default_factory=dict)
    """Total dose by ROI number of the target."""
    fractions: int | None = None


def _treatment_beams(plan: Dataset) -> list[Dataset]:
    return [
        beam
        for beam in plan.get("BeamSequence") or []
        if str(beam.get("TreatmentDeliveryType") or "TREATMENT") == "TREATMENT" and beam.get("ControlPointSequence")
    ]


def _angles(beam: Dataset, keyword: str) -> list[float]:
    """Control points that do not repeat an angle have that of the one before."""
    return [float(point.get(keyword)) for point in beam.ControlPointSequence if point.get(keyword) is not None]


def _moves(beam: Dataset) -> bool:
    """Whether gantry or couch turn while the beam is on, as in VMAT and conformal arcs."""
    if any(str(point.get("GantryRotationDirection") or "NONE") != "NONE" for point in beam.ControlPointSequence):
        return True
    return any(
        len(angles) > 1 and max(angles) - min(angles) > _SAME_ANGLE_DEG
        for angles in (_angles(beam, "GantryAngle"), _angles(beam, "PatientSupportAngle"))
    )


def _read_beams(header: Header, facts: PlanFacts, notes: list[str]) -> None:
    beams = _treatment_beams(header.data)
    arcs = sum(_moves(beam) for beam in beams)
    strange = sum(str(beam.get("RadiationType") or "PHOTON") != "PHOTON" for beam in beams)
    if arcs:
        notes.append(
            f"{arcs} of the plan's {len(beams)} beams are arcs (VMAT), which can't be planned here: one weight is "
            "found for each beamlet of a beam that stands still, and in an arc gantry and leaves move together; name "
            "beams that stand still with rtmodel's --beams"
        )
    elif strange:
        notes.append(
            f"{strange} of the plan's {len(beams)} beams are not of photons, which can't be planned here: the dose "
            "model is that of photons of 6 MV; name beams of photons with rtmodel's --beams"
        )
    else:
        for beam in beams:
            first = beam.ControlPointSequence[0]
            couch = float(first.get("PatientSupportAngle") or 0.0)
            facts.beams.append(Beam(float(first.get("GantryAngle") or 0.0), couch))
    points = [
        np.array(beam.ControlPointSequence[0].IsocenterPosition, float)
        for beam in beams
        if beam.ControlPointSequence[0].get("IsocenterPosition")
    ]
    if not points:
        return
    if any(np.linalg.norm(point - points[0]) > _SAME_POINT_MM for point in points):
        raise CaseError(
            header.path, "has beams with different isocentres", "name the one to plan with: --isocenter-mm X,Y,Z"
        )
    x, y, z = (float(value) for value in points[0])
    facts.isocenter_mm = (x, y, z)


def read_plan(header: Header, ct: CtSeries, structure_set: Header, has_isocenter: bool, notes: list[str]) -> PlanFacts:
    """Reads a plan. Raises CaseError when it was made on another CT, or when it has several isocentres.

    `has_isocenter`: the user named one, so the plan's own do not matter.
    """
    data = header.data
    frame = data.get("FrameOfReferenceUID")
    if frame and str(frame) != ct.frame_uid:
        raise CaseError(
            header.path, "has a frame of reference that is not the CT's", "export the plan with the CT it was made on"
        )
    facts = PlanFacts()
    try:
        _read_beams(header, facts, notes)
    except CaseError:
        if not has_isocenter:
            raise
    groups = data.get("FractionGroupSequence") or []
    if len(groups) == 1 and groups[0].get("NumberOfFractionsPlanned"):
        facts.fractions = int(groups[0].NumberOfFractionsPlanned)
    referenced = [str(item.ReferencedSOPInstanceUID) for item in data.get("ReferencedStructureSetSequence") or []]
    if referenced and str(structure_set.data.SOPInstanceUID) not in referenced:
        notes.append("the plan refers to another structure set, so its prescriptions are not taken over")
        return facts
    for reference in data.get("DoseReferenceSequence") or []:
        dose = reference.get("TargetPrescriptionDose")
        if dose and reference.get("ReferencedROINumber") is not None:
            facts.prescriptions_gy[int(reference.ReferencedROINumber)] = float(dose)
    return facts
