"""Label maps, matRad and OpenKBP, as nibabel, pynrrd, SciPy, h5py and the data set write them."""

from __future__ import annotations

import json
from pathlib import Path

import h5py
import nrrd
import numpy as np
import pytest
from anatomy import Anatomy, expect_anatomy, read_made_case
from mat_makers import mat_content, write_mat73
from nifti_makers import label_map_of, write_volume
from openkbp_maker import write_patient
from running import Run, import_ok, refusal
from scipy.io import savemat

from dh_cases.volumes.orient import affine_of


@pytest.mark.parametrize("names", ["csv", "json", "nnunet", "pyradplan"])
def test_a_label_map_with_names(anatomy: Anatomy, tmp_path: Path, run: Run, out: Path, names: str) -> None:
    labels, by_label = label_map_of(anatomy)
    write_volume(tmp_path / "labels.nii.gz", labels, affine_of(anatomy.grid))
    write_volume(tmp_path / "ct.nii.gz", anatomy.ct_hu, affine_of(anatomy.grid))
    file = tmp_path / ("names.csv" if names == "csv" else "names.json")
    by_name = {name: label for label, name in by_label.items()}
    texts = {
        "csv": "label,name\n" + "".join(f"{label}, {name}\n" for label, name in by_label.items()),
        "json": json.dumps(by_name),
        "nnunet": json.dumps({"labels": {"background": 0, **by_name}}),
        "pyradplan": json.dumps({"vois": {str(label): {"name": name} for label, name in by_label.items()}}),
    }
    file.write_text(texts[names])
    import_ok(run, tmp_path / "labels.nii.gz", "--names", file, "--out", out)
    case = read_made_case(out)
    expect_anatomy(case)
    assert np.all(case.mask("Body")[case.mask("PTV60")]), "the body holds what its label lacks"


def test_a_segmentation_of_slicer(anatomy: Anatomy, tmp_path: Path, run: Run, out: Path) -> None:
    labels, by_label = label_map_of(anatomy)
    layers = np.stack([np.where(labels == 1, 0, labels), anatomy.masks["Body"].astype(np.uint8)])
    grid = anatomy.grid
    header = {
        "space": "left-posterior-superior",
        "kinds": ["list", "domain", "domain", "domain"],
        "space directions": np.vstack([[np.nan] * 3, np.diag(grid.spacing_mm)]),
        "space origin": np.array(grid.origin_mm),
    }
    for number, (label, name) in enumerate(by_label.items()):
        header |= {
            f"Segment{number}_Name": name,
            f"Segment{number}_LabelValue": "1" if name == "Body" else str(label),
            f"Segment{number}_Layer": "1" if name == "Body" else "0",
        }
    nrrd.write(str(tmp_path / "Segmentation.seg.nrrd"), layers, header, index_order="F")
    write_volume(tmp_path / "ct.nii.gz", anatomy.ct_hu, affine_of(grid))
    import_ok(run, tmp_path / "Segmentation.seg.nrrd", "--out", out)
    expect_anatomy(read_made_case(out))


def test_labels_and_names_that_do_not_fit_are_refused(anatomy: Anatomy, tmp_path: Path, run: Run, out: Path) -> None:
    labels, _ = label_map_of(anatomy)
    write_volume(tmp_path / "labels.nii.gz", labels, affine_of(anatomy.grid))
    write_volume(tmp_path / "ct.nii.gz", anatomy.ct_hu, affine_of(anatomy.grid))
    names = tmp_path / "names.csv"
    arguments = (tmp_path / "labels.nii.gz", "--out", out, "--names", names)
    assert "has labels without names" in refusal(run, tmp_path / "labels.nii.gz", "--out", out)
    names.write_text("1,Body\n2,SpinalCord\n3,Parotid_R\n")
    assert "has the labels 4 without a name" in refusal(run, *arguments)
    names.write_text("1,Body\n1,SpinalCord\n")
    assert "names the label 1 twice" in refusal(run, *arguments)
    names.write_text("one,Body\n")
    assert "none is a whole number" in refusal(run, *arguments)
    names.write_bytes("1,Rückenmark\n".encode("latin-1"))
    assert "is not UTF-8" in refusal(run, *arguments)


