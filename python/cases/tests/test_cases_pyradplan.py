"""pyRadPlan's own phantom (TG-119), saved by pyRadPlan itself as .mat, DICOM, NIfTI and NRRD: all become one case.

pyRadPlan needs a newer NumPy than PyTorch here, so it runs in the environment of the Python client, or in one named by
DH_PYRADPLAN_PYTHON.
"""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import numpy as np
from anatomy import read_made_case
from running import Run, import_ok

_ROOT = Path(__file__).parents[3]
_PYTHON = Path(os.environ.get("DH_PYRADPLAN_PYTHON", _ROOT / ".venv-client/bin/python"))
_SAVE = """
import os, sys
from pyRadPlan import load_tg119
from pyRadPlan.io import save_data
ct, cst = load_tg119()
save_data(file_name=os.path.join(sys.argv[1], "phantom.mat"), ct=ct, cst=cst)
for kind in ("dcm", "nifti", "nrrd"):
    folder = os.path.join(sys.argv[1], kind)
    os.makedirs(folder)
    os.chdir(folder)
    save_data(file_name=folder if kind == "dcm" else None, format=kind, ct=ct, cst=cst)
"""


def test_every_format_of_pyradplan_becomes_the_same_case(tmp_path: Path, run: Run) -> None:
    assert _PYTHON.exists(), f"no pyRadPlan: {_PYTHON} is not there; run scripts/setup --tests"
    subprocess.run([_PYTHON, "-c", _SAVE, tmp_path], check=True, capture_output=True)
    import_ok(run, tmp_path / "phantom.mat", "--out", tmp_path / "mat")
    dose = ("--prescription", "OuterTarget=50")
    import_ok(run, tmp_path / "dcm", "--out", tmp_path / "from-dicom", "--keep-labels", *dose)
    names = ("--names", tmp_path / "nifti/cst.json")
    import_ok(run, tmp_path / "nifti/cst.nii.gz", "--out", tmp_path / "from-nifti", *names, *dose)
    import_ok(run, tmp_path / "nrrd/cst.nrrd", "--out", tmp_path / "from-nrrd", *dose)

    reference = read_made_case(tmp_path / "mat")
    assert reference.structure("OuterTarget")["prescription_gy"] == 50.0, "from the objectives"
    assert reference.structure("BODY")["role"] == "body"
    assert abs(reference.volume_cc("OuterTarget") - 167.8) < 3
    for name in ("from-nifti", "from-nrrd"):
        other = read_made_case(tmp_path / name)
        assert np.array_equal(other.bits, reference.bits)
        assert np.array_equal(other.ct_hu, reference.ct_hu)
    # Contours around masks are drawn through the middle of voxels, so they differ by parts of these.
    contoured = read_made_case(tmp_path / "from-dicom")
    assert np.array_equal(contoured.affine, reference.affine)
    for name, drawn in {"OuterTarget": "PTV_5000", "Core": "Core", "BODY": "External"}.items():
        differing = (reference.mask(name) ^ contoured.mask(drawn)).sum()
        assert differing < 0.03 * reference.mask(name).sum(), name
