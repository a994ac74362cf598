"""A small patient of simple shapes, from which every test makes files as other programs write them."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import nibabel
import numpy as np
from numpy.typing import NDArray

from dh_cases.volumes.grid import Grid

# Off the middle in every direction, so that whatever is mirrored or swapped shows.
TARGET_MM = (20.0, -10.0, 8.0)
TARGET_RADIUS_MM = 18.0
CORD_MM = (0.0, 30.0)
CORD_RADIUS_MM = 7.0
PAROTID_MM = (-35.0, 0.0, -10.0)
PAROTID_RADIUS_MM = 11.0
BODY_MM = (70.0, 55.0)


@dataclass
class Anatomy:
    """HU and masks on a grid, indexed [x, y, z]."""

    grid: Grid
    ct_hu: NDArray[np.int16]
    masks: dict[str, NDArray[np.bool_]] = field(default_factory=dict)


def make_anatomy(spacing_mm: tuple[float, float, float] = (2.5, 2.5, 3.0), length_mm: float = 72.0) -> Anatomy:
    """An elliptic cylinder with a target, a parotid and a cord."""
    size = tuple(round(length / spacing) for length, spacing in zip((180.0, 150.0, length_mm), spacing_mm, strict=True))
    origin = tuple(-0.5 * (extent - 1) * spacing for extent, spacing in zip(size, spacing_mm, strict=True))
    grid = Grid((size[0], size[1], size[2]), spacing_mm, (origin[0], origin[1], origin[2]))
    x, y, z = np.meshgrid(*(grid.centers_mm(axis) for axis in range(3)), indexing="ij")
    body = (x / BODY_MM[0]) ** 2 + (y / BODY_MM[1]) ** 2 <= 1.0

    def ball(center: tuple[float, float, float], radius: float) -> NDArray[np.bool_]:
        return (x - center[0]) ** 2 + (y - center[1]) ** 2 + (z - center[2]) ** 2 <= radius**2

    masks = {
        "PTV60": ball(TARGET_MM, TARGET_RADIUS_MM),
        "Parotid_R": ball(PAROTID_MM, PAROTID_RADIUS_MM),
        "SpinalCord": (x - CORD_MM[0]) ** 2 + (y - CORD_MM[1]) ** 2 <= CORD_RADIUS_MM**2,
        "Body": body,
    }
    ct_hu = np.where(body, np.where(masks["Parotid_R"], -40, 20), -1000).astype(np.int16)
    return Anatomy(grid, ct_hu, masks)


@dataclass
class MadeCase:
    """What an import wrote."""

    description: dict[str, Any]
    ct_hu: NDArray[np.int16]
    bits: NDArray[Any]
    affine: NDArray[np.float64]

    def structure(self, name: str) -> dict[str, Any]:
        """The entry of a structure."""
        return next(entry for entry in self.description["structures"] if entry["name"] == name)

    def mask(self, name: str) -> NDArray[np.bool_]:
        """The voxels of a structure."""
        return (self.bits >> self.bits.dtype.type(self.structure(name)["bit"])) & self.bits.dtype.type(1) == 1

    def center_mm(self, name: str) -> NDArray[np.float64]:
        """The centre of a structure, LPS, from the affine of the file rather than from case.json."""
        middle = np.argwhere(self.mask(name)).mean(axis=0)
        return np.diag([-1.0, -1.0, 1.0]) @ (self.affine @ [*middle, 1.0])[:3]

    def volume_cc(self, name: str) -> float:
        """The volume of a structure's voxels."""
        return float(self.mask(name).sum() * abs(np.linalg.det(self.affine[:3, :3])) / 1000.0)

    @property
    def names(self) -> list[str]:
        """Names of all structures."""
        return [entry["name"] for entry in self.description["structures"]]


def read_made_case(folder: Path) -> MadeCase:
    """Reads a case folder by other code than that which wrote it."""
    masks = nibabel.load(folder / "structures.nii.gz")
    ct = nibabel.load(folder / "ct.nii.gz")
    assert np.array_equal(ct.affine, masks.affine)
    assert ct.header.get_slope_inter() == (None, None)
    return MadeCase(
        json.loads((folder / "case.json").read_text()), np.asarray(ct.dataobj), np.asarray(masks.dataobj), masks.affine
    )


def expect_anatomy(case: MadeCase, target: str = "PTV60", parotid: str = "Parotid_R", cord: str = "SpinalCord") -> None:
    """Every structure lies where the anatomy has it, with its volume, and the CT belongs to them."""
    assert np.allclose(case.center_mm(target), TARGET_MM, atol=1.5)
    assert np.allclose(case.center_mm(parotid), PAROTID_MM, atol=1.5)
    assert np.allclose(case.center_mm(cord)[:2], CORD_MM, atol=1.5)
    ball = 4.0 / 3.0 * np.pi * TARGET_RADIUS_MM**3 / 1000.0
    assert abs(case.volume_cc(target) - ball) < 0.08 * ball
    small = 4.0 / 3.0 * np.pi * PAROTID_RADIUS_MM**3 / 1000.0
    assert abs(case.volume_cc(parotid) - small) < 0.15 * small
    assert abs(float(np.median(case.ct_hu[case.mask(parotid)])) + 40) <= 12
    assert abs(float(np.median(case.ct_hu[case.mask(target)])) - 20) <= 1
    assert case.ct_hu.min() == -1000
