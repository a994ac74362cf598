"""Figures of merit of the dose that came with a source."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from dh_cases.building.build_case import Case

_TARGET_PERCENT = (1, 50, 95, 99)


def dose_of_percent(dose_gy: NDArray[np.float32], percent: float) -> float:
    """The dose that so many per cent of the voxels get at least, Gy."""
    return float(np.percentile(dose_gy, 100.0 - percent))


def reference_plan(case: Case) -> dict[str, Any] | None:
    """What case.json says of the source's own plan; None without a dose."""
    dose = case.reference_dose_gy
    if dose is None:
        return None
    targets: dict[str, dict[str, float]] = {}
    organs: dict[str, dict[str, float]] = {}
    for structure in case.structures:
        inside = dose[structure.voxels]
        if structure.role == "target":
            figures = {f"D{percent}": dose_of_percent(inside, percent) for percent in _TARGET_PERCENT}
            targets[structure.name] = _rounded(figures | {"Dmean": float(inside.mean())})
        elif structure.role == "oar":
            hottest = max(1, round(0.1 / case.grid.voxel_cc))
            near_maximum = float(np.sort(inside)[-min(hottest, len(inside))])
            organs[structure.name] = _rounded({"Dmean": float(inside.mean()), "D0.1cc": near_maximum})
    plan: dict[str, Any] = {"dose_unit": "Gy", "file": "reference_dose.nii.gz", "max_gy": round(float(dose.max()), 3)}
    if case.fractions is not None:
        plan["fractions"] = case.fractions
    return plan | {"targets": targets, "oars": organs}


def _rounded(figures: dict[str, float]) -> dict[str, float]:
    return {name: round(value, 3) for name, value in figures.items()}
