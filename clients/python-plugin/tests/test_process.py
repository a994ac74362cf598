"""What runs a plugin, spoken to as a host does."""

from __future__ import annotations

import time

import numpy as np
import pytest
from conftest import HostSide, Start

from dh_advisor_plugin.process.from_wire import decode_plan
from dh_advisor_plugin.wire import plugin_pb2 as pb

HEAD = """
import threading, time, sys
import numpy as np
from dh_advisor_plugin import *

class Config(Settings):
    factor: float = 1.0

class P:
    def __init__(self, context):
        self.context = context
    def open_session(self, view):
        self.view = view
        return self
    def advise(self, question, call):
        {advise}

plugin = define_plugin(role="step-direction", config=Config, create=P,
                       wants=lambda c: [WantedTensor("gradient", 1)])
"""


def advising(statement: str) -> str:
    return HEAD.replace("{advise}", statement)


def loaded(host: HostSide) -> HostSide:
    assert host.receive().WhichOneof("body") == "loaded"
    host.open()
    return host


@pytest.mark.parametrize(
    ("code", "settings", "expected", "words"),
    [
        ("import no_such_module", {}, "plugin-entry", "no_such_module"),
        ("x = 1", {}, "plugin-entry", "define_plugin"),
        ("raise SystemError('at import')", {}, "plugin-entry", "at import"),
        (
            advising("pass").replace('role="step-direction"', 'role="initialization"'),
            {},
            "plugin-role",
            "initialization",
        ),
        (advising("pass"), {"no_such": 1}, "plugin-settings", "no_such"),
        (advising("pass"), {"factor": "many"}, "plugin-settings", "factor"),
        (advising("pass").replace("config=Config", "config=dict"), {}, "plugin-schema", "Settings"),
        (advising("pass").replace("create=P", "create=lambda c: 1"), {}, "plugin-create-failed", "open_session"),
        (advising("pass").replace("create=P", "create=lambda c: 1 / 0"), {}, "plugin-create-failed", "ZeroDivision"),
    ],
)
def test_refuses_what_cannot_be_used(
    start: Start, code: str, settings: dict[str, object], expected: str, words: str
) -> None:
    refused = start(code, **settings).receive().refused
    assert refused.code == expected
    assert words in str(dict(refused.params))


def test_says_what_it_wants_and_answers(start: Start) -> None:
    code = advising("return StepDirectionAdvice(direction=-self.context.config.factor * question.tensors['gradient'])")
    host = start(code, factor=2.0)
    wants = host.receive().loaded.wants
    assert [(wanted.kind, wanted.every_n) for wanted in wants] == [("gradient", 1)]
    host.open()
    host.ask(call=1)
    answer = host.receive().answer
    assert answer.call == 1
    assert np.frombuffer(answer.advice.step_direction.direction).tolist() == [-2.0, 4.0, -6.0]


@pytest.mark.parametrize(
    ("statement", "policy", "words"),
    [
        ("raise RetryLater('soon')", "retry-later", "soon"),
        ("raise NotApplicable('never')", "not-applicable", "never"),
        ("raise InvalidInput('what')", "invalid-input", "what"),
        ("raise ModelUnavailable('gone')", "model-unavailable", "gone"),
        ("raise ValueError('a defect')", "", "a defect"),
        ("return 5", "", "StepDirectionAdvice"),
        ("return EarlyStoppingAdvice(decision='stop-all')", "", "StepDirectionAdvice"),
        ("return StepDirectionAdvice(direction='north')", "", "north"),
        ("return StepDirectionAdvice(direction=np.zeros((2, 2)))", "", "vector"),
        ("return StepDirectionAdvice(direction=[0.0], space=1)", "", ""),
        ("question.tensors['gradient'][0] = 1.0", "", "read-only"),
    ],
)
def test_tells_what_was_raised_and_goes_on(start: Start, statement: str, policy: str, words: str) -> None:
    host = loaded(start(advising(statement)))
    for call in (1, 2):
        host.ask(call=call, iteration=call)
        failed = host.receive().failed
        assert (failed.session, failed.call, failed.policy) == (1, call, policy)
        assert words in failed.message
        assert bool(failed.trace) == (policy == "")


def test_none_is_no_advice(start: Start) -> None:
    host = loaded(start(advising("return None")))
    host.ask(call=3)
    answer = host.receive().answer
    assert answer.call == 3
    assert not answer.HasField("advice")


def test_sees_an_abort_while_it_works(start: Start) -> None:
    host = loaded(start(advising("[time.sleep(0.01) for _ in iter(lambda: call.is_aborted, True)]; return None")))
    host.ask(call=1)
    time.sleep(0.2)
    host.send(abort=pb.Abort(call=1))
    assert host.receive().answer.call == 1


