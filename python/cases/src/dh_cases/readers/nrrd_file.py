"""Reads NRRD volumes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import nrrd
import numpy as np

from dh_cases.fault import CaseError
from dh_cases.volumes.orient import RAS_TO_LPS, to_lps

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from dh_cases.volumes.grid import Grid

ENDINGS = (".nrrd", ".nhdr")
_SPACES = {
    "left-posterior-superior": np.eye(4),
    "lps": np.eye(4),
    "right-anterior-superior": RAS_TO_LPS,
    "ras": RAS_TO_LPS,
    "left-anterior-superior": np.diag([1.0, -1.0, 1.0, 1.0]),
    "las": np.diag([1.0, -1.0, 1.0, 1.0]),
}


def read_nrrd(path: Path) -> tuple[list[NDArray[Any]], Grid, dict[str, str]]:
    """The layers of a NRRD file, indexed [x, y, z], their grid, and its header's own texts. Raises CaseError."""
    try:
        values, header = nrrd.read(str(path), index_order="F")
    # The library fails in many ways on a damaged file.
    except Exception as fault:
        raise CaseError(path, f"is not a complete NRRD volume ({type(fault).__name__})", "write it anew") from None
    space = str(header.get("space", "")).lower()
    directions = header.get("space directions")
    if space not in _SPACES or directions is None or header.get("space origin") is None:
        raise CaseError(
            path,
            "does not say where it lies: it needs space (LPS, RAS or LAS), space directions and space origin",
            "save it again with its geometry",
        )
    vectors = np.atleast_2d(np.array(directions, float))
    layered = values.ndim == 4
    if (values.ndim != 3 and not layered) or len(vectors) != values.ndim:
        raise CaseError(path, f"has {values.ndim} dimensions", "store one volume of three, or layers of them")
    affine = np.eye(4)
    affine[:3, :3] = vectors[-3:].T
    affine[:3, 3] = np.array(header["space origin"], float)
    turned = [to_lps(layer, _SPACES[space] @ affine, path) for layer in (list(values) if layered else [values])]
    texts = {str(key): str(value) for key, value in header.items() if isinstance(value, str)}
    return [layer for layer, _ in turned], turned[0][1], texts