@pytest.mark.parametrize("version", ["5", "7.3"])
def test_matrad(anatomy: Anatomy, tmp_path: Path, run: Run, out: Path, version: str) -> None:
    file = tmp_path / "patient.mat"
    if version == "5":
        savemat(file, mat_content(anatomy), do_compression=True)
    else:
        write_mat73(file, anatomy)
        assert h5py.is_hdf5(file)
    output = import_ok(run, file, "--out", out)
    case = read_made_case(out)
    expect_anatomy(case)
    assert case.structure("PTV60")["prescription_gy"] == 57.0, "from the objective, not from the name"
    assert case.structure("Body")["role"] == "body"
    assert "Helper is left out: the file says IGNORED" in output
    assert json.loads((out / "beams.json").read_text())["beams"] == [
        {"gantry_deg": 0.0, "couch_deg": 0.0},
        {"gantry_deg": 90.0, "couch_deg": 10.0},
        {"gantry_deg": 180.0, "couch_deg": 0.0},
    ]
    assert case.description["isocenter_mm"] == [18.0, -8.0, 6.0]


def test_matrad_files_that_contradict_themselves_are_refused(
    anatomy: Anatomy, tmp_path: Path, run: Run, out: Path
) -> None:
    file = tmp_path / "patient.mat"
    content = mat_content(anatomy)
    savemat(file, {"ct": content["ct"]})
    assert "has no cst" in refusal(run, file, "--out", out)
    content["ct"]["cubeHU"][0] = content["ct"]["cubeHU"][0][:, :, :3]
    savemat(file, content)
    assert "has voxels beyond the" in refusal(run, file, "--out", out)
    content = mat_content(anatomy)
    content["ct"]["x"] = content["ct"]["x"] * 2
    savemat(file, content)
    assert "ct.x that does not fit ct.resolution.x" in refusal(run, file, "--out", out)
    content = mat_content(anatomy)
    content["ct"]["cube"] = content["ct"].pop("cubeHU")
    savemat(file, content)
    assert "only relative electron densities" in refusal(run, file, "--out", out)
    file.write_bytes(b"MATLAB 5.0 MAT-file, cut short")
    assert "is not a complete MATLAB file" in refusal(run, file, "--out", out)


def test_openkbp(tmp_path: Path, run: Run, out: Path) -> None:
    write_patient(tmp_path / "pt_7")
    output = import_ok(run, tmp_path / "pt_7", "--out", out)
    case = read_made_case(out)
    expect_anatomy(case, "PTV70", "RightParotid")
    assert case.description["id"] == "pt_7"
    assert case.structure("PTV70") | {"tg263_name": "PTV_7000", "prescription_gy": 70.0} == case.structure("PTV70")
    assert case.structure("RightParotid")["tg263_name"] == "Parotid_R"
    assert case.structure("Mandible")["tg263_name"] == "Bone_Mandible"
    assert case.description["reference_plan"]["targets"]["PTV70"]["D50"] == pytest.approx(68.0, abs=0.1)
    assert case.description["reference_plan"]["fractions"] == 35
    assert "made from the CT" in output
    low, high = (case.description["grid"]["origin_mm"][2] + step for step in (0, 5.0 * (case.bits.shape[2] - 1)))
    assert -40 < low < high < 40, "slices without a scan are no air"


def test_many_patients_at_once_and_one_that_fails(tmp_path: Path, run: Run, out: Path) -> None:
    write_patient(tmp_path / "pt_1")
    write_patient(tmp_path / "pt_2")
    write_patient(tmp_path / "pt_3")
    (tmp_path / "pt_2" / "ct.csv").write_text(",data\n12,1000.0\nx,3\n")
    done = run("import", *(tmp_path / f"pt_{number}" for number in (1, 2, 3)), "--out", out)
    assert done.exit_code == 1
    assert "ct.csv: has no index and value in line 3" in done.output
    assert "2 of 3 imported" in done.output
    assert [read_made_case(out / name).description["id"] for name in ("pt_1", "pt_3")] == ["pt_1", "pt_3"]
