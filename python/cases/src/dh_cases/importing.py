"""Imports one source as a case."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from dh_cases.building.build_case import Case, build_case, with_body
from dh_cases.building.choose_grid import choose_grid, estimate
from dh_cases.building.write_case import require_free, write_case
from dh_cases.fault import CaseError
from dh_cases.naming.choices import Choices, NamingOptions, choose
from dh_cases.readers.choose_reader import read_source
from dh_cases.readers.reading import Progress, Reading, no_progress

if TYPE_CHECKING:
    from collections.abc import Callable

    from dh_cases.source import Source
    from dh_cases.volumes.grid import Triple

DEFAULT_SPACING_MM = (5.0, 5.0, 5.0)
"""The grid on which the shipped models were trained."""
_MARGIN_MM = 20.0


@dataclass(frozen=True)
class ImportOptions:
    """How to import."""

    format: str | None = None
    """A key of READERS; found out when left out."""
    spacing_mm: Triple | None = DEFAULT_SPACING_MM
    """None: the source's own."""
    keeps_field: bool = False
    """The whole CT is kept, not cropped to the structures."""
    naming: NamingOptions = field(default_factory=NamingOptions)
    left_out: frozenset[str] = frozenset()
    """Labels of structures to leave out, any capitals."""
    isocenter_mm: Triple | None = None
    id: str | None = None
    """The id of the case; made from the CT when left out."""
    is_collection: bool = False
    """The case gets a folder called as its id below the one named, since the source's name may tell who it is."""
    ct_file: Path | None = None
    names_file: Path | None = None


def _tell_nobody(text: str) -> None:
    del text


def import_case(
    path: Path,
    out: Path | None,
    options: ImportOptions | None = None,
    *,
    progress: Progress = no_progress,
    tell: Callable[[str], None] = _tell_nobody,
    taken: frozenset[str] = frozenset(),
) -> Case | None:
    """Reads `path`, makes a case of it and writes it to the folder `out`; without one it only says what it would take.

    `tell` is given sentences on the way, before the work they are about. `taken` are ids that the case must not get.
    Raises CaseError when the input can't be used.
    """
    options = options or ImportOptions()
    if out is not None and not options.is_collection:
        require_free(out)
    left_out = frozenset(label.lower() for label in options.left_out)
    reading = Reading(progress, left_out, options.isocenter_mm is not None, options.ct_file, options.names_file)
    source = read_source(options.format, path, reading)
    unknown = sorted(left_out - source.skipped)
    if unknown:
        labels = ", ".join(structure.shown for structure in source.structures)
        raise CaseError(f"--leave-out {unknown[0]}", "names no structure", f"the labels are: {labels}")
    choices = choose(source, options.naming)
    _require_targets(source, choices)
    source.notes += choices.notes
    chosen = with_body(source, choices.chosen, source.notes)
    shapes = [choice.structure.shape for choice in chosen]
    grid = choose_grid(source.grid, options.spacing_mm, shapes, None if options.keeps_field else _MARGIN_MM)
    tell(f"{source.format}: CT {source.grid}")
    tell(estimate(source.grid, grid, len(chosen)))
    if out is None:
        return None
    case = build_case(source, chosen, grid, options.isocenter_mm, progress)
    case.id = options.id or source.public_id or _id_of(case)
    _require_isocenter(case)
    if case.id in taken:
        raise CaseError(path, f"has the same CT as another of these, {case.id}", "import it by itself, with --id")
    write_case(out / case.id if options.is_collection else out, case, f"dh-cases {version('dh-cases')}")
    return case


def _require_targets(source: Source, choices: Choices) -> None:
    if any(choice.role == "target" for choice in choices.chosen):
        return
    labels = ", ".join(structure.shown for structure in source.structures)
    raise CaseError(
        "structures", f"none is a target, of {labels}", "name one and its total dose: --prescription LABEL=GY"
    )


def _require_isocenter(case: Case) -> None:
    low, high = case.grid.bounds_mm
    if not (np.all(low <= case.isocenter_mm) and np.all(case.isocenter_mm <= high)):
        at = ", ".join(f"{value:g}" for value in case.isocenter_mm)
        raise CaseError("isocentre", f"({at}) mm lies outside of the case", "name another: --isocenter-mm X,Y,Z")


def _id_of(case: Case) -> str:
    """A name that identifies nobody, and is the same whenever the same CT is imported to the same grid."""
    return f"case-{hashlib.sha256(case.ct_hu.tobytes()).hexdigest()[:10]}"
