"""Sessions keep their promise: no advice is a valid answer, whatever a host does."""

from __future__ import annotations

import threading
import time
from typing import Any

import numpy as np
import pytest
from scripted_host import ScriptedHost, accepted, echo
from sessions import N, finish, iteration, level_start, open_session, plan_start, vector

from dh_advisor_client import AdviceMode, Outcome, Role, StatusCode, TensorKind, Verdict
from dh_advisor_client.enums import StopDecision, StopReason
from dh_advisor_client.plan import Geometry, LevelEnd, StructureGeometry
from dh_advisor_client.session.options import SessionOptions, WaitBudget
from dh_advisor_client.session.session import Session
from dh_advisor_client.wire.generated import plan_advisor_pb2 as pb


def weights(event: pb.OptimizerEvent, values: Any, **header: Any) -> pb.AdvisorEvent:
    """An answer to a level start that proposes `values`."""
    answer = echo(event)
    start = answer.level.initialization
    fields: dict[str, Any] = {"role": Role.INITIALIZATION, "outcome": Outcome.APPLIED} | header
    for name, value in fields.items():
        setattr(start.header, name, value)
    array = np.asarray(values, dtype="<f8")
    start.weights.data_type, start.weights.data = 2, array.tobytes()
    start.weights.shape.append(array.size)
    return answer


def stop(event: pb.OptimizerEvent) -> pb.AdvisorEvent:
    answer = echo(event)
    advice = answer.iteration.early_stopping
    advice.header.role, advice.header.outcome = Role.EARLY_STOPPING, Outcome.APPLIED
    advice.decision, advice.explanation = StopDecision.STOP_LEVEL, "enough"
    return answer


def receipts(host: ScriptedHost) -> list[tuple[int, int]]:
    return [(receipt.role, receipt.verdict) for event in host.heard for receipt in event.receipts]


def test_a_whole_plan() -> None:
    script = {"level_start": lambda e: [weights(e, [0.0, 0.1, 0.2, 0.05])], "iteration": lambda e: [stop(e)]}
    with ScriptedHost(**script) as host:
        with open_session(host.address) as session:
            assert session.is_live
            assert session.session_id == "session-1"
            session.ask_geometry(Geometry([StructureGeometry(0, 1.0, 0.5, 0.0)]))
            advised = session.ask_level(level_start()).initial_weights
            assert advised is not None
            np.testing.assert_array_equal(advised, [0.0, 0.1, 0.2, 0.05])
            session.report(Role.INITIALIZATION, Verdict.ACCEPTED)
            tensors = {TensorKind.WEIGHTS: vector(0.0, 0.1, 0.2, 0.05)}
            answer = session.ask_iteration(iteration(0, tensors=tensors)).stop
            assert answer is not None
            assert (answer.decision, answer.explanation) == (StopDecision.STOP_LEVEL, "enough")
            session.tell_level_end(LevelEnd(0, 0, StopReason.ADVICE, 1, 5.0))
            assert session.finish(finish(final_weights=vector(0.0, 0.1, 0.2, 0.05))).ok
            assert (session.counters.questions, session.counters.answers) == (5, 5)
        assert host.ended.wait(5.0)
        kinds = [event.WhichOneof("event") for event in host.heard]
        assert kinds == ["start", "geometry", "level_start", "iteration", "level_end", "finish"]
        assert receipts(host) == [(Role.INITIALIZATION, Verdict.ACCEPTED)]


@pytest.mark.parametrize(
    ("answer", "verdict"),
    [
        (lambda e: weights(e, [0.1] * 3), Verdict.WRONG_LENGTH),
        (lambda e: weights(e, [0.1, 0.1, np.nan, 0.1]), Verdict.NOT_FINITE),
        (lambda e: weights(e, [0.1, 0.1, 0.3, 0.1]), Verdict.OUT_OF_RANGE),
        (lambda e: weights(e, [0.1] * 4, role=Role.EARLY_STOPPING), Verdict.WRONG_FRAME),
    ],
)
def test_values_that_are_none_are_refused_and_reported(answer: Any, verdict: Verdict) -> None:
    with ScriptedHost(level_start=lambda e: [answer(e)]) as host, open_session(host.address) as session:
        assert session.ask_level(level_start()).initial_weights is None
        assert session.is_live
        session.finish(finish())
        assert receipts(host) == [(Role.INITIALIZATION, verdict)]


