"""Reads NIfTI-1 and NIfTI-2 volumes."""

from __future__ import annotations

import gzip
from typing import TYPE_CHECKING, Any

import nibabel
import numpy as np

from dh_cases.fault import CaseError
from dh_cases.volumes.grid import require_room
from dh_cases.volumes.orient import RAS_TO_LPS, to_lps

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from dh_cases.volumes.grid import Grid

ENDINGS = (".nii", ".nii.gz")
_MOST_DIFFERENT_MM = 0.5
_PIECE_BYTES = 1 << 24


def read_nifti(path: Path) -> tuple[NDArray[Any], Grid]:
    """The values with slope and intercept applied, indexed [x, y, z], and their grid. Raises CaseError."""
    try:
        image: Any = nibabel.load(path)
        require_room(image.shape, path)
        _require_whole(path)
        stored = np.asanyarray(image.dataobj)
    except CaseError:
        raise
    # The library fails in many ways on a damaged file.
    except Exception as fault:
        raise CaseError(
            path, f"is not a complete NIfTI volume ({type(fault).__name__})", "copy the file again or write it anew"
        ) from None
    if not isinstance(image, nibabel.Nifti1Image):
        raise CaseError(path, "is no NIfTI volume in one file", "store it as .nii or .nii.gz")
    while stored.ndim > 3 and stored.shape[-1] == 1:
        stored = stored[..., 0]
    if stored.ndim != 3:
        raise CaseError(path, f"has {stored.ndim} dimensions", "store one volume of three")
    header = image.header
    if header["sform_code"] == 0 and header["qform_code"] == 0:
        raise CaseError(path, "does not say where it lies: both sform and qform are off", "set the sform")
    if header["sform_code"] > 0 and header["qform_code"] > 0:
        corners = np.array([[0, 0, 0, 1], [*stored.shape, 1]]).T
        apart = np.abs((header.get_sform() - header.get_qform()) @ corners).max()
        if apart > _MOST_DIFFERENT_MM:
            raise CaseError(path, f"has sform and qform {apart:.1f} mm apart", "set both to the same affine")
    return to_lps(stored, RAS_TO_LPS @ image.affine, path)


def _require_whole(path: Path) -> None:
    """Reads a packed file to its end, where its checksum is: nibabel stops with the last voxel."""
    if path.suffix.lower() != ".gz":
        return
    with gzip.open(path) as stream:
        while stream.read(_PIECE_BYTES):
            pass


def is_nifti(path: Path) -> bool:
    """Whether the name is that of a NIfTI file."""
    return path.name.lower().endswith(ENDINGS)


def stem_of(path: Path) -> str:
    """The name without what says the format."""
    name = path.name
    for ending in (".nii.gz", ".nii", ".seg.nrrd", ".nrrd"):
        if name.lower().endswith(ending):
            return name[: -len(ending)]
    return path.stem
