"""Imports real patients as masks on their own grid and expects every voxel back, for .ci/run: FOLDER of cases.

Also compares what the table of TG-263 makes of the data set's labels with what the cases say.
"""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path

import nibabel
import numpy as np

from dh_cases import ImportOptions, import_case
from dh_cases.naming.tg263 import standard_name

_PATIENTS = ("pt_201", "pt_206", "pt_224")


def faults_of(folder: Path) -> list[str]:
    """What differs, one sentence each."""
    description = json.loads((folder / "case.json").read_text())
    faults = []
    for structure in description["structures"]:
        standard = standard_name(structure["name"])
        if standard is None or standard.name != structure["tg263_name"]:
            faults.append(f"{folder.name}: {structure['name']} is {standard}, not {structure['tg263_name']}")
    volume = nibabel.load(folder / "structures.nii.gz")
    bits = np.asarray(volume.dataobj)
    with tempfile.TemporaryDirectory() as scratch:
        masks = Path(scratch) / "masks"
        masks.mkdir()
        (masks / "ct.nii.gz").write_bytes((folder / "ct.nii.gz").read_bytes())
        for structure in description["structures"]:
            mask = (bits >> structure["bit"]) & 1
            nibabel.save(
                nibabel.Nifti1Image(mask.astype(np.uint8), volume.affine), masks / f"{structure['name']}.nii.gz"
            )
        case = import_case(masks, Path(scratch) / "case", ImportOptions(spacing_mm=None, keeps_field=True))
    assert case is not None
    if not np.array_equal(case.ct_hu, np.asarray(nibabel.load(folder / "ct.nii.gz").dataobj)):
        faults.append(f"{folder.name}: the CT has changed")
    made = {structure.name: structure.voxels for structure in case.structures}
    for structure in description["structures"]:
        if not np.array_equal(made[structure["name"]], (bits >> structure["bit"]) & 1 == 1):
            faults.append(f"{folder.name}: {structure['name']} has changed")
    return faults


if __name__ == "__main__":
    found = [fault for name in _PATIENTS for fault in faults_of(Path(sys.argv[1]) / name)]
    for fault in found:
        print(f"check_real_cases: {fault}", file=sys.stderr)
    print(f"imported {len(_PATIENTS)} real patients, {len(found)} faults")
    sys.exit(1 if found else 0)
