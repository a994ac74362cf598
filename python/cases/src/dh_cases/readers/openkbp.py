"""A patient of the public OpenKBP data set (Babier et al., Med Phys 48:5549, 2021): a folder of sparse CSV files."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np

from dh_cases.fault import CaseError
from dh_cases.source import Dose, Kind, Source, SourceStructure
from dh_cases.volumes.orient import to_lps
from dh_cases.volumes.regrid import AIR_HU, part_of
from dh_cases.volumes.shapes import MaskShape

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from dh_cases.readers.reading import Reading
    from dh_cases.volumes.grid import Grid

_SIZE = 128
# Values are stored from 0 on; the smallest that a scanner gives is -1024 HU.
_OFFSET_HU = -1024.0
_MOST_RAW = 4095.0
_PROPERTIES = {"ct", "dose", "possible_dose_mask", "voxel_dimensions"}
_FRACTIONS = 35
_FIX = "copy the patient's folder of the data set again"


def _read_sparse(file: Path) -> tuple[NDArray[np.int64], NDArray[np.float64] | None]:
    """Indices, and values where the file has any."""
    indices: list[int] = []
    values: list[float] = []
    with file.open(encoding="utf-8", errors="replace") as lines:
        header = next(lines, "").strip()
        if header != ",data":
            raise CaseError(file, f"begins with {header[:20]!r} where OpenKBP has ',data'", _FIX)
        for number, line in enumerate(lines, start=2):
            index, _, value = line.strip().partition(",")
            try:
                indices.append(int(index))
                if value:
                    values.append(float(value))
            except ValueError:
                raise CaseError(file, f"has no index and value in line {number}", _FIX) from None
    at = np.array(indices, np.int64)
    if len(at) and not (0 <= at.min() and at.max() < _SIZE**3):
        raise CaseError(file, f"has indices beyond {_SIZE} x {_SIZE} x {_SIZE} voxels", _FIX)
    if values and len(values) != len(indices):
        raise CaseError(file, f"has {len(indices)} indices, but {len(values)} values", _FIX)
    return at, np.array(values) if values else None


def _affine(file: Path) -> NDArray[np.float64]:
    """The first index goes to posterior, the second to the patient's left, the third down; 0 mm is the centre."""
    try:
        lengths = np.loadtxt(file).ravel()
    except (OSError, ValueError):
        raise CaseError(file, "is missing, or not three numbers", _FIX) from None
    if lengths.shape != (3,) or not np.all(np.isfinite(lengths)) or np.any(lengths <= 0):
        raise CaseError(file, "is not three lengths in mm", _FIX)
    affine = np.eye(4)
    affine[:3, :3] = np.array([[0.0, lengths[1], 0.0], [lengths[0], 0.0, 0.0], [0.0, 0.0, -lengths[2]]])
    affine[:3, 3] = -affine[:3, :3] @ np.full(3, 0.5 * (_SIZE - 1))
    return affine


def read_openkbp(folder: Path, reading: Reading) -> Source:
    """Reads a patient's folder. Raises CaseError when a file is missing, damaged or contradicts another."""
    affine = _affine(folder / "voxel_dimensions.csv")
    if not (folder / "ct.csv").is_file():
        raise CaseError(folder, "has no ct.csv", _FIX)

    def volume(file: Path) -> tuple[NDArray[np.float32], Grid]:
        at, values = _read_sparse(file)
        dense = np.zeros(_SIZE**3, np.float32)
        dense[at] = 1.0 if values is None else values
        turned, grid = to_lps(dense.reshape(_SIZE, _SIZE, _SIZE), affine, file)
        return turned, grid

    raw, whole = volume(folder / "ct.csv")
    if not raw.any() or raw.min() < 0 or raw.max() > _MOST_RAW:
        raise CaseError(folder / "ct.csv", f"has values from {raw.min():g} to {raw.max():g}, not 0 to 4095", _FIX)
    # The other slices are filled up with zeros.
    filled = np.flatnonzero(raw.any(axis=(0, 1)))
    scanned = slice(int(filled[0]), int(filled[-1]) + 1)
    part = part_of(whole, (slice(0, _SIZE), slice(0, _SIZE), scanned))
    ct_hu = np.maximum(raw[:, :, scanned] + np.float32(_OFFSET_HU), np.float32(AIR_HU))
    source = Source("OpenKBP", part, ct_hu, [], fractions=_FRACTIONS)
    if re.fullmatch(r"pt_\d+", folder.name):
        source.public_id = folder.name
    files = sorted(file for file in folder.glob("*.csv") if file.stem not in _PROPERTIES)
    for index, file in enumerate(files):
        reading.progress("reading structures", index + 1, len(files))
        if file.stem.lower() in reading.left_out:
            source.skipped.add(file.stem.lower())
            continue
        mask, _ = volume(file)
        if mask[:, :, : scanned.start].any() or mask[:, :, scanned.stop :].any():
            source.notes.append(f"{file.stem} reaches beyond the scanned slices; that part is left out")
        kind: Kind = "target" if file.stem.upper().startswith("PTV") else "oar"
        source.structures.append(SourceStructure(file.stem, MaskShape(part, mask[:, :, scanned] > 0), kind))
    if not source.structures:
        raise CaseError(folder, "has no structures", _FIX)
    possible = folder / "possible_dose_mask.csv"
    if possible.is_file():
        mask, _ = volume(possible)
        source.body_hint = MaskShape(part, mask[:, :, scanned] > 0)
    if (folder / "dose.csv").is_file():
        dose, _ = volume(folder / "dose.csv")
        source.dose = Dose(whole, dose)
    return source