def test_a_role_that_was_not_accepted_gives_nothing() -> None:
    plan = plan_start(accepts=[Role.EARLY_STOPPING])
    with ScriptedHost(level_start=lambda e: [weights(e, [0.1] * N)]) as host, open_session(host.address, plan) as one:
        assert one.ask_level(level_start()).initial_weights is None
        assert one.counters.verdicts == {(Role.INITIALIZATION, Verdict.NOT_ACCEPTED_ROLE): 1}


def test_bounds_have_room_for_rounding_and_values_come_out_inside() -> None:
    at_the_edge = [-0.0, 0.2 * (1 + 1e-12), 0.1, 0.2]
    with ScriptedHost(level_start=lambda e: [weights(e, at_the_edge)]) as host, open_session(host.address) as session:
        advised = session.ask_level(level_start()).initial_weights
        assert advised is not None
        assert advised.max() == 0.2


def test_what_a_plugin_said_is_kept_and_a_role_that_declined_has_ended() -> None:
    def declined(event: pb.OptimizerEvent) -> pb.AdvisorEvent:
        answer = echo(event)
        header = answer.level.initialization.header
        header.role, header.outcome = Role.INITIALIZATION, Outcome.DEFAULT
        header.reason, header.detail = "not-applicable", "the ceiling is another"
        return answer

    def wanting(event: pb.OptimizerEvent) -> pb.AdvisorEvent:
        answer = accepted()
        answer.accepted.wanted.add(kind=TensorKind.WEIGHTS, every_n=2, roles=[Role.INITIALIZATION])
        answer.accepted.wanted.add(kind=TensorKind.GRADIENT, every_n=0)
        answer.accepted.wanted.add(kind=99, every_n=1)
        answer.accepted.bindings.add(role=99, plugin="newer")
        return answer

    script = {"start": lambda e: [wanting(e)], "level_start": lambda e: [declined(e)]}
    with ScriptedHost(**script) as host, open_session(host.address) as session:
        assert [session.wants(TensorKind.WEIGHTS, k) for k in range(3)] == [True, False, True]
        assert session.wants(TensorKind.GRADIENT)
        assert not session.wants(TensorKind.GRADIENT, 0)
        session.ask_level(level_start())
        assert session.details == {Role.INITIALIZATION: "the ceiling is another"}
        assert session.has_declined(Role.INITIALIZATION)
        assert session.has_ended(Role.INITIALIZATION)
        assert not session.wants(TensorKind.WEIGHTS)


def test_nobody_there_is_said_at_once() -> None:
    begun = time.monotonic()
    with open_session("127.0.0.1:1") as session:
        assert not session.is_live
        assert session.status.code is StatusCode.UNREACHABLE
        assert session.ask_level(level_start()).initial_weights is None
        assert session.finish(finish()).code is StatusCode.UNREACHABLE
    assert time.monotonic() - begun < 5.0


def test_a_host_that_never_accepts_costs_the_deadline() -> None:
    with ScriptedHost(start=lambda e: []) as host:
        begun = time.monotonic()
        with open_session(host.address, connect_deadline_s=0.2) as session:
            assert session.status.code is StatusCode.DEADLINE_EXCEEDED
            assert 0.15 < time.monotonic() - begun < 3.0


def test_three_questions_without_an_answer_silence_the_session() -> None:
    with ScriptedHost(iteration=lambda e: []) as host, open_session(host.address, iteration_deadline_s=0.02) as session:
        session.ask_level(level_start())
        for k in range(10):
            session.ask_iteration(iteration(k))
        assert session.status.code is StatusCode.SWITCHED_OFF
        assert "3 unanswered questions" in session.status.message
        assert (session.counters.late, session.counters.questions) == (3, 5)
        assert host.ended.wait(5.0)


def test_a_late_answer_is_not_taken_for_the_next() -> None:
    release = threading.Event()

    def slow_once(event: pb.OptimizerEvent) -> list[pb.AdvisorEvent]:
        if event.iteration.iteration == 0:
            release.wait(5.0)
        return [stop(event)] if event.iteration.iteration == 0 else [echo(event)]

    with ScriptedHost(iteration=slow_once) as host, open_session(host.address, iteration_deadline_s=0.05) as session:
        session.ask_level(level_start())
        assert session.ask_iteration(iteration(0)).stop is None
        release.set()
        session._core.options = SessionOptions(address=host.address, iteration_deadline_s=10.0)
        assert session.ask_iteration(iteration(1)).stop is None
        assert (session.counters.late, session.counters.answers) == (1, 3)
        assert session.is_live


