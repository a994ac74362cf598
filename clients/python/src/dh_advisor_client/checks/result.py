"""What a check says."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import Enum

from dh_advisor_client.enums import CheckOutcome
from dh_advisor_client.plan import SelfCheck


class CheckFault(Enum):
    """What seems wrong; several faults at once give the first one, and all in words."""

    NONE = "none"
    SIGN = "sign"
    """Points uphill, or down, against the contract."""
    SPACE = "space"
    """dF/dx in place of dF/dw."""
    UNIT = "unit"
    """A constant factor, such as 100 for Gy/100 or 10 for cm."""
    NOT_THE_GRADIENT = "not-the-gradient"
    BEAMLET_ORDER = "beamlet-order"
    """Columns or rows mirrored or exchanged, beams not slowest."""
    GANTRY = "gantry"
    """Offset, direction of rotation, radians."""
    PITCH = "pitch"
    """column_width_mm or row_height_mm."""
    ISOCENTER = "isocenter"
    DOSE_SCALE = "dose-scale"
    """All of the matrix times a factor."""
    FEATURE = "feature"
    """A tensor or a structure's geometry is another than the doses say."""


@dataclass(frozen=True)
class CheckResult:
    """One sentence on what was measured, and what it looks like."""

    outcome: CheckOutcome
    fault: CheckFault = CheckFault.NONE
    field: str = ""
    """The contract's name, such as `beams[2].gantry_deg`; empty when passed."""
    finding: str = ""
    ratio: float = 1.0
    """What the caller said over what was measured, where that is one number; 1 = they agree."""
    value_calls: int = 0
    """Of the objective."""

    @property
    def passed(self) -> bool:
        """Whether nothing is wrong."""
        return self.outcome is CheckOutcome.PASSED

    def self_check(self) -> SelfCheck:
        """What of it a plan start carries."""
        return SelfCheck(self.outcome, self.field, self.finding)


def failed(fault: CheckFault, field: str, finding: str, ratio: float = 1.0, value_calls: int = 0) -> CheckResult:
    """A fault, found."""
    return CheckResult(CheckOutcome.FAILED, fault, field, finding, ratio, value_calls)


def number(value: float) -> str:
    """Such as "12.3"; four digits are enough for people."""
    return f"{value:.4g}"


_HINTS = (
    (100.0, "cGy, or Gy/100 taken the wrong way round"),
    (0.01, "Gy/100 in place of Gy"),
    (1e4, "a square of Gy/100 taken the wrong way round"),
    (1e-4, "a square of Gy/100"),
    (10.0, "per cm in place of per mm, or mm in place of cm"),
    (0.1, "cm in place of mm"),
)


def times(factor: float) -> str:
    """Such as "100 times (cGy?)" for a factor that units explain."""
    hints = [f" ({hint}?)" for unit, hint in _HINTS if factor > 0.0 and abs(math.log(factor / unit)) < 0.3]
    return f"{number(factor)} times{''.join(hints)}"
