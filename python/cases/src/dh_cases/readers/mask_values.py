"""What the numbers of a mask mean."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from dh_cases.fault import CaseError

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray


_MOST_OVERSHOOT = 0.25
"""How far splines and sharp filters of other programs go beyond 0 and 1 beside an edge."""


def as_shares(values: NDArray[Any], where: Path) -> NDArray[Any]:
    """A mask of 0 and one other number, or of shares between 0 and 1, as bools or shares. Raises CaseError.

    Shares that overshoot, as after a resampling, are cut to 0 and 1.
    """
    if values.dtype == np.bool_:
        return values
    if not np.all(np.isfinite(values)):
        raise CaseError(where, "has voxels that are no number", "write the mask anew, with 0 outside and 1 inside")
    low, high = float(values.min()), float(values.max())
    if np.issubdtype(values.dtype, np.floating) and -_MOST_OVERSHOOT <= low and 0 < high <= 1.0 + _MOST_OVERSHOOT:
        return np.clip(values, 0.0, 1.0).astype(np.float32)
    if low < 0:
        raise CaseError(where, f"has values from {low:g} to {high:g}", "store 0 outside and 1 inside")
    if high <= 1.0:
        return values > 0 if np.issubdtype(values.dtype, np.integer) else values.astype(np.float32)
    inside = np.unique(values[values > 0])
    if len(inside) == 1:
        return values > 0
    if np.array_equal(inside, np.round(inside)) and len(inside) <= 64:
        raise CaseError(
            where,
            f"has {len(inside)} values from {inside[0]:g} to {inside[-1]:g}, as a label map has",
            "import it as one: --from label-map --names FILE",
        )
    raise CaseError(where, f"has values from {low:g} to {high:g}", "store 0 outside and 1 inside, or shares up to 1")
