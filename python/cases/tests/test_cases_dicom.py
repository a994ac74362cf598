"""DICOM: what is read, and that nothing in it tells who the patient is."""

from __future__ import annotations

import gzip
import json
import re
from pathlib import Path

import numpy as np
import pytest
from anatomy import expect_anatomy, make_anatomy, read_made_case
from dicom_makers import IDENTITY, DicomExport
from pydicom.dataset import Dataset
from running import Run, refusal


@pytest.fixture()
def export(tmp_path: Path) -> DicomExport:
    return DicomExport(tmp_path / "dicom", make_anatomy())


@pytest.fixture()
def whole(export: DicomExport) -> DicomExport:
    export.write_ct()
    export.write_structures()
    export.write_plan()
    export.write_dose()
    return export


def test_a_whole_set_becomes_a_case(whole: DicomExport, run: Run, out: Path) -> None:
    done = run("import", whole.folder, "--out", out)
    assert done.exit_code == 0, done.output
    case = read_made_case(out)
    expect_anatomy(case, "PTV_6000")
    assert case.description["grid"]["spacing_mm"] == [5.0, 5.0, 5.0]
    assert case.structure("External")["role"] == "body"
    assert case.structure("PTV_6000")["prescription_gy"] == 58.5, "the plan's prescription goes before the name's"
    assert case.description["isocenter_mm"] == [19.0, -9.0, 7.0]
    assert "PTV 60 Gy is planned for 58.5 Gy" in done.output
    assert json.loads((out / "beams.json").read_text())["beams"][1] == {"gantry_deg": 72.0, "couch_deg": 0.0}
    assert case.description["reference_plan"]["fractions"] == 30
    assert 50 < case.description["reference_plan"]["targets"]["PTV_6000"]["D95"] < 60
    assert "CouchSurface is left out: it is of the type SUPPORT" in done.output
    assert "Never drawn is left out: it is empty" in done.output
    ellipse = np.pi * 70 * 55 * 72 / 1000
    assert abs(case.structure("External")["source_volume_cc"] - ellipse) < 0.01 * ellipse


def test_nothing_that_is_written_or_said_tells_who_the_patient_is(whole: DicomExport, run: Run, out: Path) -> None:
    done = run("import", whole.folder, "--out", out)
    assert done.exit_code == 0, done.output
    assert "Node ***" in done.output
    texts = {"screen": done.output.encode()}
    for file in out.iterdir():
        content = file.read_bytes()
        texts[file.name] = gzip.decompress(content) if file.suffix == ".gz" else content
    assert set(texts) == {
        "screen", "case.json", "ct.nii.gz", "structures.nii.gz", "beams.json", "reference_dose.nii.gz",
    }  # fmt: skip
    secrets = [word for value in IDENTITY.values() for word in value.split("^")] + whole.uids()
    for name, text in texts.items():
        for secret in secrets:
            assert secret.lower().encode() not in text.lower(), f"{secret} in {name}"


def test_labels_are_kept_when_asked_for_but_not_the_patients_name(whole: DicomExport, run: Run, out: Path) -> None:
    assert run("import", whole.folder, "--out", out, "--keep-labels").exit_code == 0
    assert not any("haberstroh" in name.lower() for name in read_made_case(out).names)


def test_a_name_of_the_users_own_is_taken(whole: DicomExport, run: Run, out: Path) -> None:
    assert run("import", whole.folder, "--out", out, "--map", "node haberstroh=LN_Neck_L").exit_code == 0
    assert "LN_Neck_L" in read_made_case(out).names


def test_a_prone_patient_lies_where_the_contours_are(export: DicomExport, run: Run, out: Path) -> None:
    export.write_ct(flipped=True)
    export.write_structures()
    assert run("import", export.folder, "--out", out).exit_code == 0
    expect_anatomy(read_made_case(out), "PTV_6000")


def test_native_spacing_keeps_the_voxels_of_the_ct(whole: DicomExport, run: Run, out: Path) -> None:
    done = run("import", whole.folder, "--out", out, "--spacing-mm", "native", "--whole-field")
    assert done.exit_code == 0, done.output
    case = read_made_case(out)
    assert np.array_equal(case.ct_hu, whole.anatomy.ct_hu), "unchanged to the last voxel"
    assert case.description["grid"]["spacing_mm"] == [2.5, 2.5, 3.0]
    drawn, voxels = whole.anatomy.masks["PTV60"], case.mask("PTV_6000")
    assert (drawn ^ voxels).sum() < 0.1 * drawn.sum()


