"""The gates decide as the C++ client's do (cpp/tests/sdk/gates_test.cpp)."""

import math

import numpy as np
import pytest
from sessions import vector

from dh_advisor_client.advice import DirectionAdvice, Stage, StopAdvice, StructureSigma
from dh_advisor_client.enums import DirectionSpace, StopDecision, Verdict
from dh_advisor_client.gates import (
    DirectionGate,
    StopGate,
    check_stages,
    check_structure_sigmas,
    check_vector,
    choose_start,
)

ANNEALING = [Stage(3, 40.0, 12), Stage(1, 16.0, 12), Stage(0, 16.0, 5), Stage(0, 2.5)]


@pytest.mark.parametrize(
    ("values", "verdict"),
    [
        ((0.0, 0.1, 0.2), Verdict.ACCEPTED),
        ((0.0, 0.1), Verdict.WRONG_LENGTH),
        ((0.0, math.nan, 9.0), Verdict.NOT_FINITE),
        ((9.0, 0.1, math.inf), Verdict.NOT_FINITE),
        ((0.0, 0.1, 0.3), Verdict.OUT_OF_RANGE),
        ((-0.1, 0.1, 0.2), Verdict.OUT_OF_RANGE),
    ],
)
def test_vectors(values: tuple[float, ...], verdict: Verdict) -> None:
    assert check_vector(vector(*values), 3, 0.0, 0.2) is verdict


@pytest.mark.parametrize(
    ("stages", "verdict"),
    [
        (ANNEALING, Verdict.ACCEPTED),
        ([], Verdict.BAD_SCHEDULE),
        ([Stage(0, 2.5)] * 65, Verdict.BAD_SCHEDULE),
        ([Stage(4, 40.0), Stage(0, 2.5)], Verdict.BAD_SCHEDULE),
        ([Stage(0, 16.0), Stage(1, 16.0), Stage(0, 2.5)], Verdict.BAD_SCHEDULE),
        ([Stage(0, 8.0), Stage(0, 16.0), Stage(0, 2.5)], Verdict.BAD_SCHEDULE),
        ([Stage(0, math.nan), Stage(0, 2.5)], Verdict.NOT_FINITE),
        ([Stage(0, 400.0), Stage(0, 2.5)], Verdict.OUT_OF_RANGE),
        ([Stage(0, 2.5, 7)], Verdict.BAD_SCHEDULE),
        ([Stage(0, 16.0)], Verdict.BAD_SCHEDULE),
        ([Stage(1, 2.5)], Verdict.BAD_SCHEDULE),
    ],
)
def test_schedules(stages: list[Stage], verdict: Verdict) -> None:
    assert check_stages(stages, 4, 2.5, 0.5, 40.0) is verdict


@pytest.mark.parametrize(
    ("sigmas", "verdict"),
    [
        ([(0, 2.0), (1, 40.0)], Verdict.ACCEPTED),
        ([(2, 2.0)], Verdict.WRONG_FRAME),
        ([(0, 2.0), (0, 3.0)], Verdict.WRONG_FRAME),
        ([(0, math.nan)], Verdict.NOT_FINITE),
        ([(0, 0.1)], Verdict.OUT_OF_RANGE),
    ],
)
def test_structure_sigmas(sigmas: list[tuple[int, float]], verdict: Verdict) -> None:
    assert check_structure_sigmas([StructureSigma(*sigma) for sigma in sigmas], 2, 0.5, 40.0) is verdict


def test_starts_take_the_better_and_prefer_the_default() -> None:
    assert choose_start(2.0, 1.0) is Verdict.ACCEPTED
    assert choose_start(1.0, 1.0) is Verdict.WORSE_THAN_DEFAULT
    assert choose_start(1.0, math.nan) is Verdict.NOT_FINITE
    assert choose_start(math.nan, 1.0) is Verdict.WORSE_THAN_DEFAULT


def direction(*values: float, step: float | None = None) -> DirectionAdvice:
    return DirectionAdvice(DirectionSpace.WEIGHTS, vector(*values), step)


