"""Exports the dose and the weights of a plan."""

from __future__ import annotations

import csv
import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from dh_cases.building.write_case import CASE_FILE, CT_FILE, MASK_FILE, write_nifti
from dh_cases.dicom.folder import Header, read_folder
from dh_cases.dicom.series import choose_series, read_series
from dh_cases.dicom.structure_set import referenced_slices
from dh_cases.export.rtdose import write_rtdose
from dh_cases.fault import CaseError
from dh_cases.readers.nifti import read_nifti
from dh_cases.readers.reading import no_progress
from dh_cases.volumes.grid import Grid
from dh_cases.volumes.regrid import regrid_hu

if TYPE_CHECKING:
    from numpy.typing import NDArray

# Of a mean dose, and of the voxels of a CT.
_MOST_DIFFERENT = 1e-3
# The case's HU are rounded.
_SAME_HU = 2.0


@dataclass(frozen=True)
class ExportOptions:
    """What to export."""

    result: Path | None = None
    """What `rtmodel optimize --out` wrote."""
    dose: Path | None = None
    """What `rtmodel optimize --dose` wrote."""
    like: Path | None = None
    """DICOM folder whose patient and frame of reference the RTDOSE gets."""


def _read_json(path: Path, fix: str) -> dict[str, Any]:
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        raise CaseError(path, "can't be read as JSON", fix) from None
    if not isinstance(content, dict):
        raise CaseError(path, "is no JSON object", fix)
    return content


def _read_case(folder: Path) -> tuple[str, Grid]:
    description = _read_json(folder / CASE_FILE, "give the folder of a case")
    try:
        grid = description["grid"]
        x, y, z = (int(value) for value in grid["size"])
        spacing = tuple(float(value) for value in grid["spacing_mm"])
        origin = tuple(float(value) for value in grid["origin_mm"])
        case_grid = Grid((x, y, z), (spacing[0], spacing[1], spacing[2]), (origin[0], origin[1], origin[2]))
        return str(description["id"]), case_grid
    except (KeyError, TypeError, ValueError, IndexError):
        raise CaseError(folder / CASE_FILE, "has no id and grid of a case", "see what `rtmodel check` says") from None


def _read_result(where: Path, case_id: str) -> dict[str, Any]:
    result = _read_json(where, "give what `rtmodel optimize --out` wrote")
    if result.get("format") != "rtmodel-result" or result.get("version") != 1:
        raise CaseError(where, "is not a result of rtmodel", "give what `rtmodel optimize --out` wrote")
    if result.get("case") != case_id:
        raise CaseError(where, f"is a plan of {result.get('case')!r}, not of {case_id!r}", "give the plan of this case")
    return result


def _write_weights(path: Path, result: dict[str, Any], where: Path) -> None:
    try:
        plan, weights = result["plan"], result["final_weights"]
        beams, columns, rows = plan["beams"], int(plan["columns"]), int(plan["rows"])
        width, height = float(plan["column_width_mm"]), float(plan["row_height_mm"])
    except (KeyError, TypeError, ValueError):
        raise CaseError(where, "has no plan with weights", "plan the case again") from None
    if len(weights) != len(beams) * rows * columns:
        raise CaseError(
            where, f"has {len(weights)} weights for {len(beams)} beams of {rows} x {columns}", "plan the case again"
        )
    with path.open("w", newline="", encoding="utf-8") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(["beam", "gantry_deg", "couch_deg", "row", "column", "x_mm", "y_mm", "weight"])
        at = iter(weights)
        for number, beam in enumerate(beams):
            for row in range(rows):
                for column in range(columns):
                    # Centres of beamlets at the isocentre plane, along and across the columns.
                    x = (column - 0.5 * (columns - 1)) * width
                    y = (row - 0.5 * (rows - 1)) * height
                    angles = (beam["gantry_deg"], beam["couch_deg"])
                    table.writerow([number, *angles, row, column, round(x, 4), round(y, 4), next(at)])


