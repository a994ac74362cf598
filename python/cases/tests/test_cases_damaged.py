"""Files that are damaged, cut or not as their format asks: each is refused by a message, whatever a library says."""

from __future__ import annotations

import gzip
import struct
from pathlib import Path

import nrrd
import numpy as np
import pydicom
import pytest
from anatomy import Anatomy, make_anatomy, read_made_case
from dicom_makers import DicomExport
from mat_makers import write_mat73
from nifti_makers import write_masks
from openkbp_maker import write_patient
from pydicom.uid import JPEG2000Lossless, RLELossless
from running import Run, import_ok, refusal


@pytest.fixture()
def export(tmp_path: Path) -> DicomExport:
    made = DicomExport(tmp_path / "dicom", make_anatomy())
    made.write_ct()
    made.write_structures()
    return made


def damage(file: Path, at: float, what: bytes) -> None:
    """Writes over a part of a file, `at` a share of its length."""
    content = bytearray(file.read_bytes())
    start = int(at * len(content))
    content[start : start + len(what)] = what
    file.write_bytes(bytes(content))


@pytest.mark.parametrize("at", [0.3, 0.6, 0.9])
def test_packed_volumes(anatomy: Anatomy, tmp_path: Path, run: Run, out: Path, at: float) -> None:
    write_masks(tmp_path / "masks", anatomy)
    damage(tmp_path / "masks/ct.nii.gz", at, b"\xff\x00nan\xee" * 3)
    assert "ct.nii.gz: is not a complete NIfTI volume" in refusal(run, tmp_path / "masks", "--out", out)
    file = tmp_path / "masks/PTV60.nrrd"
    header = {"space": "LPS", "space directions": np.diag(anatomy.grid.spacing_mm), "space origin": np.zeros(3)}
    nrrd.write(str(file), anatomy.masks["PTV60"].astype(np.uint8), header, index_order="F")
    damage(file, max(at, 0.6), b"\xff\x00nan\xee" * 3)
    arguments = (file, "--from", "label-map", "--out", out)
    assert "is not a complete NRRD volume" in refusal(run, *arguments)


def test_a_header_that_says_more_voxels_than_any_scan_has(
    anatomy: Anatomy, tmp_path: Path, run: Run, out: Path
) -> None:
    write_masks(tmp_path / "masks", anatomy)
    file = tmp_path / "masks/ct.nii.gz"
    content = bytearray(gzip.decompress(file.read_bytes()))
    struct.pack_into("<3h", content, 42, 32000, 32000, 32000)
    file.write_bytes(gzip.compress(bytes(content)))
    assert "says the size 32000 x 32000 x 32000" in refusal(run, tmp_path / "masks", "--out", out)


def test_sparse_files(tmp_path: Path, run: Run, out: Path) -> None:
    write_patient(tmp_path / "pt_1")
    damage(tmp_path / "pt_1/SpinalCord.csv", 0.5, b"\xcd\xff")
    assert "SpinalCord.csv: has no index and value in line" in refusal(run, tmp_path / "pt_1", "--out", out)
    (tmp_path / "pt_1/SpinalCord.csv").write_text(",data\n99999999,\n")
    assert "has indices beyond 128 x 128 x 128" in refusal(run, tmp_path / "pt_1", "--out", out)
    (tmp_path / "pt_1/voxel_dimensions.csv").write_text("3.9\n3.9\n-2\n")
    assert "is not three lengths in mm" in refusal(run, tmp_path / "pt_1", "--out", out)


def test_matlab_files(anatomy: Anatomy, tmp_path: Path, run: Run, out: Path) -> None:
    file = tmp_path / "patient.mat"
    write_mat73(file, anatomy)
    file.write_bytes(file.read_bytes()[:4000])
    assert "is not a complete MATLAB file" in refusal(run, file, "--out", out)


def test_contours_whose_numbers_are_none(export: DicomExport, run: Run, out: Path) -> None:
    data = pydicom.dcmread(export.folder / "RS.dcm")
    number = str(data.ROIContourSequence[0].ContourSequence[0].ContourData[4]).encode()
    content = (export.folder / "RS.dcm").read_bytes()
    (export.folder / "RS.dcm").write_bytes(content.replace(number, bytes(len(number)), 1))
    assert "a value that is not as DICOM asks" in refusal(run, export.folder, "--out", out)


def test_a_slice_that_is_cut(export: DicomExport, run: Run, out: Path) -> None:
    file = export.folder / "CT000.dcm"
    file.write_bytes(file.read_bytes()[:-500])
    assert "CT000.dcm: can't be decoded" in refusal(run, export.folder, "--out", out)


@pytest.mark.parametrize("keyword", ["PixelSpacing", "ImageOrientationPatient", "RescaleSlope", "Rows"])
def test_a_slice_that_lacks_what_a_ct_needs(export: DicomExport, run: Run, out: Path, keyword: str) -> None:
    data = pydicom.dcmread(export.folder / "CT000.dcm")
    del data[keyword]
    export.save(data, "CT000.dcm")
    refusal(run, export.folder, "--out", out)


def test_slices_of_another_size_are_refused(export: DicomExport, run: Run, out: Path) -> None:
    data = pydicom.dcmread(export.folder / "CT000.dcm")
    data.Rows -= 1
    data.PixelData = data.PixelData[: -2 * data.Columns]
    export.save(data, "CT000.dcm")
    assert "have different values of Rows" in refusal(run, export.folder, "--out", out)


def test_a_compressed_ct_is_read_or_said_to_need_a_decoder(export: DicomExport, run: Run, out: Path) -> None:
    for file in export.folder.glob("CT*.dcm"):
        data = pydicom.dcmread(file)
        data.compress(RLELossless, generate_instance_uid=False)
        data.save_as(file)
    import_ok(run, export.folder, "--out", out, "--spacing-mm", "native", "--whole-field")
    assert np.array_equal(read_made_case(out).ct_hu, export.anatomy.ct_hu)
    data = pydicom.dcmread(export.folder / "CT000.dcm")
    data.file_meta.TransferSyntaxUID = JPEG2000Lossless
    data.save_as(export.folder / "CT000.dcm")
    assert "pip install 'dh-cases[compressed]'" in refusal(run, export.folder, "--out", out)


def test_a_value_of_a_wrong_length(export: DicomExport, run: Run, out: Path) -> None:
    content = (export.folder / "RS.dcm").read_bytes()
    # The length of the first UL in the file's meta information is 4.
    at = content.index(b"UL\x04\x00")
    (export.folder / "RS.dcm").write_bytes(content[: at + 2] + b"\x06\x00" + content[at + 4 :])
    refusal(run, export.folder, "--out", out)
