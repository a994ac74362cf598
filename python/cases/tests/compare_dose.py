"""Compares the dose that rtmodel wrote with what came out as RTDOSE, for test/e2e/cases-from-anywhere.test.ts: FOLDER.

Prints JSON: the largest difference as a share of the highest dose, and the mean dose of the target in the planned
slices, from the RTDOSE and as the result reports it.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import nibabel
import numpy as np
import pydicom
from anatomy import read_made_case

from dh_cases.dicom.dose import read_dose
from dh_cases.dicom.folder import Header


def compare(folder: Path) -> dict[str, float]:
    """The figures that are printed."""
    planned = np.asarray(nibabel.load(folder / "plan-dose.nii.gz").dataobj)
    path = folder / "exported" / "dose.dcm"
    dose = read_dose(Header(path, pydicom.dcmread(path, stop_before_pixels=True)))
    result = json.loads((folder / "plan.json").read_text())
    case = read_made_case(folder / "cases" / "patient")
    target = next(entry for entry in result["structures"] if entry["role"] == "target")
    z = dose.grid.centers_mm(2)
    in_window = np.abs(z - result["plan"]["isocenter_mm"][2]) <= result["plan"]["window_mm"]
    inside = case.mask(target["name"]) & in_window[None, None, :]
    return {
        "largest_difference": float(np.abs(dose.dose_gy - planned).max() / planned.max()),
        "mean_gy": float(dose.dose_gy[inside].mean(dtype=float)),
        "reported_mean_gy": target["metrics"]["Dmean"],
    }


if __name__ == "__main__":
    print(json.dumps(compare(Path(sys.argv[1]))))
