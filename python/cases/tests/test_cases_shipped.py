"""DICOM of other makers than these tests: the files that pydicom ships."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pydicom
import pytest
from anatomy import Anatomy, read_made_case
from dicom_makers import DicomExport
from pydicom.data import get_testdata_file
from running import Run, import_ok, refusal

from dh_cases import CaseError, Grid
from dh_cases.dicom.dose import read_dose
from dh_cases.dicom.folder import Header


def shipped(name: str) -> Path:
    return Path(get_testdata_file(name))


def test_files_that_do_not_belong_together_are_told_for_what_they_are(tmp_path: Path, run: Run, out: Path) -> None:
    folder = tmp_path / "shipped"
    folder.mkdir()
    for name in ("rtstruct.dcm", "rtplan.dcm", "rtdose.dcm"):
        # The structure set has no preamble.
        (folder / name).write_bytes(shipped(name).read_bytes())
    assert "has no CT slices" in refusal(run, folder, "--out", out)
    (folder / "CT_small.dcm").write_bytes(shipped("CT_small.dcm").read_bytes())
    assert "has one CT slice" in refusal(run, folder, "--out", out)


def test_a_structure_set_is_imported_with_a_ct_of_its_frame(tmp_path: Path, run: Run, out: Path) -> None:
    """A box of 400 x 300 mm on three slices 10 mm apart, and two isocentres."""
    data = pydicom.dcmread(shipped("rtstruct.dcm"), force=True)
    grid = Grid((110, 85, 7), (4.0, 4.0, 10.0), (-218.0, -168.0, -220.0))
    ct_hu = np.full(grid.size, -1000, np.int16)
    ct_hu[5:105, 5:80, 1:6] = 10
    export = DicomExport(tmp_path / "dicom", Anatomy(grid, ct_hu))
    export.frame_uid = str(data.StructureSetROISequence[0].ReferencedFrameOfReferenceUID)
    export.write_ct()
    (export.folder / "rtstruct.dcm").write_bytes(shipped("rtstruct.dcm").read_bytes())
    arguments = (export.folder, "--out", out, "--spacing-mm", "native")
    assert "none is a target, of patient" in refusal(run, *arguments)
    output = import_ok(run, *arguments, "--prescription", "patient=50")
    assert output.count("it is of the type ISOCENTER") == 2
    box = read_made_case(out).structure("External")
    assert box["source_volume_cc"] == pytest.approx(400 * 300 * 30 / 1000, rel=1e-6)
    assert box["volume_cc"] == pytest.approx(400 * 300 * 30 / 1000, rel=0.02)


def test_a_compressed_dose_is_read(tmp_path: Path) -> None:
    data = pydicom.dcmread(shipped("rtdose_rle.dcm"))
    with pytest.raises(CaseError, match="has the unit RELATIVE"):
        read_dose(Header(shipped("rtdose_rle.dcm"), data))
    data.DoseUnits = "GY"
    data.save_as(tmp_path / "dose.dcm")
    dose = read_dose(Header(tmp_path / "dose.dcm", data))
    assert dose.grid.size == (10, 10, 15)
    assert dose.grid.spacing_mm == (10.0, 10.0, 5.0)
    assert np.allclose(dose.grid.origin_mm, (189.43125, 199.43125, -761.87))
    assert dose.dose_gy[3, 4, 5] == pytest.approx(1e-6 * data.pixel_array[5, 4, 3])
