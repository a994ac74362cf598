"""From a source and the choices about it to the volumes of a case."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from dh_cases.fault import CaseError
from dh_cases.naming.choices import Choice
from dh_cases.source import SourceStructure
from dh_cases.volumes.body import body_of
from dh_cases.volumes.regrid import regrid, regrid_hu
from dh_cases.volumes.shapes import choose_voxels

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from dh_cases.naming.choices import Role
    from dh_cases.readers.reading import Progress
    from dh_cases.source import Beam, Source
    from dh_cases.volumes.grid import Grid, Triple

_MOST_HU = 31000.0
MADE = "(made)"
"""Label of a body that was made from the CT."""


@dataclass(frozen=True)
class CaseStructure:
    """A structure of a case."""

    name: str
    label: str
    """What the source calls it. For the screen, never for a file."""
    tg263_name: str | None
    role: Role
    prescription_gy: float | None
    voxels: NDArray[np.bool_]
    source_volume_cc: float


@dataclass
class Case:
    """What is written."""

    id: str
    format: str
    grid: Grid
    ct_hu: NDArray[np.int16]
    structures: list[CaseStructure]
    isocenter_mm: Triple
    beams: list[Beam]
    reference_dose_gy: NDArray[np.float32] | None
    fractions: int | None
    notes: list[str]


def build_case(
    source: Source, chosen: list[Choice], grid: Grid, isocenter_mm: Triple | None, progress: Progress
) -> Case:
    """Resamples CT, structures and dose to `grid`. The id is left for the caller. Raises CaseError."""
    notes = list(source.notes)
    ct_hu = np.clip(regrid_hu(source.ct_hu, source.grid, grid), -1000.0, _MOST_HU)
    structures = []
    small = []
    for index, choice in enumerate(chosen):
        progress("resampling structures", index + 1, len(chosen))
        voxels, is_small = choose_voxels(choice.structure.shape.occupancy(grid))
        if not voxels.any():
            raise CaseError(
                choice.structure.shown,
                "has no voxel on the grid of the case",
                f"import the whole CT, or --leave-out {choice.structure.shown!r}",
            )
        if is_small:
            small.append(choice.name)
        structures.append(
            CaseStructure(
                choice.name,
                choice.structure.shown,
                choice.tg263_name,
                choice.role,
                choice.prescription_gy,
                voxels,
                choice.structure.shape.volume_cc,
            )
        )
    if small:
        notes.append(f"thin or small for the grid, volume kept by the fullest voxels: {', '.join(small)}")
    structures = _filled_body(source, structures, grid, notes)
    dose = regrid(source.dose.dose_gy, source.dose.grid, grid) if source.dose is not None else None
    if source.dose is not None:
        low, high = source.dose.grid.bounds_mm
        beyond = [
            choice.name
            for choice in chosen
            if choice.role != "body" and np.any((choice.structure.shape.bounds_mm - [low, high]) * [[-1], [1]] > 0)
        ]
        if beyond:
            notes.append(f"the reference dose ends before these do, and counts as 0 there: {', '.join(beyond)}")
    return Case(
        id="",
        format=source.format,
        grid=grid,
        ct_hu=np.round(ct_hu).astype(np.int16),
        structures=structures,
        isocenter_mm=isocenter_mm or source.isocenter_mm or _middle_of_targets(structures, grid),
        beams=source.beams,
        reference_dose_gy=dose,
        fractions=source.fractions,
        notes=notes,
    )


def with_body(source: Source, chosen: list[Choice], notes: list[str]) -> list[Choice]:
    """The choices, and a body made from the CT where none of them is the body. Raises CaseError without tissue."""
    if any(choice.role == "body" for choice in chosen):
        return chosen
    shape = body_of(source.ct_hu, source.grid)
    if shape.volume_cc == 0.0:
        raise CaseError("CT", "has no tissue to make a body of", "check that it holds HU, or draw the body")
    notes.append("no structure is the body, so it was made from the CT: what is above -350 HU, and what lies inside")
    names = {choice.name.lower() for choice in chosen}
    name = next(name for name in ("Body", "External", "BodyFromCT") if name.lower() not in names)
    return [*chosen, Choice(SourceStructure(MADE, shape, "body"), name, "External", "body")]


def _filled_body(source: Source, structures: list[CaseStructure], grid: Grid, notes: list[str]) -> list[CaseStructure]:
    """A body that nobody drew as a whole holds the others, too."""
    is_made = any(structure.role == "body" and structure.label == MADE for structure in structures)
    if not is_made and not source.has_exclusive_labels:
        return structures
    if not is_made:
        notes.append("the body holds the other structures, too: a label map gives every voxel to one structure only")
    filled = np.logical_or.reduce([structure.voxels for structure in structures])
    if source.body_hint is not None:
        filled |= choose_voxels(source.body_hint.occupancy(grid))[0]
    return [replace(structure, voxels=filled) if structure.role == "body" else structure for structure in structures]


def _middle_of_targets(structures: list[CaseStructure], grid: Grid) -> Triple:
    targets = np.zeros(grid.size, np.bool_)
    for structure in structures:
        if structure.role == "target":
            targets |= structure.voxels
    middle = np.argwhere(targets).mean(axis=0) * grid.spacing_mm + grid.origin_mm
    x, y, z = (round(float(value), 2) for value in middle)
    return x, y, z
