"""`advise` against the real host: what it gains, and that a host that fails costs a plan nothing."""

from __future__ import annotations

import os
import signal
import time
from typing import Any

import numpy as np
import pytest
from box_plan import BoxPlan, box_plan
from host import Host
from scipy.optimize import OptimizeResult, minimize

from dh_advisor_client import (
    AdviceMode,
    Case,
    InvalidInput,
    Outcome,
    Role,
    RunOptions,
    SessionOptions,
    Solver,
    StatusCode,
    advise,
    scipy_method,
)

PLAN = box_plan()
START = PLAN.case.flat_start()
HOW: dict[str, Any] = {"method": "L-BFGS-B", "bounds": [(0.0, None)] * START.size, "options": {"maxiter": 60}}


def session(address: str, **options: Any) -> SessionOptions:
    patient = {"connect_deadline_s": 10.0, "start_deadline_s": 10.0, "iteration_deadline_s": 5.0}
    return SessionOptions(address=address, **(patient | options))


def plain(plan: BoxPlan = PLAN, **changes: Any) -> OptimizeResult:
    return minimize(plan.objective, plan.case.flat_start(), jac=True, **(HOW | changes))


def advised(address: str, plan: BoxPlan = PLAN, how: Any = None, **changes: Any) -> Any:
    chosen = how or session(address)
    return advise(minimize, plan.objective, plan.case.flat_start(), case=plan.case, session=chosen, **(HOW | changes))


def test_the_start_is_advised_and_better(host: Host) -> None:
    result = advised(host.address)
    assert result.advice.status.ok
    assert result.advice.is_start_advised
    assert result.advice.start_objective < 0.8 * PLAN.objective(START)[0]
    assert result.advice.counters.outcomes[Role.INITIALIZATION, Outcome.APPLIED] == 1
    assert result.fun == pytest.approx(plain().fun, rel=0.01)


def test_a_stop_ends_the_run_and_says_why(host: Host) -> None:
    result = advised(host.address, options={"maxiter": 2000})
    assert result.message == f"Stopped by advice: {result.advice.explanation}"
    assert "fell by" in result.advice.explanation
    assert result.success
    np.testing.assert_allclose(result.jac, PLAN.objective(result.x)[1])
    assert result.nit < plain(options={"maxiter": 2000}).nit


def test_the_unit_of_weights_changes_nothing(host: Host) -> None:
    other = box_plan(unit=250.0)
    one, two = (
        advise(
            minimize, plan.objective, plan.case.flat_start(), case=plan.case, session=session(host.address), **HOW
        ).advice
        for plan in (PLAN, other)
    )
    assert two.is_start_advised
    assert two.start_objective == pytest.approx(one.start_objective, rel=1e-6)


def gradient_descent(fun: Any, x0: Any, jac: bool, callback: Any, steps: int = 40) -> OptimizeResult:
    """A plain loop, as a user has one: projected gradient with a step that halves."""
    x, step = np.array(x0), 1e-3
    value, gradient = fun(x)
    for _ in range(steps):
        while (trial := fun(np.maximum(x - step * gradient, 0.0)))[0] >= value and step > 1e-12:
            step /= 2.0
        x = np.maximum(x - step * gradient, 0.0)
        value, gradient = trial
        callback(x)
        step *= 2.0
    result = OptimizeResult()
    result.x, result.fun, result.success = x, value, False
    return result


def test_a_plain_loop_is_advised_under_its_own_name() -> None:
    roles = "\n  initialization: { plugin: warm-start, deadline_ms: 5000 }\n  early-stopping: { plugin: convergence }\n"
    with Host(roles) as host:
        result = advise(gradient_descent, PLAN.objective, START, case=PLAN.case, session=session(host.address))
        assert result.advice.is_start_advised
        assert result.advice.iterations == 40
        # Of a solver that its model does not know.
        assert result.advice.details["early-stopping"] == "its model knows dH and L-BFGS only"


def test_other_methods_are_no_lbfgs() -> None:
    by_solver = "by_solver: { other: { plugin: off } }"
    roles = f"\n  initialization: {{ plugin: warm-start, deadline_ms: 5000, {by_solver} }}\n"
    with Host(roles) as host:
        other = advised(host.address, method="TNC", options={"maxfun": 30})
        assert other.advice.status.ok
        assert not other.advice.is_start_advised
        assert advised(host.address).advice.is_start_advised
        named = RunOptions(solver=Solver.LBFGS, solver_name="my own")
        result = advise(
            gradient_descent, PLAN.objective, START, case=PLAN.case, session=session(host.address), run=named
        )
        assert result.advice.is_start_advised


