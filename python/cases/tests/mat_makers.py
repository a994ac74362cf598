"""Writes the anatomy as matRad does, in MATLAB's old format and in that of version 7.3."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import h5py
import numpy as np
from anatomy import Anatomy


def mat_content(anatomy: Anatomy) -> dict[str, Any]:
    """`ct`, `cst` and `pln`: cubes of rows (y), columns (x) and slices, voxels counted from 1 along the rows first."""
    grid = anatomy.grid
    cubes = np.empty(1, object)
    cubes[0] = np.transpose(anatomy.ct_hu, (1, 0, 2)).astype(float)
    ct = {
        "cubeHU": cubes,
        "resolution": dict(zip("xyz", map(float, grid.spacing_mm), strict=True)),
        "cubeDim": np.array([grid.size[1], grid.size[0], grid.size[2]], float),
        "numOfCtScen": 1.0,
    } | {axis: grid.centers_mm(index) for index, axis in enumerate("xyz")}
    rows = []
    kinds = {"PTV60": "TARGET", "Parotid_R": "OAR", "SpinalCord": "OAR", "Body": "OAR", "Helper": "IGNORED"}
    for number, (name, kind) in enumerate(kinds.items()):
        mask = anatomy.masks["PTV60" if name == "Helper" else name]
        indices = np.empty(1, object)
        indices[0] = 1.0 + np.flatnonzero(np.transpose(mask, (1, 0, 2)).ravel(order="F"))[:, None]
        objectives = np.empty(1, object)
        asked = 57.0 if kind == "TARGET" else 20.0
        parameters = np.empty(1, object)
        parameters[0] = asked
        what = "SquaredDeviation" if kind == "TARGET" else "SquaredOverdosing"
        objectives[0] = {"className": f"DoseObjectives.matRad_{what}", "parameters": parameters, "penalty": 100.0}
        rows.append([float(number), name, kind, indices, {"Priority": 1.0}, objectives])
    cst = np.empty((len(rows), 6), object)
    for index, row in enumerate(rows):
        for column, value in enumerate(row):
            cst[index, column] = value
    pln = {
        "radiationMode": "photons",
        "propStf": {
            "gantryAngles": np.array([0.0, 90.0, 180.0]),
            "couchAngles": np.array([0.0, 10.0, 0.0]),
            "isoCenter": np.tile([18.0, -8.0, 6.0], (3, 1)),
        },
    }
    return {"ct": ct, "cst": cst, "pln": pln}


def write_mat73(path: Path, anatomy: Anatomy) -> None:
    """The same as HDF5: structs are groups, cells hold references, texts are numbers, and axes are reversed."""
    with h5py.File(path, "w", userblock_size=512) as file:
        _Writer(file).write(mat_content(anatomy))
    with path.open("r+b") as raw:
        raw.write(b"MATLAB 7.3 MAT-file".ljust(124) + b"\x00\x02IM")


class _Writer:
    def __init__(self, file: h5py.File) -> None:
        self._file = file
        self._references = file.create_group("#refs#")
        self._count = 0

    def write(self, content: dict[str, Any]) -> None:
        for name, value in content.items():
            self._put(self._file, name, value)

    def _put(self, group: h5py.Group, name: str, value: Any) -> h5py.Dataset | h5py.Group:  # noqa: ANN401
        if isinstance(value, dict):
            inner = group.create_group(name)
            inner.attrs["MATLAB_class"] = np.bytes_("struct")
            for key, item in value.items():
                self._put(inner, key, item)
            return inner
        if isinstance(value, str):
            codes = np.array([[ord(letter)] for letter in value], np.uint16)
            return self._dataset(group, name, codes, "char")
        if isinstance(value, np.ndarray) and value.dtype == object:
            cells = np.atleast_2d(value)
            references = np.empty(cells.shape, h5py.ref_dtype)
            for at, item in np.ndenumerate(cells):
                self._count += 1
                entry = self._put(self._references, f"r{self._count}", item)
                references[at] = entry.ref
            return self._dataset(group, name, references.T, "cell", h5py.ref_dtype)
        return self._dataset(group, name, np.atleast_2d(np.asarray(value, float)).T, "double")

    @staticmethod
    def _dataset(group: h5py.Group, name: str, data: Any, kind: str, dtype: Any = None) -> h5py.Dataset:  # noqa: ANN401
        made = group.create_dataset(name, data=data, dtype=dtype)
        made.attrs["MATLAB_class"] = np.bytes_(kind)
        return made