def test_directions_must_descend() -> None:
    gradient = vector(1.0, 0.0)
    for bad, verdict in [
        (direction(1.0, 0.0), Verdict.NOT_DESCENT),
        (direction(0.0, 0.0), Verdict.NOT_DESCENT),
    ]:
        assert DirectionGate().consider(bad, gradient) == (verdict, None)
    assert DirectionGate().consider(direction(-1e-5, 1.0), gradient)[0] is Verdict.NOT_DESCENT
    assert DirectionGate().consider(direction(-1e-3, 1.0), gradient)[0] is Verdict.ACCEPTED
    assert DirectionGate().consider(direction(math.nan, 1.0), gradient)[0] is Verdict.NOT_FINITE
    assert DirectionGate().consider(direction(-1e200, 1e200), gradient)[0] is Verdict.NOT_FINITE
    assert DirectionGate().consider(direction(-1.0), gradient)[0] is Verdict.WRONG_LENGTH
    for step in (0.0, -1.0, math.nan, math.inf):
        assert DirectionGate().consider(direction(-1.0, 0.0, step=step), gradient)[0] is Verdict.OUT_OF_RANGE


def test_a_level_that_refuses_three_directions_asks_no_more() -> None:
    gate = DirectionGate()
    gate.consider(direction(1.0, 0.0), vector(1.0, 0.0))
    gate.note_failure()
    assert not gate.is_off
    gate.consider(direction(1.0, 0.0), vector(1.0, 0.0))
    assert gate.is_off
    assert gate.consider(direction(-1.0, 0.0), vector(1.0, 0.0)) == (Verdict.SWITCHED_OFF, None)


def test_long_directions_and_steps_are_shortened() -> None:
    _, kept = DirectionGate().consider(direction(-30.0, 40.0), vector(1.0, 0.0))
    assert kept is not None
    np.testing.assert_allclose(kept.direction, [-12.0, 16.0])
    assert kept.step_length is None
    _, kept = DirectionGate().consider(direction(-3.0, 4.0, step=100.0), vector(1.0, 0.0))
    assert kept is not None
    assert kept.step_length == pytest.approx(4.0)


def test_trials_are_judged_by_armijo_and_curvature() -> None:
    judge = DirectionGate.judge_trial
    assert judge(1.0, -1.0, 0.5, -0.1, 1.0) is Verdict.ACCEPTED
    assert judge(1.0, -1.0, 1.0, -0.1, 1.0) is Verdict.STEP_NOT_ACCEPTABLE
    assert judge(1.0, -1.0, 0.5, -0.95, 1.0) is Verdict.STEP_NOT_ACCEPTABLE
    assert judge(1.0, -1.0, math.nan, -0.1, 1.0) is Verdict.NOT_FINITE
    assert judge(1.0, -1.0, 0.5, math.inf, 1.0) is Verdict.NOT_FINITE


STOP = StopAdvice(StopDecision.STOP_LEVEL, "enough")


def test_stops_wait_for_the_floor_and_three_iterations_without_gain() -> None:
    gate = StopGate()
    assert gate.consider(STOP, 3, 0.0, 1e-4).verdict is Verdict.TOO_EARLY
    first = gate.consider(STOP, 4, 0.0, 1e-4)
    assert (first.verdict, first.stops, gate.is_checking) == (None, False, True)
    assert not gate.consider(None, 5, 1e-5, 1e-4).stops
    assert not gate.consider(None, 6, 1e-5, 1e-4).stops
    last = gate.consider(None, 7, 1e-5, 1e-4)
    assert (last.granted, last.verdict, gate.is_checking) == (StopDecision.STOP_LEVEL, Verdict.ACCEPTED, False)


@pytest.mark.parametrize("gain", [1e-3, math.nan])
def test_a_check_that_still_gains_goes_on(gain: float) -> None:
    gate = StopGate()
    gate.consider(STOP, 9, 0.0, 1e-4)
    refused = gate.consider(STOP, 10, gain, 1e-4)
    assert (refused.verdict, refused.stops, gate.is_checking) == (Verdict.STILL_IMPROVING, False, False)