def test_foreign_and_doubled_answers_are_told_apart() -> None:
    def confused(event: pb.OptimizerEvent) -> list[pb.AdvisorEvent]:
        foreign = stop(event)
        foreign.iteration.level = 7
        return [echo(event), echo(event)] if event.iteration.iteration < 2 else [foreign]

    with ScriptedHost(iteration=confused) as host, open_session(host.address) as session:
        session.ask_level(level_start())
        for k in range(3):
            assert session.ask_iteration(iteration(k)).stop is None
        counters = session.counters
        assert (counters.duplicates, counters.wrong_frames) == (2, 1)
        assert counters.verdicts[Role.EARLY_STOPPING, Verdict.WRONG_FRAME] == 1


def test_a_flood_ends_the_session() -> None:
    notice = pb.AdvisorEvent()
    notice.notice.text = "listen"
    with ScriptedHost(iteration=lambda e: [notice] * 70) as host, open_session(host.address) as session:
        session.ask_level(level_start())
        session.ask_iteration(iteration())
        assert session.status.code is StatusCode.PROTOCOL_ERROR


def test_what_cannot_be_decoded_ends_the_session() -> None:
    with ScriptedHost(level_start=lambda e: [b"\xff\xff\xff"]) as host, open_session(host.address) as session:
        assert session.ask_level(level_start()).initial_weights is None
        assert session.status.code is StatusCode.PROTOCOL_ERROR


def test_a_host_that_closes_is_obeyed() -> None:
    def closing(event: pb.OptimizerEvent) -> list[pb.AdvisorEvent]:
        raise StopIteration

    with ScriptedHost(level_start=closing) as host, open_session(host.address) as session:
        assert session.ask_level(level_start()).initial_weights is None
        assert session.status.code in (StatusCode.CLOSED, StatusCode.REFUSED)


def test_shadow_mode_waits_for_nothing_and_hands_nothing_out() -> None:
    with ScriptedHost(level_start=lambda e: [weights(e, [0.1] * N)], iteration=lambda e: [stop(e)]) as host:
        with open_session(host.address, mode=AdviceMode.SHADOW) as session:
            assert session.ask_level(level_start()).initial_weights is None
            assert session.ask_iteration(iteration()).stop is None
            assert session.finish(finish()).ok
            verdicts = session.counters.verdicts
        shadow = {(Role.INITIALIZATION, Verdict.SHADOW): 1, (Role.EARLY_STOPPING, Verdict.SHADOW): 1}
        assert verdicts == shadow


def test_a_question_may_be_posted_and_its_answer_taken_later() -> None:
    with ScriptedHost(iteration=lambda e: [stop(e)]) as host, open_session(host.address) as session:
        session.ask_level(level_start())
        session.post_iteration(iteration(0))
        assert session.take_iteration().stop is not None
        assert session.take_iteration().stop is None


def test_defects_stay_inside() -> None:
    session = Session(SessionOptions(address=None), plan_start())  # type: ignore[arg-type]
    assert session.status.code in (StatusCode.FAULT, StatusCode.INVALID_INPUT)
    session.report(99, Verdict.ACCEPTED)  # type: ignore[arg-type]
    session.close()
    session.close()


def test_the_waiting_budget_is_an_allowance_and_a_share() -> None:
    budget = WaitBudget(SessionOptions(wait_share=0.5, wait_allowance_s=1.0, start_deadline_s=2.0))
    budget.add(1.9, is_iteration=False)
    budget.add(1.4, is_iteration=True)
    assert not budget.is_spent(1.0)
    budget.add(0.2, is_iteration=True)
    assert budget.is_spent(1.0)
    assert not budget.is_spent(2.0)
    budget.add(0.6, is_iteration=False)
    assert budget.is_spent(2.0)
    patient = WaitBudget(SessionOptions(iteration_deadline_s=1.5))
    patient.add(1e6, is_iteration=True)
    assert not patient.is_spent(0.0)


def test_a_host_that_answers_just_in_time_is_left_when_the_budget_is_spent() -> None:
    def slow(event: pb.OptimizerEvent) -> list[pb.AdvisorEvent]:
        time.sleep(0.03)  # A host's own slowness, which is what is tested.
        return [echo(event)]

    options = {"wait_share": 0.0, "wait_allowance_s": 0.1}
    with ScriptedHost(iteration=slow) as host, open_session(host.address, **options) as session:
        session.ask_level(level_start())
        for k in range(20):
            session.ask_iteration(iteration(k))
        assert session.status.code is StatusCode.SWITCHED_OFF
        assert "wait_allowance_s" in session.status.message
        assert session.counters.questions < 10
