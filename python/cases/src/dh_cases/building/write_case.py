"""Writes a case folder as docs/case-format.md describes it."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import nibabel
import numpy as np

from dh_cases.building.reference import reference_plan
from dh_cases.fault import CaseError
from dh_cases.volumes.orient import affine_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from dh_cases.building.build_case import Case
    from dh_cases.volumes.grid import Grid

CT_FILE, MASK_FILE, DOSE_FILE = "ct.nii.gz", "structures.nii.gz", "reference_dose.nii.gz"
CASE_FILE, BEAM_FILE = "case.json", "beams.json"


def write_nifti(path: Path, volume: NDArray[Any], grid: Grid) -> None:
    """Writes gzipped NIfTI-1 with the axes L, P, S, without slope and intercept."""
    image = nibabel.Nifti1Image(volume, affine_of(grid), dtype=volume.dtype)
    image.header.set_xyzt_units("mm")
    image.set_sform(affine_of(grid), 1)
    # A second affine could contradict the first.
    image.set_qform(None, 0)
    nibabel.save(image, path)


def _masks(case: Case) -> NDArray[Any]:
    bits = len(case.structures)
    kind = np.uint16 if bits <= 16 else np.uint32 if bits <= 32 else np.uint64
    masks: NDArray[Any] = np.zeros(case.grid.size, kind)
    for bit, structure in enumerate(case.structures):
        masks[structure.voxels] += kind(1 << bit)
    return masks


def _description(case: Case, program: str) -> dict[str, Any]:
    structures = []
    for bit, structure in enumerate(case.structures):
        voxels = int(structure.voxels.sum())
        entry: dict[str, Any] = {"name": structure.name}
        if structure.tg263_name is not None:
            entry["tg263_name"] = structure.tg263_name
        entry |= {"bit": bit, "role": structure.role, "voxels": voxels}
        entry["volume_cc"] = round(voxels * case.grid.voxel_cc, 3)
        entry["source_volume_cc"] = round(structure.source_volume_cc, 3)
        if structure.prescription_gy is not None:
            entry["prescription_gy"] = structure.prescription_gy
        structures.append(entry)
    description: dict[str, Any] = {
        "id": case.id,
        "source": case.format,
        "made_by": program,
        "grid": {
            "size": list(case.grid.size),
            "spacing_mm": list(case.grid.spacing_mm),
            "origin_mm": [round(value, 4) for value in case.grid.origin_mm],
        },
        "ct": {"file": CT_FILE, "unit": "HU"},
        "structures": structures,
        "isocenter_mm": list(case.isocenter_mm),
    }
    plan = reference_plan(case)
    if plan is not None:
        description["reference_plan"] = plan
    return description


def require_free(folder: Path) -> None:
    """Raises CaseError for a folder with files of somebody else, such as the masks that are imported."""
    if folder.exists() and not (folder / CASE_FILE).exists() and any(folder.iterdir()):
        raise CaseError(folder, "has files that are no case's", "choose an empty folder or a new name: --out")


def write_case(folder: Path, case: Case, program: str) -> list[Path]:
    """Writes all files, or none: a disk that fills up leaves what was there before. Returns them. Raises CaseError."""
    require_free(folder)
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        scratch = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    except OSError as fault:
        raise CaseError(folder, f"can't be written ({fault.strerror})", "choose another folder: --out") from None
    try:
        write_nifti(scratch / CT_FILE, case.ct_hu, case.grid)
        write_nifti(scratch / MASK_FILE, _masks(case), case.grid)
        if case.reference_dose_gy is not None:
            write_nifti(scratch / DOSE_FILE, case.reference_dose_gy, case.grid)
        if case.beams:
            beams = [{"gantry_deg": beam.gantry_deg, "couch_deg": beam.couch_deg} for beam in case.beams]
            _write_json(scratch / BEAM_FILE, {"beams": beams})
        _write_json(scratch / CASE_FILE, _description(case, program))
        folder.mkdir(exist_ok=True)
        names = sorted(file.name for file in scratch.iterdir())
        for old in {DOSE_FILE, BEAM_FILE} - set(names):
            (folder / old).unlink(missing_ok=True)
        for name in names:
            os.replace(scratch / name, folder / name)
    except OSError as fault:
        raise CaseError(folder, f"can't be written ({fault.strerror})", "make room, or choose another: --out") from None
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
    return [folder / name for name in names]


def _write_json(file: Path, content: dict[str, Any]) -> None:
    file.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")