def test_a_dry_run_estimates_and_writes_nothing(whole: DicomExport, run: Run, out: Path) -> None:
    done = run("import", whole.folder, "--dry-run", "--spacing-mm", "1")
    assert done.exit_code == 0, done.output
    assert "million voxels" in done.output
    assert "GB of memory" in done.output
    assert not out.exists()


def test_a_hole_is_a_hole_and_a_keyhole_too(tmp_path: Path, run: Run, out: Path) -> None:
    export = DicomExport(tmp_path / "dicom", make_anatomy())
    export.write_ct()
    data = export.write_structures()
    # A ring as two contours of a plane, and the same ring as one with a channel.
    inner = export._cylinder((0.0, 30.0), (4.0, 4.0))
    data.ROIContourSequence[2].ContourSequence += inner
    outer_ring, inner_ring = _circle(10.0), _circle(5.0)[::-1]
    data.ROIContourSequence[5].ContourSequence = [
        export._contour([*outer_ring, outer_ring[0], *inner_ring, inner_ring[0]], index) for index in range(24)
    ]
    # A second contour on planes with a keyhole, of 4 mm by 4 mm.
    square = [(20.0, 20.0), (24.0, 20.0), (24.0, 24.0), (20.0, 24.0)]
    data.ROIContourSequence[5].ContourSequence += [export._contour(square, index) for index in range(24)]
    export.save(data, "RS.dcm")
    done = run("import", export.folder, "--out", out, "--spacing-mm", "native", "--map", "Node Haberstroh=Ring")
    assert done.exit_code == 0, done.output
    case = read_made_case(out)
    assert "Ring" in case.names
    two = np.pi * (7.0**2 - 4.0**2) * 72 / 1000
    assert abs(case.structure("SpinalCord")["source_volume_cc"] - two) < 0.01 * two
    one = (np.pi * (10.0**2 - 5.0**2) + 16.0) * 72 / 1000
    assert abs(case.structure("Ring")["source_volume_cc"] - one) < 0.01 * one


def _circle(radius: float) -> list[tuple[float, float]]:
    angles = np.linspace(0.0, 2.0 * np.pi, 96, endpoint=False)
    return [(40.0 + radius * float(np.cos(a)), 20.0 + radius * float(np.sin(a))) for a in angles]


def test_missing_slices_are_refused(export: DicomExport, run: Run, out: Path) -> None:
    export.write_ct(skip=(9, 10))
    export.write_structures()
    message = refusal(run, export.folder, "--out", out)
    assert "2 slices are missing between" in message
    assert not out.exists()


def test_slices_missing_at_an_end_are_refused(export: DicomExport, run: Run, out: Path) -> None:
    export.write_ct(skip=(0, 1, 2))
    export.write_structures()
    assert "contours on 3 CT slices that are not in the folder (of 24" in refusal(run, export.folder, "--out", out)


def test_two_slices_at_one_place_are_refused(export: DicomExport, run: Run, out: Path) -> None:
    export.write_ct()
    (export.folder / "copy.dcm").write_bytes((export.folder / "CT000.dcm").read_bytes())
    export.write_structures()
    assert "lies where" in refusal(run, export.folder, "--out", out)


def test_another_frame_of_reference_is_refused(export: DicomExport, run: Run, out: Path) -> None:
    export.write_ct()
    export.write_structures(frame_uid="1.2.3.4")
    assert "frame of reference that is not the CT's" in refusal(run, export.folder, "--out", out)
    export.write_structures()
    export.write_dose(FrameOfReferenceUID="1.2.3.4")
    assert "RD.dcm: has a frame of reference" in refusal(run, export.folder, "--out", out)


def test_contours_outside_of_the_ct_are_refused_or_left_out(export: DicomExport, run: Run, out: Path) -> None:
    export.write_ct()
    data = export.write_structures()
    data.ROIContourSequence[5].ContourSequence = export._cylinder((95.0, 0.0), (9.0, 9.0))
    export.save(data, "RS.dcm")
    message = refusal(run, export.folder, "--out", out)
    assert "reaches 14.0 mm beyond the CT along x" in message
    assert "--leave-out" in message
    assert run("import", export.folder, "--out", out, "--leave-out", "Node Haberstroh").exit_code == 0


def test_an_empty_target_is_refused(export: DicomExport, run: Run, out: Path) -> None:
    export.write_ct()
    data = export.write_structures()
    data.ROIContourSequence[0].ContourSequence = []
    export.save(data, "RS.dcm")
    assert "PTV 60 Gy: is empty" in refusal(run, export.folder, "--out", out)


