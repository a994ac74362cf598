"""A broken connection is taken up again at the next stage, or the plan goes on without advice."""

from __future__ import annotations

import time
from collections.abc import Callable

import numpy as np
import pytest
from scripted_host import Answer, ScriptedHost, accepted, echo
from sessions import finish, iteration, level_start, open_session

from dh_advisor_client import Role, StatusCode, TensorKind
from dh_advisor_client.plan import Geometry, StructureGeometry
from dh_advisor_client.session.session import Session
from dh_advisor_client.wire.generated import plan_advisor_pb2 as pb

GEOMETRY = Geometry([StructureGeometry(0, 0.9, 0.5, 0.0)])


def accepting(*, takes_over: bool = False, session: str = "session-1") -> Answer:
    """Takes whoever comes, with a token that counts the starts."""
    starts = 0

    def accept(_: pb.OptimizerEvent) -> list[pb.AdvisorEvent | bytes]:
        nonlocal starts
        starts += 1
        answer = accepted()
        answer.accepted.session_id = session
        answer.accepted.resume_token = f"token {starts}".encode()
        answer.accepted.is_taken_over = takes_over
        return [answer]

    return accept


def both(first: ScriptedHost, second: ScriptedHost) -> str:
    """One address of two hosts, as a name server would have it."""
    return f"ipv4:{first.address},{second.address}"


def lose(session: Session, host: ScriptedHost) -> None:
    """Ends the host, and has the session see it."""
    host.stop()
    until = time.monotonic() + 60.0
    while session.is_live and time.monotonic() < until:
        session.ask_iteration(iteration(0))


def tokens(host: ScriptedHost) -> list[bytes]:
    return [event.start.resume_token for event in host.heard if event.HasField("start")]


def test_goes_on_at_the_next_stage_with_the_newest_token() -> None:
    with ScriptedHost(start=accepting()) as first, ScriptedHost(start=accepting()) as second:
        with open_session(both(first, second)) as session:
            session.ask_geometry(GEOMETRY)
            session.ask_level(level_start())
            lose(session, first)
            assert session.status.code is StatusCode.UNREACHABLE
            assert session.may_resume
            assert not session.is_served(Role.INITIALIZATION)
            session.ask_level(level_start(stage=1))
            assert session.is_live
            assert session.status.ok
            assert session.finish(finish()).ok
            assert session.counters.resumptions == 1
    assert tokens(first) == [b""]
    assert tokens(second) == [b"token 1"]
    assert [event.WhichOneof("event") for event in second.heard] == ["start", "level_start", "finish"]


def test_tells_a_host_that_took_it_over_the_geometry_once_more() -> None:
    with ScriptedHost(start=accepting()) as first, ScriptedHost(start=accepting(takes_over=True)) as second:
        with open_session(both(first, second)) as session:
            session.ask_geometry(GEOMETRY)
            session.ask_level(level_start())
            lose(session, first)
            assert session.resume()
            assert session.finish(finish()).ok
    assert [event.WhichOneof("event") for event in second.heard] == ["start", "geometry", "finish"]
    assert second.heard[1] == next(event for event in first.heard if event.HasField("geometry"))


def test_a_plan_that_broke_in_its_last_stage_is_booked() -> None:
    with ScriptedHost(start=accepting()) as first, ScriptedHost(start=accepting()) as second:
        with open_session(both(first, second)) as session:
            session.ask_level(level_start())
            lose(session, first)
            assert session.finish(finish()).ok
    assert second.heard[-1].HasField("finish")


def test_does_not_go_on_without_its_volumes() -> None:
    def wanting(event: pb.OptimizerEvent) -> list[pb.AdvisorEvent | bytes]:
        (answer,) = accepting()(event)
        return [answer]

    with ScriptedHost(start=wanting) as first, ScriptedHost(start=accepting(takes_over=True)) as second:
        with open_session(both(first, second)) as session:
            session.send_volume(TensorKind.CT, np.zeros((2, 2, 2), dtype=np.int16), (1.0, 1.0, 1.0))
            session.ask_level(level_start())
            lose(session, first)
            assert not session.resume()
            assert session.status.code is StatusCode.CLOSED
            assert not session.may_resume


@pytest.mark.parametrize(
    ("start", "code"),
    [
        (lambda _: [echo(pb.OptimizerEvent(finish={}))], StatusCode.UNREACHABLE),
        (accepting(session="other"), StatusCode.PROTOCOL_ERROR),
    ],
)
def test_takes_nothing_else_for_its_session(start: Callable[..., list[pb.AdvisorEvent]], code: StatusCode) -> None:
    with ScriptedHost(start=accepting()) as first, ScriptedHost(start=start) as second:
        with open_session(both(first, second)) as session:
            session.ask_level(level_start())
            lose(session, first)
            assert not session.resume()
            assert not session.is_live
            assert session.status.code is code
            assert session.may_resume == (code is StatusCode.UNREACHABLE)


def test_tries_in_bounds() -> None:
    with ScriptedHost(start=accepting()) as first, open_session(first.address) as session:
        session.ask_level(level_start())
        lose(session, first)
        asked = session.counters.questions
        begun = time.monotonic()
        for stage in range(1, 2000):
            session.ask_level(level_start(stage=stage))
        assert session.counters.questions <= asked + 8
        assert session.status.code is StatusCode.UNREACHABLE
        assert time.monotonic() - begun < 60.0


def test_waits_within_the_budget_of_the_plan() -> None:
    silent: Answer = lambda _: []  # noqa: E731
    with ScriptedHost(start=accepting()) as first, ScriptedHost(start=silent) as second:
        options = {"start_deadline_s": 0.2, "wait_share": 0.0, "wait_allowance_s": 0.0}
        with open_session(both(first, second), **options) as session:
            session.ask_level(level_start())
            lose(session, first)
            until = time.monotonic() + 60.0
            while session.may_resume and time.monotonic() < until:
                session.resume()
            # One start deadline is free, and each try waits for half of one.
            assert len(tokens(second)) <= 4
            assert session.status.code is StatusCode.SWITCHED_OFF
            assert not session.is_live
