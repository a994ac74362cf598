"""Writes the anatomy as a patient of OpenKBP: 128 x 128 x 128 voxels, sparse CSV files, the head first."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from anatomy import make_anatomy
from numpy.typing import NDArray


def _write(file: Path, volume: NDArray[np.float64], has_values: bool) -> None:
    flat = volume.ravel()
    at = np.flatnonzero(flat)
    lines = [f"{index},{flat[index]:.1f}" if has_values else f"{index}," for index in at]
    file.write_text(",data\n" + "\n".join(lines) + "\n")


def write_patient(folder: Path) -> None:
    """The folder of a patient."""
    folder.mkdir(parents=True)
    spacing = (3.75, 3.75, 3.0)
    anatomy = make_anatomy(spacing)
    size = anatomy.grid.size
    first = [(128 - extent) // 2 for extent in size]
    # In the middle of the 128 voxels only where their number is even, as it is here.
    assert all(extent % 2 == 0 for extent in size), size

    def spread(volume: NDArray[np.generic]) -> NDArray[np.float64]:
        whole = np.zeros((128, 128, 128))
        x, y, z = (slice(start, start + extent) for start, extent in zip(first, size, strict=True))
        whole[x, y, z] = volume
        # Rows (to posterior), columns (to the left), slices from the head down.
        return np.transpose(whole, (1, 0, 2))[:, :, ::-1]

    _write(folder / "ct.csv", spread(anatomy.ct_hu + 1024.0), True)
    names = {"PTV60": "PTV70", "Parotid_R": "RightParotid", "SpinalCord": "SpinalCord"}
    for name, file in names.items():
        _write(folder / f"{file}.csv", spread(anatomy.masks[name]), False)
    _write(folder / "Mandible.csv", spread(np.roll(anatomy.masks["Parotid_R"], 12, axis=1)), False)
    _write(folder / "possible_dose_mask.csv", spread(anatomy.masks["Body"]), False)
    dose = np.where(anatomy.masks["PTV60"], 68.0, np.where(anatomy.masks["Body"], 20.0, 0.0))
    _write(folder / "dose.csv", spread(dose), True)
    np.savetxt(folder / "voxel_dimensions.csv", np.array(spacing))
