"""Tells from a path which reader is meant."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from dh_cases.fault import CaseError
from dh_cases.readers.dicom import read_dicom
from dh_cases.readers.label_map import read_label_map
from dh_cases.readers.masks import is_volume, read_masks
from dh_cases.readers.matrad import read_matrad
from dh_cases.readers.openkbp import read_openkbp
from dh_cases.readers.reading import Reading
from dh_cases.source import Source

READERS: dict[str, Callable[[Path, Reading], Source]] = {
    "dicom": read_dicom,
    "matrad": read_matrad,
    "masks": read_masks,
    "label-map": read_label_map,
    "openkbp": read_openkbp,
}
"""By the name of the format on the command line. Each raises CaseError for what it can't use."""

_FIX = f"say what it is: --from {'|'.join(READERS)}"


_OF_ONE_FILE = {"matrad", "label-map"}


def read_source(kind: str | None, path: Path, reading: Reading) -> Source:
    """Reads a path as a format, a key of READERS, or as what it looks like. Raises CaseError."""
    if not path.exists():
        raise CaseError(path, "is not there", "give a folder or a file")
    kind = kind or format_of(path)
    if path.is_file() != (kind in _OF_ONE_FILE):
        wanted = "a file" if kind in _OF_ONE_FILE else "a folder"
        raise CaseError(path, f"is a {'file' if path.is_file() else 'folder'}", f"give {wanted} for --from {kind}")
    return READERS[kind](path, reading)


def format_of(path: Path) -> str:
    """The format of what lies at a path, a key of READERS. Raises CaseError when nothing tells."""
    if path.is_file():
        if path.suffix.lower() == ".mat":
            return "matrad"
        if is_volume(path):
            return "label-map"
        raise CaseError(path, "is no file that can be imported", _FIX)
    if (path / "voxel_dimensions.csv").is_file():
        return "openkbp"
    if any(is_volume(file) for file in path.iterdir()):
        return "masks"
    if any(_begins_as_dicom(file) for file in sorted(path.rglob("*")) if file.is_file()):
        return "dicom"
    raise CaseError(path, "has neither DICOM, NIfTI, NRRD nor OpenKBP's CSV files", _FIX)


def _begins_as_dicom(file: Path) -> bool:
    with file.open("rb") as stream:
        return stream.read(132)[128:] == b"DICM"
