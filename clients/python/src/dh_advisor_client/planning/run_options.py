"""What an optimizer is and can use."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version

from dh_advisor_client.enums import Quality, Role, Solver


def _client() -> str:
    """Of this package, unless an optimizer says its own."""
    try:
        return f"dh-advisor-client {version('dh-advisor-client')}"
    except PackageNotFoundError:  # Run from sources.
        return "dh-advisor-client"


@dataclass(frozen=True)
class RunOptions:
    """What an optimizer is and can use."""

    solver: Solver = Solver.OTHER
    solver_name: str = ""
    """What it is called. Empty: `advise` takes the name of what it wraps."""
    accepts: Sequence[Role] = (Role.INITIALIZATION, Role.EARLY_STOPPING)
    histogram_sigma_gy: float = 2.5
    """Of the finest level; a solver without histograms leaves it."""
    sigma_bounds_gy: tuple[float, float] = (0.5, 40.0)
    """Of advised schedules."""
    iteration_limit: int = 0
    tolerance: float = 0.0
    """Relative change of the objective at which a stage stops on its own."""
    stop_tolerance: float = 1e-4
    """Largest relative gain of an iteration at which a stop is granted."""
    client: str = _client()
    plan_key: str = ""
    """Unique to the plan; empty = a random one."""
    patient_key: str = ""
    """Pseudonymous; hashed again by the host before it is stored."""
    may_record: bool = False
    quality: Quality | None = None
    """What advice may do to the plan; None: hosts take it for balanced."""
    label: str = ""
    """What operators see the plan under, at most 64 bytes; never a person's name, number or date."""
    checks_geometry: bool = True
    """Whether the case is checked first. A plan whose check fails is made without advice, and the log says why."""
