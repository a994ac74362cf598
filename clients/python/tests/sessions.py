"""A plan of four beamlets, as sessions of tests introduce it."""

from __future__ import annotations

from typing import Any

import numpy as np

from dh_advisor_client import Beam, PlanStart, Role, Session, SessionOptions, Solver, StructureRole, TensorKind
from dh_advisor_client.enums import StopReason
from dh_advisor_client.plan import Iteration, LevelPlan, LevelStart, PlanFinish, Structure

N = 4


def plan_start(**changes: Any) -> PlanStart:
    fields: dict[str, Any] = {
        "client": "tests",
        "plan_key": "plan-1",
        "solver": Solver.LBFGS,
        "structures": [Structure("PTV", StructureRole.TARGET, prescribed_dose_gy=60.0)],
        "beams": [Beam(0.0, 2, 2, 5.0, 5.0)],
        "levels": [LevelPlan(0, N, 2.5, 1.0, 9.0)],
        "weight_ceiling": 0.2,
        "weight_steepness": 0.5,
        "accepts": list(Role),
        "offers": [TensorKind.WEIGHTS, TensorKind.GRADIENT],
    }
    return PlanStart(**(fields | changes))


def open_session(address: str, plan: PlanStart | None = None, **options: Any) -> Session:
    patient = {"connect_deadline_s": 10.0, "start_deadline_s": 10.0, "iteration_deadline_s": 10.0}
    return Session(SessionOptions(address=address, **(patient | options)), plan or plan_start())


def level_start(**changes: Any) -> LevelStart:
    fields: dict[str, Any] = {"level": 0, "stage": 0, "beamlet_count": N, "histogram_sigma_gy": 2.5, "objective": 9.0}
    return LevelStart(**(fields | {"variance_lower_gy2": 1.0, "variance_upper_gy2": 9.0} | changes))


def iteration(k: int = 0, **changes: Any) -> Iteration:
    fields: dict[str, Any] = {"level": 0, "stage": 0, "iteration": k, "objective": 5.0, "gradient_norm": 1.0}
    return Iteration(**(fields | {"step_length": 0.1} | changes))


def finish(**changes: Any) -> PlanFinish:
    fields: dict[str, Any] = {"stop_reason": StopReason.TOLERANCE, "iterations": 3, "reference_objective": 1.0}
    return PlanFinish(**(fields | changes))


def vector(*values: float) -> Any:
    return np.array(values, dtype=np.float64)
