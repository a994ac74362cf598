"""A matRad or pyRadPlan .mat file with `ct` and `cst`, of any version of MATLAB's format."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from dh_cases.fault import CaseError
from dh_cases.readers.mat_file import read_mat
from dh_cases.source import Beam, Kind, Source, SourceStructure
from dh_cases.volumes.grid import Grid
from dh_cases.volumes.regrid import AIR_HU
from dh_cases.volumes.shapes import MaskShape

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from dh_cases.readers.reading import Reading

_KINDS: dict[str, Kind] = {"TARGET": "target", "OAR": "oar", "IGNORED": "ignored"}
# Objectives that ask a target for a dose, as matRad has called them over the years.
_DOSE_OBJECTIVES = ("squareddeviation", "square deviation", "squaredunderdosing", "square underdosing")


def _first(value: object) -> object:
    """The first scenario of what is a cell with one entry a scenario."""
    while isinstance(value, np.ndarray) and value.dtype == object and value.size:
        value = value.ravel()[0]
    return value


def _numbers(value: object) -> NDArray[np.float64]:
    return np.ravel(np.asarray(value, np.float64))


def _grid(ct: dict[str, Any], shape: tuple[int, ...], path: Path) -> Grid:
    resolution = ct.get("resolution")
    if not isinstance(resolution, dict) or not {"x", "y", "z"} <= set(resolution):
        raise CaseError(path, "has no ct.resolution with x, y and z", "save the ct that matRad made")
    spacing = [float(np.ravel(resolution[axis])[0]) for axis in "xyz"]
    if min(spacing) <= 0 or not np.all(np.isfinite(spacing)):
        raise CaseError(path, f"has the resolution {spacing}", "give the lengths of a voxel in mm")
    rows, columns, slices = shape
    size = (columns, rows, slices)
    origin = []
    for axis, extent, length in zip("xyz", size, spacing, strict=True):
        centers = np.ravel(ct[axis]).astype(float) if axis in ct else np.empty(0)
        if len(centers) != extent:
            # Where matRad writes no coordinates, it counts voxels from 1.
            origin.append(length)
            continue
        if extent > 1 and np.abs(np.diff(centers) - length).max() > 0.05 * length:
            raise CaseError(path, f"has a ct.{axis} that does not fit ct.resolution.{axis}", "save the ct again")
        origin.append(float(centers[0]))
    return Grid(size, (spacing[0], spacing[1], spacing[2]), (origin[0], origin[1], origin[2]))


def _hu(ct: dict[str, Any], path: Path) -> NDArray[np.float32]:
    cube = _first(ct.get("cubeHU"))
    if cube is None:
        raise CaseError(
            path,
            "has no ct.cubeHU" + (", only relative electron densities in ct.cube" if "cube" in ct else ""),
            "save the ct with its HU, as matRad does since version 2.10",
        )
    cube = np.asarray(cube, np.float32)
    if cube.ndim == 4:
        raise CaseError(path, f"has a ct.cubeHU of {cube.shape[-1]} scenarios in one", "save one scenario")
    if cube.ndim != 3:
        raise CaseError(path, f"has a ct.cubeHU of {cube.ndim} dimensions", "save a volume of rows, columns, slices")
    return cube


def _prescription(objectives: object) -> float | None:
    """The dose that the objectives of a target ask for."""
    doses: list[float] = []
    listed = objectives.ravel() if isinstance(objectives, np.ndarray) else [objectives]
    for objective in listed:
        if not isinstance(objective, dict):
            continue
        name = str(objective.get("className") or objective.get("type") or "").lower()
        if not any(known in name for known in _DOSE_OBJECTIVES):
            continue
        value = objective.get("parameters", objective.get("dose"))
        numbers = _numbers(_first(value) if value is not None else [])
        if len(numbers):
            doses.append(float(numbers[0]))
    return max(doses) if doses else None


def _beams(pln: object) -> tuple[list[Beam], tuple[float, float, float] | None]:
    if not isinstance(pln, dict):
        return [], None
    stf = pln.get("propStf", pln)
    if not isinstance(stf, dict) or "gantryAngles" not in stf:
        return [], None
    gantry = np.ravel(stf["gantryAngles"]).astype(float)
    couch = np.ravel(stf.get("couchAngles", np.zeros(len(gantry)))).astype(float)
    if len(couch) != len(gantry) or str(pln.get("radiationMode", "photons")) != "photons":
        return [], None
    beams = [Beam(float(g), float(c)) for g, c in zip(gantry, couch, strict=True)]
    center = np.atleast_2d(np.asarray(stf.get("isoCenter", np.empty((0, 3))), float))
    if center.shape[-1] != 3 or len(center) == 0 or np.ptp(center, axis=0).max() > 1.0:
        return beams, None
    x, y, z = (float(value) for value in center[0])
    return beams, (x, y, z)


def read_matrad(path: Path, reading: Reading) -> Source:
    """Reads a .mat file. Raises CaseError when `ct` or `cst` are missing, or when they do not fit."""
    reading.progress("reading MATLAB file", 0, 1)
    content = read_mat(path, ("ct", "cst", "pln"))
    ct, cst = content.get("ct"), content.get("cst")
    if not isinstance(ct, dict) or not isinstance(cst, np.ndarray) or cst.size == 0:
        missing = "ct" if not isinstance(ct, dict) else "cst"
        raise CaseError(path, f"has no {missing}", "save both: save('case.mat', 'ct', 'cst')")
    cube = _hu(ct, path)
    grid = _grid(ct, cube.shape, path)
    ct_hu = np.ascontiguousarray(np.transpose(cube, (1, 0, 2)))
    notes = []
    if np.any(ct_hu < AIR_HU):
        notes.append(f"{int((ct_hu < AIR_HU).sum())} voxels below -1000 HU became air")
        ct_hu = np.maximum(ct_hu, np.float32(AIR_HU))
    source = Source("matRad", grid, ct_hu, [], notes=notes)
    for row in np.atleast_2d(cst):
        if len(row) < 4:
            raise CaseError(path, f"has a cst with {len(row)} columns", "save the cst that matRad made, of six columns")
        label = str(row[1]).strip()
        if label.lower() in reading.left_out:
            source.skipped.add(label.lower())
            continue
        at = _numbers(_first(row[3])).astype(np.int64) - 1
        if len(at) and not (0 <= at.min() and at.max() < cube.size):
            raise CaseError(
                path, f"{label} has voxels beyond the {cube.size} of ct.cubeHU", "save ct and cst of the same patient"
            )
        mask = np.zeros(cube.size, np.bool_)
        mask[at] = True
        # MATLAB counts along columns first, and the first index of matRad's cubes is y.
        shaped = np.transpose(mask.reshape(cube.shape, order="F"), (1, 0, 2))
        kind = _KINDS.get(str(row[2]).strip().upper())
        prescription = _prescription(row[5]) if kind == "target" and len(row) > 5 else None
        if kind == "ignored":
            notes.append(f"{label} is left out: the file says IGNORED")
            continue
        source.structures.append(SourceStructure(label, MaskShape(grid, shaped), kind, prescription))
    if "pln" in content:
        source.beams, source.isocenter_mm = _beams(content["pln"])
    reading.progress("reading MATLAB file", 1, 1)
    return source