def test_a_contour_that_is_not_axial_is_refused(export: DicomExport, run: Run, out: Path) -> None:
    export.write_ct()
    data = export.write_structures()
    contour: Dataset = data.ROIContourSequence[0].ContourSequence[0]
    points = list(contour.ContourData)
    points[2] = float(points[2]) + 3.0
    contour.ContourData = points
    export.save(data, "RS.dcm")
    assert "is not axial" in refusal(run, export.folder, "--out", out)


def test_contours_a_little_off_their_slices_are_on_them(export: DicomExport, run: Run, out: Path) -> None:
    export.write_ct()
    data = export.write_structures()
    for roi in data.ROIContourSequence:
        for number, contour in enumerate(roi.ContourSequence):
            points = np.array(contour.ContourData, float).reshape(-1, 3)
            points[:, 2] += 0.04 if number % 2 else -0.03
            contour.ContourData = [round(float(value), 4) for value in points.ravel()]
    # A hole on the same slice, some hundredths away: it is on one plane with its outline, and no thin plane of its own.
    hole = export._ellipse((-40.0, 30.0), (5.0, 5.0), 12)
    hole.ContourData = [float(value) + (0.02 if i % 3 == 2 else 0.0) for i, value in enumerate(hole.ContourData)]
    data.ROIContourSequence[3].ContourSequence.append(hole)
    export.save(data, "RS.dcm")
    assert run("import", export.folder, "--out", out).exit_code == 0
    case = read_made_case(out)
    expect_anatomy(case, "PTV_6000")
    wanted = np.pi * (70 * 55 * 72 - 25 * 3) / 1000
    assert abs(case.structure("External")["source_volume_cc"] - wanted) < 0.002 * wanted


def test_a_dose_that_ends_too_early_is_told_of(export: DicomExport, run: Run, out: Path) -> None:
    export.write_ct()
    export.write_structures()
    export.write_dose(ImagePositionPatient=[15.0, -72.5, -34.0])
    done = run("import", export.folder, "--out", out)
    assert "the reference dose ends before these do" in done.output


def test_a_file_that_lacks_an_element_is_refused(export: DicomExport, run: Run, out: Path) -> None:
    export.write_ct()
    data = export.write_structures()
    del data.ROIContourSequence[1].ContourSequence[0].ContourData
    export.save(data, "RS.dcm")
    assert "has a file without ContourData" in refusal(run, export.folder, "--out", out)


def test_a_relative_dose_and_one_of_uneven_planes_are_refused(export: DicomExport, run: Run, out: Path) -> None:
    export.write_ct()
    export.write_structures()
    export.write_dose(DoseUnits="RELATIVE")
    assert "has the unit RELATIVE" in refusal(run, export.folder, "--out", out)
    export.write_dose(GridFrameOffsetVector=[*(4.0 * frame for frame in range(17)), 90.0])
    assert "has planes from 4 to 26 mm apart" in refusal(run, export.folder, "--out", out)


def test_what_is_missing_or_double_in_a_folder_is_named(export: DicomExport, run: Run, out: Path) -> None:
    export.write_structures()
    assert "has no CT slices" in refusal(run, export.folder, "--out", out)
    export.write_ct()
    export.write_structures(name="RS2.dcm")
    assert "has 2 structure sets (RS.dcm, RS2.dcm)" in refusal(run, export.folder, "--out", out)


def test_a_label_that_nothing_has_is_refused(whole: DicomExport, run: Run, out: Path) -> None:
    for option in (["--map", "Blase=Bladder"], ["--prescription", "CTV=50"], ["--leave-out", "Blase"]):
        assert "names no structure" in refusal(run, whole.folder, "--out", out, *option)


def test_folders_of_several_patients_are_called_by_ids(whole: DicomExport, run: Run, tmp_path: Path) -> None:
    """Names of folders tell who somebody is, too."""
    named = tmp_path / "Haberstroh, Zacharias"
    whole.folder.rename(named)
    other = DicomExport(tmp_path / "other", make_anatomy((3.0, 3.0, 3.0)))
    other.write_ct()
    other.write_structures()
    assert run("import", named, other.folder, "--out", tmp_path / "cases").exit_code == 0
    names = [folder.name for folder in (tmp_path / "cases").iterdir()]
    assert len(names) == 2
    assert all(re.fullmatch(r"case-[0-9a-f]{10}", name) for name in names)
    again = run("import", named, named, "--out", tmp_path / "cases")
    assert again.exit_code == 1
    assert "has the same CT as another of these" in again.output
