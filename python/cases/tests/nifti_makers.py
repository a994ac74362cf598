"""Writes the anatomy as NIfTI, as nibabel does."""

from pathlib import Path
from typing import Any

import nibabel
import numpy as np
from anatomy import Anatomy
from numpy.typing import NDArray

from dh_cases.volumes.orient import affine_of


def write_volume(
    path: Path, volume: NDArray[Any], affine: NDArray[np.float64], kind: type = nibabel.Nifti1Image
) -> None:
    """A volume with any affine (RAS), both forms set."""
    image = kind(volume, affine)
    image.set_sform(affine, 1)
    image.set_qform(affine, 1)
    nibabel.save(image, path)


def write_masks(folder: Path, anatomy: Anatomy, mask_type: type = np.uint8, kind: type = nibabel.Nifti1Image) -> None:
    """ct.nii.gz, and one mask a structure."""
    folder.mkdir(parents=True, exist_ok=True)
    affine = affine_of(anatomy.grid)
    write_volume(folder / "ct.nii.gz", anatomy.ct_hu, affine, kind)
    for name, mask in anatomy.masks.items():
        write_volume(folder / f"{name}.nii.gz", mask.astype(mask_type), affine, kind)


def label_map_of(anatomy: Anatomy) -> tuple[NDArray[np.uint8], dict[int, str]]:
    """Each voxel has one label; the body first, so that the others lie upon it."""
    labels = np.zeros(anatomy.grid.size, np.uint8)
    names = dict(enumerate(["Body", "SpinalCord", "Parotid_R", "PTV60"], start=1))
    for label, name in names.items():
        labels[anatomy.masks[name]] = label
    return labels, names
