"""MATLAB files as plain dictionaries, lists and arrays: versions up to 7 by SciPy, 7.3 by h5py."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import h5py
import numpy as np
from scipy.io import loadmat
from scipy.io.matlab import mat_struct

from dh_cases.fault import CaseError

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray


def read_mat(path: Path, names: tuple[str, ...]) -> dict[str, Any]:
    """The named variables: structs as dict, cells and arrays of structs as arrays of objects, texts as str.

    Arrays have MATLAB's order of indices. Raises CaseError when the file can't be read.
    """
    try:
        if h5py.is_hdf5(path):
            with h5py.File(path, "r") as file:
                return {name: _of_hdf5(file, file[name]) for name in names if name in file}
        loaded = loadmat(path, variable_names=list(names), struct_as_record=False, chars_as_strings=True)
    # SciPy fails in many ways on a damaged file.
    except Exception as fault:
        raise CaseError(
            path, f"is not a complete MATLAB file ({type(fault).__name__})", "save it again with MATLAB's save"
        ) from None
    return {name: _of_scipy(loaded[name]) for name in names if name in loaded}


def _of_scipy(value: object) -> object:
    if isinstance(value, mat_struct):
        return {name: _of_scipy(getattr(value, name)) for name in value._fieldnames}
    if not isinstance(value, np.ndarray):
        return value
    if value.dtype.kind in "US":
        return str(value.ravel()[0]) if value.size else ""
    if value.dtype != object:
        return value
    if value.size == 1 and isinstance(value.ravel()[0], mat_struct):
        return _of_scipy(value.ravel()[0])
    return _cells([_of_scipy(item) for item in value.ravel()], value.shape)


def _cells(items: list[object], shape: tuple[int, ...]) -> NDArray[Any]:
    """An array of objects. NumPy left alone would make one array of the arrays in it."""
    cells = np.empty(len(items), object)
    for index, item in enumerate(items):
        cells[index] = item
    return cells.reshape(shape)


def _of_hdf5(file: h5py.File, value: h5py.Group | h5py.Dataset) -> object:
    if isinstance(value, h5py.Group):
        return {name: _of_hdf5(file, value[name]) for name in value}
    kind = value.attrs.get("MATLAB_class", b"")
    kind = kind.decode() if isinstance(kind, bytes) else str(kind)
    if value.attrs.get("MATLAB_empty"):
        return "" if kind == "char" else np.empty(0)
    if kind == "char":
        return "".join(chr(code) for code in np.ravel(value[()], order="F"))
    if value.dtype == h5py.ref_dtype:
        # HDF5 has the axes of MATLAB in reverse.
        references = value[()].T
        return _cells([_of_hdf5(file, file[reference]) for reference in references.ravel()], references.shape)
    return np.transpose(value[()])
