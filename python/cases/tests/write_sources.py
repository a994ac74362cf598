"""Writes the sources that docs/cases-from-anywhere.md imports, for the test that runs its commands: FOLDER."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
from anatomy import make_anatomy
from dicom_makers import DicomExport
from mat_makers import mat_content
from nifti_makers import label_map_of, write_masks, write_volume
from openkbp_maker import write_patient
from scipy.io import savemat

from dh_cases.volumes.orient import affine_of


def write_sources(folder: Path) -> None:
    """One of each kind, of the same anatomy."""
    anatomy = make_anatomy()
    export = DicomExport(folder / "patient", anatomy)
    export.write_ct()
    export.write_structures()
    export.write_plan()
    export.write_dose()
    savemat(folder / "patient.mat", mat_content(anatomy), do_compression=True)
    write_masks(folder / "masks", anatomy)
    write_masks(folder / "many-masks", anatomy)
    for number in range(16):
        mask = np.roll(anatomy.masks["Parotid_R"], number - 8, axis=1).astype(np.uint8)
        write_volume(folder / f"many-masks/Node{number:02d}.nii.gz", mask, affine_of(anatomy.grid))
    labels, names = label_map_of(anatomy)
    write_volume(folder / "labels.nii.gz", labels, affine_of(anatomy.grid))
    write_volume(folder / "ct.nii.gz", anatomy.ct_hu, affine_of(anatomy.grid))
    (folder / "names.csv").write_text("".join(f"{label},{name}\n" for label, name in names.items()))
    for number in (201, 202):
        write_patient(folder / f"open-kbp/provided-data/validation-pats/pt_{number}")


if __name__ == "__main__":
    write_sources(Path(sys.argv[1]))
