"""One volume, NIfTI or NRRD, whose numbers are structures, and their names; segmentations of 3D Slicer, too."""

from __future__ import annotations

import csv
import json
import re
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from dh_cases.fault import CaseError
from dh_cases.readers.masks import find_ct, read_volume, require_same_grid
from dh_cases.readers.nifti import is_nifti, read_nifti, stem_of
from dh_cases.readers.nrrd_file import read_nrrd
from dh_cases.source import Source, SourceStructure
from dh_cases.volumes.shapes import MaskShape

if TYPE_CHECKING:
    from dh_cases.readers.reading import Reading
_NAMES_FIX = 'give --names FILE: CSV lines such as 1,PTV_7000, or JSON such as {"PTV_7000": 1}'


def _names_in_header(texts: dict[str, str]) -> dict[tuple[int, int], str]:
    """Segments of 3D Slicer by layer and label."""
    found: dict[tuple[int, int], str] = {}
    for key, name in texts.items():
        match = re.fullmatch(r"(Segment\d+)_Name", key)
        if match is None:
            continue
        label, layer = texts.get(f"{match[1]}_LabelValue", ""), texts.get(f"{match[1]}_Layer", "0")
        # A segment without whole numbers has a label without a name, which is told.
        if label.isdecimal() and layer.isdecimal():
            found[int(layer), int(label)] = name
    return found


def _pairs_of_json(path: Path, text: str) -> list[tuple[object, object]]:
    try:
        data = json.loads(text)
    except json.JSONDecodeError as fault:
        raise CaseError(path, f"is not JSON ({fault.msg}, line {fault.lineno})", _NAMES_FIX) from None
    # nnU-Net's dataset.json and pyRadPlan's cst.json have their labels under a key.
    labels = data.get("labels", data.get("vois", data)) if isinstance(data, dict) else None
    if not isinstance(labels, dict):
        raise CaseError(path, "is no object of names and labels", _NAMES_FIX)
    return [(label, name.get("name") if isinstance(name, dict) else name) for label, name in labels.items()]


def read_names(path: Path) -> dict[int, str]:
    """Names by label, from CSV or JSON, name and label in any order. Raises CaseError."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise CaseError(path, "is not UTF-8", "save the names as UTF-8") from None
    if path.suffix.lower() == ".json":
        pairs = _pairs_of_json(path, text)
    else:
        rows = [[cell.strip() for cell in row] for row in csv.reader(text.splitlines(), skipinitialspace=True)]
        pairs = [(row[0], row[1]) for row in rows if len(row) >= 2]
    names: dict[int, str] = {}
    for first, second in pairs:
        label, name = (first, second) if re.fullmatch(r"\d+", str(first)) else (second, first)
        if not re.fullmatch(r"\d+", str(label)):
            if str(label).lower() in {"label", "name", "value", "index", "id", "structure"}:
                continue
            raise CaseError(path, f"has {first!r} and {second!r}, of which none is a whole number", _NAMES_FIX)
        if int(str(label)) == 0:
            continue
        if int(str(label)) in names:
            raise CaseError(path, f"names the label {label} twice", "name every label once")
        names[int(str(label))] = str(name).strip()
    if not names:
        raise CaseError(path, "has no names", _NAMES_FIX)
    return names


def read_label_map(path: Path, reading: Reading) -> Source:
    """Reads a label map. Raises CaseError when it does not fit its CT, or when labels and names do not fit."""
    texts: dict[str, str] = {}
    if is_nifti(path):
        values, grid = read_nifti(path)
        layers = [values]
    else:
        layers, grid, texts = read_nrrd(path)
    ct_file = find_ct(path.parent, reading.ct_file)
    ct_hu, ct_grid = read_volume(ct_file)
    require_same_grid(grid, ct_grid, path)

    names = _names_in_header(texts)
    if reading.names_file is not None:
        names = {(0, label): name for label, name in read_names(reading.names_file).items()}
    if not names:
        raise CaseError(path, "has labels without names", _NAMES_FIX)
    source = Source("label map", ct_grid, ct_hu.astype(np.float32), [], has_exclusive_labels=True)
    nameless: list[int] = []
    for layer, values in enumerate(layers):
        if not np.all(np.isfinite(values)) or np.any(values < 0) or not np.array_equal(values, np.round(values)):
            raise CaseError(path, "has values that are no labels", "store whole numbers, 0 where nothing is")
        present = [int(value) for value in np.unique(values) if value > 0]
        nameless += [label for label in present if (layer, label) not in names]
        wanted = sorted({label for on, label in names if on == layer})
        for index, label in enumerate(wanted):
            name = names[layer, label]
            reading.progress("reading labels", index + 1, len(wanted))
            if name.lower() in reading.left_out:
                source.skipped.add(name.lower())
            else:
                source.structures.append(SourceStructure(name, MaskShape(grid, values == label)))
    if nameless:
        raise CaseError(
            path,
            f"has the labels {', '.join(map(str, nameless))} without a name ({stem_of(path)} has {len(names)} names)",
            _NAMES_FIX,
        )
    return source
