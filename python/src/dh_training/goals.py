"""Goals other than the built-in ones: what else users of an optimizer ask for, written as the files that it reads."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import yaml
from pydantic import NonNegativeFloat, NonNegativeInt

PRESCRIBED_DOSES_GY = (40.0, 80.0)
"""Highest dose that a plan with drawn goals prescribes."""
TARGET_UPPERS = (1.02, 1.20)
"""Upper ends of target intervals, in parts of the prescribed dose. 60 to 70 Gy is 1.17."""
TARGET_WEIGHTS = (0.5, 30.0)
ORGAN_WEIGHTS = (0.1, 3.0)
ORGAN_LIMIT_SPREAD = 0.3
"""Of the logarithm of the factor on an organ's limit."""
NORMAL_TISSUE_GY = ((0.0, 15.0), (20.0, 55.0))
"""Where the normal tissue's interval begins, and where it ends."""


@dataclass(frozen=True)
class GoalOptions:
    """What is asked for. The defaults leave case and built-in goals as they are."""

    prescribed_gy: float | None = None
    """The case's highest prescribed dose, the others scaled with it; None = as the case says."""
    target_upper: float = 1.03
    """Upper end of the targets' intervals, in parts of the prescribed dose."""
    target_weight: float = 30.0
    others_seed: int | None = None
    """Weights and limits of every organ and of the normal tissue are drawn with it; None = as built in."""


@dataclass(frozen=True)
class Variety:
    """How problems differ from those that a case describes, beside slices, columns and beam sets."""

    beamlets_mm: tuple[float, ...] = (5.0,)
    """Pitches, drawn alike."""
    windows_mm: tuple[float, ...] = ()
    """Half heights of the planned slices, drawn alike, 0 for one slice; a beamlet is 20 mm higher than they are.
    None: `corpus.window_mm`."""
    columns: NonNegativeInt = 0
    """Of every beam in `columns_share` of the problems; odd."""
    columns_share: NonNegativeFloat = 0.0
    goals_share: NonNegativeFloat = 0.0
    """Of the problems have drawn goals."""

    def __post_init__(self) -> None:
        """ValueError: names the option."""
        if not self.beamlets_mm or not all(1.0 <= pitch <= 50.0 for pitch in self.beamlets_mm):
            raise ValueError(f"beamlets_mm is {list(self.beamlets_mm)}: needs pitches from 1 to 50 mm")
        if not all(window >= 0.0 for window in self.windows_mm):
            raise ValueError(f"windows_mm is {list(self.windows_mm)}: needs half heights of 0 mm or more")
        for name in ("goals_share", "columns_share"):
            if getattr(self, name) > 1.0:
                raise ValueError(f"{name} is {getattr(self, name)}: must be in [0, 1]")
        if self.columns_share > 0 and self.columns % 2 == 0:
            raise ValueError(f"columns is {self.columns}: needs an odd number where columns_share is above 0")


def draw_goals(rng: np.random.Generator) -> GoalOptions:
    """Rounded, so that they read well in files."""
    return GoalOptions(
        prescribed_gy=round(float(rng.uniform(*PRESCRIBED_DOSES_GY)), 1),
        target_upper=round(float(rng.uniform(*TARGET_UPPERS)), 3),
        target_weight=_log_uniform(rng, TARGET_WEIGHTS),
        others_seed=int(rng.integers(2**31)),
    )


def prescription_file(built_in: str, goals: GoalOptions) -> str:
    """The built-in goals, as YAML, with others in their place."""
    told: dict[str, Any] = yaml.safe_load(built_in)
    told["targets"] |= {"upper": goals.target_upper, "weight": goals.target_weight}
    if goals.others_seed is not None:
        rng = np.random.default_rng(goals.others_seed)
        for organ in (*told["organs"], told["other_organs"]):
            factor = np.exp(rng.normal(0.0, ORGAN_LIMIT_SPREAD))
            organ["interval_gy"] = [round(float(dose * factor), 1) for dose in organ["interval_gy"]]
            organ["weight"] = _log_uniform(rng, ORGAN_WEIGHTS)
        ends = [round(float(rng.uniform(*bounds)), 1) for bounds in NORMAL_TISSUE_GY]
        told["normal_tissue"] |= {"interval_gy": ends, "weight": _log_uniform(rng, ORGAN_WEIGHTS)}
    return yaml.safe_dump(told, sort_keys=False)


def _log_uniform(rng: np.random.Generator, bounds: tuple[float, float]) -> float:
    return round(float(np.exp(rng.uniform(*np.log(bounds)))), 2)


def with_prescribed_dose(description: dict[str, Any], highest_gy: float) -> dict[str, Any]:
    """A case's description with its prescribed doses scaled. ValueError when it prescribes none."""
    doses = [structure.get("prescription_gy") or 0.0 for structure in description["structures"]]
    if max(doses, default=0.0) <= 0.0:
        raise ValueError("no structure has a prescription_gy that could be scaled")
    factor = highest_gy / max(doses)
    structures = [
        structure | ({"prescription_gy": dose * factor} if dose else {})
        for structure, dose in zip(description["structures"], doses, strict=True)
    ]
    return description | {"structures": structures}