def _require_same_plan(
    case: Path, result: dict[str, Any], dose_gy: NDArray[np.float32], grid: Grid, where: Path
) -> None:
    """Compares the mean dose of the first target in the planned slices with what the result says."""
    try:
        name, mean, told = _mean_of_target(case, result, dose_gy, grid)
    except (KeyError, TypeError, ValueError, StopIteration):
        raise CaseError(case, "does not fit the result", "give the case that was planned") from None
    if abs(mean - told) > _MOST_DIFFERENT * max(told, 1.0):
        raise CaseError(
            where,
            f"gives {name} a mean of {mean:.2f} Gy where the result says {told:.2f}",
            "give dose and result of one run of `rtmodel optimize`",
        )


def _mean_of_target(
    case: Path, result: dict[str, Any], dose_gy: NDArray[np.float32], grid: Grid
) -> tuple[str, float, float]:
    target = next(entry for entry in result["structures"] if entry["role"] == "target")
    described = _read_json(case / CASE_FILE, "give the folder of a case")["structures"]
    bit = next(int(entry["bit"]) for entry in described if entry["name"] == target["name"])
    masks, _ = read_nifti(case / MASK_FILE)
    inside = (masks.astype(np.uint64) >> np.uint64(bit)) & np.uint64(1) == 1
    plan = result["plan"]
    if plan["window_mm"] is not None:
        reach = np.abs(grid.centers_mm(2) - plan["isocenter_mm"][2]) <= plan["window_mm"] + 1e-3
        inside &= reach[None, None, :]
    return target["name"], float(dose_gy[inside].mean(dtype=float)), float(target["metrics"]["Dmean"])


def _require_same_ct(case: Path, slices: list[Header], grid: Grid, where: Path) -> None:
    """A dose must not get the identity of another patient."""
    ct = read_series(slices, no_progress)
    now = np.clip(regrid_hu(ct.ct_hu, ct.grid, grid), -1000.0, None)
    before, _ = read_nifti(case / CT_FILE)
    if np.mean(np.abs(now - before) > _SAME_HU) > _MOST_DIFFERENT:
        raise CaseError(where, "has another CT than the case came from", "give the DICOM folder that was imported")


def export_plan(case: Path, out: Path, options: ExportOptions) -> tuple[list[Path], list[str]]:
    """Writes `weights.csv`, `dose.nii.gz` and `dose.dcm` to `out`; returns what was written, and notes.

    Raises CaseError when the files are not of the case, or not of one plan.
    """
    case_id, grid = _read_case(case)
    result = _read_result(options.result, case_id) if options.result is not None else None
    notes: list[str] = []
    written: list[Path] = []
    try:
        out.mkdir(parents=True, exist_ok=True)
        if options.dose is not None:
            written += _write_dose(case, out, options, case_id, grid, result, notes)
        if options.result is not None and result is not None:
            _write_weights(out / "weights.csv", result, options.result)
            written.append(out / "weights.csv")
    except OSError as fault:
        raise CaseError(out, f"can't be written ({fault.strerror})", "make room, or choose another: --out") from None
    return written, notes


def _write_dose(
    case: Path,
    out: Path,
    options: ExportOptions,
    case_id: str,
    grid: Grid,
    result: dict[str, Any] | None,
    notes: list[str],
) -> list[Path]:
    assert options.dose is not None
    volume, dose_grid = read_nifti(options.dose)
    if not dose_grid.is_like(grid):
        raise CaseError(
            options.dose, f"is on the grid {dose_grid}, the case on {grid}", "give the dose of a plan of this case"
        )
    dose_gy = np.asarray(volume, np.float32)
    if result is not None:
        _require_same_plan(case, result, dose_gy, grid, options.dose)
    like = plan = None
    if options.like is not None:
        folder = read_folder(options.like)
        structure_set = folder.one("RTSTRUCT", needed=False)
        drawn_on = referenced_slices(structure_set.data) if structure_set is not None else frozenset()
        slices = choose_series(folder, drawn_on)
        _require_same_ct(case, slices, grid, options.like)
        like = slices[0].data
        header = folder.one("RTPLAN", needed=False)
        plan = header.data if header is not None else None
        notes.append("dose.dcm tells who the patient is, as the files of --like do")
    write_nifti(out / "dose.nii.gz", dose_gy, grid)
    write_rtdose(out / "dose.dcm", dose_gy, grid, case_id, like, plan)
    return [out / "dose.nii.gz", out / "dose.dcm"]
