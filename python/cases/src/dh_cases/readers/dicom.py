"""A folder with a CT series and its RTSTRUCT; an RTPLAN and an RTDOSE are read, too."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from pydicom.errors import BytesLengthException

from dh_cases.dicom.dose import choose_dose, read_dose
from dh_cases.dicom.folder import identifiers_in, read_folder
from dh_cases.dicom.plan import read_plan
from dh_cases.dicom.series import choose_series, read_series
from dh_cases.dicom.structure_set import read_structures, referenced_slices
from dh_cases.fault import CaseError
from dh_cases.source import Source

if TYPE_CHECKING:
    from pathlib import Path

    from dh_cases.readers.reading import Reading


# What pydicom says of an element that a file lacks.
_MISSING = re.compile(r"(?:Dataset' object has no attribute|Missing required element: \S+) '([\w ]+)'")
# Values are understood only when they are looked at, which pydicom does in many places.
_DAMAGED = (
    *(ValueError, TypeError, IndexError, KeyError, NotImplementedError, ArithmeticError, EOFError, OSError),
    BytesLengthException,
)


def read_dicom(path: Path, reading: Reading) -> Source:
    """Reads a folder of DICOM files. Raises CaseError when they do not belong together."""
    try:
        return _read(path, reading)
    except AttributeError as fault:
        missing = _MISSING.search(str(fault))
        if missing is None:
            raise
        raise CaseError(path, f"has a file without {missing[1]}, which DICOM asks for", "export it again") from None
    except _DAMAGED as fault:
        # Without the fault's text, which may hold what identifies the patient.
        what = f"has a file with a value that is not as DICOM asks ({type(fault).__name__})"
        raise CaseError(path, what, "export the files again") from fault


def _read(path: Path, reading: Reading) -> Source:
    folder = read_folder(path)
    structure_set = folder.one("RTSTRUCT", needed=True)
    assert structure_set is not None
    slices = choose_series(folder, referenced_slices(structure_set.data))
    ct = read_series(slices, reading.progress)
    notes = list(ct.notes)
    for modality, count in folder.left_out.items():
        notes.append(f"{count} file{'s' if count > 1 else ''} of the modality {modality} left alone")
    plan, dose = folder.one("RTPLAN", needed=False), choose_dose(folder, notes)
    identifiers = identifiers_in([header for header in (*slices, structure_set, plan, dose) if header is not None])
    structures, labels = read_structures(structure_set, ct, reading.left_out, identifiers, notes)
    source = Source("DICOM", ct.grid, ct.ct_hu, structures, has_free_labels=True, identifiers=identifiers, notes=notes)
    source.skipped = {label.lower() for label in labels.values()} & reading.left_out
    if plan is not None:
        facts = read_plan(plan, ct, structure_set, reading.has_isocenter, notes)
        source.beams, source.isocenter_mm, source.fractions = facts.beams, facts.isocenter_mm, facts.fractions
        by_label = {labels[number]: dose for number, dose in facts.prescriptions_gy.items() if number in labels}
        source.structures = [
            replace(structure, prescription_gy=by_label.get(structure.label)) for structure in structures
        ]
    if dose is not None:
        source.dose = read_dose(dose, ct.frame_uid)
    return source
