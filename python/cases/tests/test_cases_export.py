"""Plans in other programs' formats, and back."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import nibabel
import numpy as np
import pydicom
import pytest
from anatomy import make_anatomy, read_made_case
from dicom_makers import IDENTITY, DicomExport
from numpy.typing import NDArray
from running import Run, refusal

from dh_cases.dicom.dose import read_dose
from dh_cases.dicom.folder import Header


@pytest.fixture()
def source(tmp_path: Path) -> DicomExport:
    export = DicomExport(tmp_path / "dicom", make_anatomy())
    export.write_ct()
    export.write_structures()
    export.write_plan()
    export.write_dose()
    return export


@pytest.fixture()
def case(source: DicomExport, run: Run, tmp_path: Path) -> Path:
    assert run("import", source.folder, "--out", tmp_path / "case").exit_code == 0
    return tmp_path / "case"


def dose_in(case: Path) -> NDArray[np.float32]:
    return np.asarray(nibabel.load(case / "reference_dose.nii.gz").dataobj)


def export_ok(run: Run, case: Path, out: Path, *options: object) -> str:
    done = run("export", case, "--dose", case / "reference_dose.nii.gz", "--out", out, *options)
    assert done.exit_code == 0, done.output
    return done.output


def test_a_dose_comes_back_from_rtdose_within_a_thousandth(case: Path, run: Run, tmp_path: Path) -> None:
    export_ok(run, case, tmp_path / "out")
    path = tmp_path / "out" / "dose.dcm"
    back = read_dose(Header(path, pydicom.dcmread(path, stop_before_pixels=True)))
    grid = read_made_case(case).description["grid"]
    assert list(back.grid.size) == grid["size"]
    assert np.allclose(back.grid.origin_mm, grid["origin_mm"], atol=1e-3)
    before = dose_in(case)
    assert before.max() > 50
    # The promise is 0.1 % of the highest dose; the file holds 32 bits.
    assert np.abs(back.dose_gy - before).max() < 1e-6 * before.max()
    again = np.asarray(nibabel.load(tmp_path / "out" / "dose.nii.gz").dataobj)
    assert np.array_equal(again, before)


def test_an_exported_dose_is_the_reference_of_the_next_import(
    source: DicomExport, case: Path, run: Run, tmp_path: Path
) -> None:
    """The whole way round: into a case, out as RTDOSE beside the CT it came from, and in again."""
    export_ok(run, case, tmp_path / "out", "--like", source.folder)
    (source.folder / "RD.dcm").write_bytes((tmp_path / "out" / "dose.dcm").read_bytes())
    assert run("import", source.folder, "--out", tmp_path / "again").exit_code == 0
    before, after = dose_in(case), dose_in(tmp_path / "again")
    assert np.abs(after - before).max() < 1e-3 * before.max()


def test_rtdose_tells_nothing_of_the_patient_unless_asked_to(
    source: DicomExport, case: Path, run: Run, tmp_path: Path
) -> None:
    export_ok(run, case, tmp_path / "out")
    bytes_written = (tmp_path / "out" / "dose.dcm").read_bytes().lower()
    for secret in [word for value in IDENTITY.values() for word in value.split("^")] + source.uids():
        assert secret.lower().encode() not in bytes_written, secret
    output = export_ok(run, case, tmp_path / "named", "--like", source.folder)
    assert "tells who the patient is" in output
    named = pydicom.dcmread(tmp_path / "named" / "dose.dcm")
    assert named.PatientID == IDENTITY["PatientID"]
    assert named.FrameOfReferenceUID == source.frame_uid
    assert named.StudyInstanceUID == source.study_uid
    assert named.ReferencedRTPlanSequence[0].ReferencedSOPInstanceUID == source.plan_uid


def result_of(case: Path) -> dict[str, object]:
    beams = [{"gantry_deg": 0.0, "couch_deg": 0.0}, {"gantry_deg": 180.0, "couch_deg": 5.0}]
    plan = {"beams": beams, "columns": 3, "rows": 1, "column_width_mm": 5.0, "row_height_mm": 50.0}
    return {
        "format": "rtmodel-result",
        "version": 1,
        "case": json.loads((case / "case.json").read_text())["id"],
        "plan": plan,
        "final_weights": [0.0, 0.1, 0.2, 0.05, 1 / 3, 0.15],
    }


def test_weights_become_a_table(case: Path, run: Run, tmp_path: Path) -> None:
    file = tmp_path / "result.json"
    file.write_text(json.dumps(result_of(case)))
    assert run("export", case, "--result", file, "--out", tmp_path / "out").exit_code == 0
    rows = list(csv.DictReader((tmp_path / "out" / "weights.csv").open()))
    assert [float(row["weight"]) for row in rows] == [0.0, 0.1, 0.2, 0.05, 1 / 3, 0.15], "to the last bit"
    assert rows[5]["gantry_deg"] == "180.0"
    assert [rows[3][key] for key in ("beam", "row", "column", "x_mm", "y_mm")] == ["1", "0", "0", "-5.0", "0.0"]


def refused(run: Run, *arguments: object) -> str:
    return refusal(run, *arguments, command="export")


def test_what_is_not_of_the_case_is_refused(case: Path, run: Run, tmp_path: Path) -> None:
    out, file = tmp_path / "out", tmp_path / "result.json"
    file.write_text(json.dumps(result_of(case) | {"case": "another"}))
    assert "is a plan of 'another'" in refused(run, case, "--result", file, "--out", out)
    file.write_text(json.dumps(result_of(case) | {"final_weights": [0.1]}))
    assert "has 1 weights for 2 beams of 1 x 3" in refused(run, case, "--result", file, "--out", out)
    file.write_text("{")
    assert "can't be read as JSON" in refused(run, case, "--result", file, "--out", out)
    file.write_text('{"format": "other"}')
    assert "is not a result of rtmodel" in refused(run, case, "--result", file, "--out", out)
    volume = nibabel.load(case / "ct.nii.gz")
    nibabel.save(volume.slicer[:-1], tmp_path / "small.nii.gz")
    assert "is on the grid" in refused(run, case, "--dose", tmp_path / "small.nii.gz", "--out", out)
    assert "negative or no number" in refused(run, case, "--dose", case / "ct.nii.gz", "--out", out)
    assert run("export", case, "--out", out).exit_code == 2


def test_a_dose_of_another_plan_is_refused(case: Path, run: Run, tmp_path: Path) -> None:
    mask = read_made_case(case).mask("PTV_6000")
    z = read_made_case(case).affine[2, 3] + 5.0 * np.arange(mask.shape[2])
    in_window = mask & (np.abs(z - 8.0) <= 15.0)[None, None, :]
    mean = float(dose_in(case)[in_window].mean())
    result = result_of(case)
    result["plan"] |= {"window_mm": 15.0, "isocenter_mm": [19.0, -9.0, 8.0]}  # type: ignore[operator]
    file = tmp_path / "result.json"
    dose = ("--dose", case / "reference_dose.nii.gz", "--out", tmp_path / "out")
    target = {"name": "PTV_6000", "role": "target", "metrics": {"Dmean": mean}}
    file.write_text(json.dumps(result | {"structures": [target]}))
    assert run("export", case, "--result", file, *dose).exit_code == 0
    file.write_text(json.dumps(result))
    assert "does not fit the result" in refused(run, case, "--result", file, *dose)
    target["metrics"] = {"Dmean": 0.99 * mean}
    file.write_text(json.dumps(result | {"structures": [target]}))
    assert "give dose and result of one run" in refused(run, case, "--result", file, *dose)


def test_a_dose_does_not_get_the_identity_of_another_patient(case: Path, run: Run, tmp_path: Path) -> None:
    anatomy = make_anatomy()
    anatomy.ct_hu[30:40, 20:40] += 30
    other = DicomExport(tmp_path / "other", anatomy)
    other.write_ct()
    message = refused(
        run, case, "--dose", case / "reference_dose.nii.gz", "--out", tmp_path / "out", "--like", other.folder
    )
    assert "has another CT than the case came from" in message
    assert not (tmp_path / "out" / "dose.dcm").exists()