def test_scipy_takes_it_for_one_of_its_methods(host: Host) -> None:
    method = scipy_method(PLAN.case, session(host.address))
    result = minimize(PLAN.objective, START, jac=True, method=method, bounds=HOW["bounds"], options={"maxiter": 30})
    assert result.advice.is_start_advised


@pytest.mark.parametrize("mode", [AdviceMode.OFF, AdviceMode.SHADOW])
def test_without_advice_the_bits_are_the_same(host: Host, mode: AdviceMode) -> None:
    result = advised(host.address, how=session(host.address, mode=mode))
    np.testing.assert_array_equal(result.x, plain().x)


def test_without_a_host_the_bits_are_the_same() -> None:
    result = advised("127.0.0.1:1")
    assert result.advice.status.code is StatusCode.UNREACHABLE
    np.testing.assert_array_equal(result.x, plain().x)


def test_a_host_that_is_killed_costs_its_advice_only() -> None:
    with Host("\n  early-stopping: { plugin: plateau }\n") as host:

        def kill(x: Any) -> None:
            host.kill()

        result = advised(host.address, callback=kill)
    assert result.advice.status.code in (StatusCode.UNREACHABLE, StatusCode.REFUSED)
    np.testing.assert_array_equal(result.x, plain().x)


def test_a_host_that_hangs_costs_three_deadlines() -> None:
    with Host("\n  early-stopping: { plugin: plateau }\n") as host:
        begun: list[float] = []

        def freeze(x: Any) -> None:
            if not begun:
                os.kill(host.pid, signal.SIGSTOP)
            begun.append(time.monotonic())

        how = session(host.address, iteration_deadline_s=0.05, start_deadline_s=0.5)
        result = advised(host.address, how=how, callback=freeze)
        assert result.advice.status.code is StatusCode.SWITCHED_OFF
        assert result.advice.counters.late == 3
        assert result.advice.counters.waited_s < 3.0
    np.testing.assert_array_equal(result.x, plain().x)


def test_a_case_that_is_wrong_is_planned_without_advice(host: Host) -> None:
    beams = [beam for beam in reversed(PLAN.case.beams)]
    grid, contours = PLAN.case.grid, PLAN.contours
    wrong = Case(
        grid=grid, influence=PLAN.influence, beams=beams, isocenter_mm=PLAN.case.isocenter_mm, contours=contours
    )
    result = advise(minimize, PLAN.objective, START, case=wrong, session=session(host.address), **HOW)
    assert "the beams come in reverse order" in result.advice.finding
    assert result.advice.status.code is StatusCode.SWITCHED_OFF
    np.testing.assert_array_equal(result.x, plain().x)


def test_callbacks_of_both_forms_are_called(host: Host) -> None:
    seen: list[Any] = []

    def of_result(intermediate_result: OptimizeResult) -> None:
        seen.append((intermediate_result.x.size, intermediate_result.fun))

    advised(host.address, callback=of_result, options={"maxiter": 3})
    advised(host.address, callback=lambda xk: seen.append(xk.size), options={"maxiter": 3})
    assert seen[-1] == START.size
    assert seen[0][0] == START.size
    assert len(seen) == 6


def test_what_a_loop_returns_is_handed_on_whatever_it_is(host: Host) -> None:
    def loop(fun: Any, x0: Any, jac: bool, callback: Any) -> tuple[Any, str]:
        callback(x0)
        return x0, "done"

    kept = advise(loop, PLAN.objective, START, case=PLAN.case, session=session(host.address))
    assert kept[1] == "done"
    assert PLAN.objective(kept[0])[0] < PLAN.objective(START)[0]


def test_an_objective_in_single_precision_is_sent(host: Host) -> None:
    def single(weights: Any) -> Any:
        value, gradient = PLAN.objective(weights)
        return np.float32(value), gradient.astype(np.float32)

    result = advise(gradient_descent, single, START, case=PLAN.case, session=session(host.address))
    assert result.advice.status.ok
    assert result.advice.counters.questions > 40


def test_mistakes_of_the_caller_come_out() -> None:
    with pytest.raises(InvalidInput, match="x0 has 3 values, and the case has 153 beamlets"):
        advise(minimize, PLAN.objective, np.zeros(3), case=PLAN.case)
    with pytest.raises(InvalidInput, match="jac must be a function or True"):
        advise(minimize, PLAN.objective, START, case=PLAN.case, jac="2-point")

    def broken(x: Any) -> Any:
        raise ZeroDivisionError("of the objective")

    with pytest.raises(ZeroDivisionError, match="of the objective"):
        advise(minimize, broken, START, case=PLAN.case, session=SessionOptions(mode=AdviceMode.OFF))
