"""What cannot be sent is not sent, and named."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from scripted_host import ScriptedHost
from sessions import finish, iteration, level_start, open_session, plan_start, vector

from dh_advisor_client import Solver, StatusCode, TensorKind
from dh_advisor_client.plan import Geometry, StructureGeometry


@pytest.mark.parametrize(
    ("what", "field"),
    [
        (lambda s: s.ask_level(level_start(objective=float("nan"))), "objective"),
        (lambda s: s.ask_level(level_start(beamlet_count=5)), "beamlet_count"),
        (lambda s: s.ask_iteration(iteration(tensors={TensorKind.WEIGHTS: np.zeros(3)})), "tensors[weights]"),
        (lambda s: s.ask_iteration(iteration(tensors={TensorKind.WEIGHTS: vector(1, 2, np.inf, 3)})), "not finite"),
        (lambda s: s.ask_iteration(iteration(value_calls=-1)), "value_calls"),
        (lambda s: s.finish(finish(reference_objective=float("inf"))), "reference_objective"),
        (lambda s: s.ask_geometry(Geometry([StructureGeometry(3, 1.0, 1.0, 0.0)])), "structures[0].structure"),
    ],
)
def test_what_cannot_be_sent_is_not_sent_and_named(what: Any, field: str) -> None:
    with ScriptedHost() as host, open_session(host.address) as session:
        if "tensors" in field or "finite" in field:
            session.ask_level(level_start())
        heard = len(host.heard)
        what(session)
        assert session.status.code is StatusCode.INVALID_INPUT
        assert field in session.status.message
        assert len(host.heard) == heard


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"plan_key": ""}, "plan_key"),
        ({"client": "a\nb"}, "client"),
        ({"client": "\ud800"}, "client"),
        ({"structures": []}, "structures"),
        ({"levels": [plan_start().levels[0]] * 2}, "levels[1].level"),
        ({"weight_ceiling": -1.0}, "weight_ceiling"),
        ({"beams": []}, "beams"),
        ({"structures": [*plan_start().structures] * 2}, "twice"),
        ({"solver": Solver.OTHER}, "solver_name"),
    ],
)
def test_a_plan_that_cannot_be_introduced_is_named(changes: dict[str, Any], field: str) -> None:
    with open_session("127.0.0.1:1", plan_start(**changes)) as session:
        assert session.status.code is StatusCode.INVALID_INPUT
        assert field in session.status.message
