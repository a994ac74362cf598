"""RTPLANs that can't be planned here: the case is made, and the note says why its beams are not."""

from __future__ import annotations

import copy
from collections.abc import Callable
from pathlib import Path

import pytest
from anatomy import make_anatomy
from dicom_makers import DicomExport
from pydicom.dataset import Dataset
from running import Run, import_ok


def turn_gantry(beam: Dataset) -> None:
    """An arc as planning systems write it: a direction, and an angle at every control point."""
    last = copy.deepcopy(beam.ControlPointSequence[0])
    last.GantryAngle = float(last.GantryAngle) + 60.0
    beam.ControlPointSequence[0].GantryRotationDirection = "CW"
    beam.ControlPointSequence.append(last)


def turn_gantry_without_a_direction(beam: Dataset) -> None:
    last = copy.deepcopy(beam.ControlPointSequence[0])
    last.GantryAngle = float(last.GantryAngle) + 60.0
    beam.ControlPointSequence.append(last)


def turn_couch(beam: Dataset) -> None:
    last = copy.deepcopy(beam.ControlPointSequence[0])
    last.PatientSupportAngle = 30.0
    beam.ControlPointSequence.append(last)


def use_protons(beam: Dataset) -> None:
    beam.RadiationType = "PROTON"


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (turn_gantry, "2 of the plan's 5 beams are arcs (VMAT), which can't be planned here: one weight"),
        (turn_gantry_without_a_direction, "2 of the plan's 5 beams are arcs (VMAT)"),
        (turn_couch, "2 of the plan's 5 beams are arcs (VMAT)"),
        (use_protons, "2 of the plan's 5 beams are not of photons, which can't be planned here: the dose model"),
    ],
)
def test_a_plan_that_cant_be_planned_says_why(
    change: Callable[[Dataset], None], why: str, tmp_path: Path, run: Run, out: Path
) -> None:
    export = DicomExport(tmp_path / "dicom", make_anatomy())
    export.write_ct()
    export.write_structures()
    plan = export.write_plan()
    for beam in plan.BeamSequence[:2]:
        change(beam)
    export.save(plan, "RP.dcm")
    output = import_ok(run, export.folder, "--out", out)
    assert f"note: {why}" in output
    assert "with rtmodel's --beams" in output
    assert not (out / "beams.json").exists(), "half a plan's beams would be another plan"


def test_a_step_and_shoot_plan_is_taken_over(tmp_path: Path, run: Run, out: Path) -> None:
    """Many control points, one angle, which only the first has to repeat."""
    export = DicomExport(tmp_path / "dicom", make_anatomy())
    export.write_ct()
    export.write_structures()
    plan = export.write_plan()
    for beam in plan.BeamSequence:
        beam.ControlPointSequence.append(Dataset())
    export.save(plan, "RP.dcm")
    assert "arcs" not in import_ok(run, export.folder, "--out", out)
    assert (out / "beams.json").is_file()
