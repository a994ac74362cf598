"""A folder with a CT and one mask a structure, NIfTI or NRRD on one grid; the names of the files are the labels."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from dh_cases.fault import CaseError
from dh_cases.readers.mask_values import as_shares
from dh_cases.readers.nifti import is_nifti, read_nifti, stem_of
from dh_cases.readers.nrrd_file import ENDINGS as NRRD_ENDINGS
from dh_cases.readers.nrrd_file import read_nrrd
from dh_cases.source import Dose, Source, SourceStructure
from dh_cases.volumes.shapes import MaskShape

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from dh_cases.readers.reading import Reading
    from dh_cases.volumes.grid import Grid

_CT_NAMES = ("ct", "image", "ct_image", "planning_ct")
_DOSE_NAMES = ("dose", "reference_dose", "rtdose")


def is_volume(path: Path) -> bool:
    """Whether the name is that of a file which `read_volume` reads."""
    return is_nifti(path) or path.suffix.lower() in NRRD_ENDINGS


def read_volume(path: Path) -> tuple[NDArray[Any], Grid]:
    """The values of a NIfTI or NRRD file, indexed [x, y, z], and their grid. Raises CaseError."""
    if is_nifti(path):
        return read_nifti(path)
    layers, grid, _ = read_nrrd(path)
    if len(layers) != 1:
        raise CaseError(path, f"has {len(layers)} layers", "store one volume of three dimensions")
    return layers[0], grid


def find_ct(folder: Path, named: Path | None) -> Path:
    """The CT: the file that the user named, or one of the usual name in the folder. Raises CaseError."""
    if named is not None:
        return named
    found = [file for file in sorted(folder.iterdir()) if is_volume(file) and stem_of(file).lower() in _CT_NAMES]
    if len(found) == 1:
        return found[0]
    what = "has no CT" if not found else f"has {len(found)} files that may be the CT"
    raise CaseError(folder, f"{what} (looked for {', '.join(_CT_NAMES)})", "name the file: --ct FILE")


def require_same_grid(grid: Grid, ct_grid: Grid, where: Path) -> None:
    """Raises CaseError when a mask is not on the grid of its CT."""
    if grid.is_like(ct_grid):
        return
    if grid.size == ct_grid.size:
        low = ", ".join(f"{value:.4g}" for value in grid.origin_mm)
        raise CaseError(
            where,
            f"lies elsewhere than the CT, or has another spacing: {grid}, its first voxel at {low} mm (LPS)",
            "store masks with the affine of their CT",
        )
    raise CaseError(where, f"has another grid than the CT: {grid}, not {ct_grid}", "resample it to the grid of the CT")


def read_masks(folder: Path, reading: Reading) -> Source:
    """Reads a folder of masks. Raises CaseError when they do not belong together."""
    ct_file = find_ct(folder, reading.ct_file)
    ct_hu, grid = read_volume(ct_file)
    source = Source("masks", grid, ct_hu.astype(np.float32), [])
    files = [file for file in sorted(folder.iterdir()) if is_volume(file) and file.resolve() != ct_file.resolve()]
    for index, file in enumerate(files):
        label = stem_of(file)
        reading.progress("reading masks", index + 1, len(files))
        if label.lower() in reading.left_out:
            source.skipped.add(label.lower())
            continue
        values, mask_grid = read_volume(file)
        if label.lower() in _DOSE_NAMES:
            source.dose = Dose(mask_grid, values.astype(np.float32))
            continue
        require_same_grid(mask_grid, grid, file)
        source.structures.append(SourceStructure(label, MaskShape(grid, as_shares(values, file))))
    if not source.structures:
        raise CaseError(folder, "has no masks", "put one file a structure beside the CT, named as the structure")
    return source