def test_an_abort_reaches_a_question_that_waits_behind_another(start: Start) -> None:
    statement = "[time.sleep(0.01) for _ in iter(lambda: call.is_aborted, True)]; return None"
    host = loaded(start(advising(statement)))
    host.ask(call=1)
    host.ask(call=2, iteration=1)
    host.send(abort=pb.Abort(call=2))
    host.send(abort=pb.Abort(call=1))
    assert [host.receive().answer.call, host.receive().answer.call] == [1, 2]


def test_forgets_beyond_the_bound_of_history(start: Start) -> None:
    statement = "s = self.view.stages[-1]; raise RetryLater(f'{len(s.iterations)} {s.dropped_iterations}')"
    host = loaded(start(advising(statement)))
    host.send(tell=pb.Tell(session=1, event=pb.Event(level_start=pb.LevelStart(beamlet_count=3))))
    seen = []
    for call in range(1, 7):
        host.ask(call=call, iteration=call - 1)
        seen.append(host.receive().failed.message)
    assert seen == ["1 0", "2 0", "3 0", "4 0", "3 2", "4 2"]


def test_asks_the_host_for_models(start: Start) -> None:
    statement = (
        "m = self.context.models.open('net'); o = m.run({'x': np.ones(2, np.float32)}, call); "
        "return StepDirectionAdvice(direction=o['y'].astype(float) * len(m.signature.inputs))"
    )
    host = loaded(start(advising(statement)))
    host.ask(call=1)
    opening = host.receive().model_call
    assert opening.open == "net"
    signature = pb.TensorSignature(name="x", type="float32", shape=["batch", "2"])
    model = pb.Model(id="net", version="3", sha256="0", role="step-direction", inputs=[signature])
    host.send(model_answer=pb.ModelAnswer(call=opening.call, model=model))
    running = host.receive().model_call
    assert running.run.name == "net"
    assert np.frombuffer(running.run.inputs["x"].data, "<f4").tolist() == [1.0, 1.0]
    # While it waits for the host it is asked whether it lives.
    host.send(ping=pb.Ping(number=9))
    assert host.receive().pong.number == 9
    outputs = {"y": pb.ModelTensor(type="float32", shape=[3], data=np.array([1, 2, 3], "<f4").tobytes())}
    host.send(model_answer=pb.ModelAnswer(call=running.call, outputs=outputs))
    assert np.frombuffer(host.receive().answer.advice.step_direction.direction).tolist() == [1.0, 2.0, 3.0]


def test_a_model_that_fails_is_the_plugins_failure(start: Start) -> None:
    host = loaded(start(advising("self.context.models.open('net')")))
    host.ask(call=1)
    opening = host.receive().model_call
    answer = pb.ModelAnswer(call=opening.call, is_failed=True, policy="model-unavailable", message="none of it")
    host.send(model_answer=answer)
    failed = host.receive().failed
    assert (failed.policy, failed.message) == ("model-unavailable", "none of it")


def test_does_not_answer_a_ping_while_it_hangs(start: Start) -> None:
    host = loaded(start(advising("time.sleep(1.0); return None")))
    host.ask(call=1)
    host.send(ping=pb.Ping(number=1))
    # In the order of its work.
    assert host.receive().WhichOneof("body") == "answer"
    assert host.receive().pong.memory_bytes > 0


def test_replays_without_answers(start: Start) -> None:
    host = loaded(start(advising("self.n = getattr(self, 'n', 0) + 1; raise RetryLater(str(self.n))")))
    host.ask(call=4, is_replay=True)
    host.ask(call=0, iteration=1, is_replay=True)
    host.ask(call=5, iteration=2)
    failed = host.receive().failed
    assert (failed.call, failed.message) == (5, "2")


def test_names_the_threads_that_are_left(start: Start) -> None:
    statement = "threading.Thread(target=time.sleep, args=(60,), name='left', daemon=True).start(); return None"
    host = loaded(start(advising(statement)))
    host.ask(call=1)
    host.receive()
    host.send(close=pb.Close())
    assert list(host.receive().closed.left_running) == ["left"]
    assert host.process.wait(10) == 0


@pytest.mark.parametrize("how", ["hang up", "rubbish"])
def test_ends_without_a_host_even_while_it_loops(start: Start, how: str) -> None:
    host = loaded(start(advising("\n        while True: pass")))
    host.ask(call=1)
    if how == "hang up":
        host.hang_up()
    else:
        host.send_raw(b"rubbish" * 10)
    assert host.process.wait(10) == 0


def test_sys_exit_ends_it(start: Start) -> None:
    host = loaded(start(advising("sys.exit(5)")))
    host.ask(call=1)
    assert host.process.wait(10) == 5


def test_a_plan_says_its_quality_and_is_balanced_otherwise() -> None:
    assert decode_plan(pb.Plan(solver="lbfgs", quality="fast")).quality == "fast"
    assert decode_plan(pb.Plan(solver="lbfgs")).quality == "balanced"
