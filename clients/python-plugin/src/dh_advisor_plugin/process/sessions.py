"""Sessions of a plugin: their views, their states, and the questions on their way."""

from __future__ import annotations

import threading
import traceback
from typing import Any

from dh_advisor_plugin.definition import Session
from dh_advisor_plugin.errors import PluginError
from dh_advisor_plugin.process.from_wire import decode_event, decode_plan, decode_volume
from dh_advisor_plugin.process.history import add_event, question_of
from dh_advisor_plugin.process.load import Loaded, describe
from dh_advisor_plugin.process.pipe import Pipe
from dh_advisor_plugin.process.to_wire import encode_advice
from dh_advisor_plugin.views import Event, Receipt, SessionView
from dh_advisor_plugin.wire import plugin_pb2 as pb


class RunningCall:
    """A question on its way."""

    def __init__(self) -> None:
        """Somebody waits for it."""
        self._aborted = threading.Event()

    @property
    def is_aborted(self) -> bool:
        """Whether nobody waits any more."""
        return self._aborted.is_set()

    def abort(self) -> None:
        """Nobody does from now on."""
        self._aborted.set()


class RunningSession:
    """One session. Used from the plugin's thread, `abort` excepted."""

    def __init__(self, loaded: Loaded, message: pb.OpenSession, pipe: Pipe) -> None:
        """Opens the plugin's own session; what it raises is the answer to every question."""
        self._loaded = loaded
        self._pipe = pipe
        self._id = message.session
        self._history_iterations = message.history_iterations
        self._view = SessionView(message.session_id, message.seed, decode_plan(message.plan))
        self._last: Event | None = None
        self._calls: dict[int, RunningCall] = {}
        self._session: Session[Any, Any] | None = None
        self._problem: Exception | None = None
        try:
            self._session = loaded.plugin.open_session(self._view)
            if not callable(getattr(self._session, "advise", None)):
                kind = type(self._session).__name__
                self._session = None
                raise TypeError(f"`open_session` returned {kind}, without a method `advise`")
        except Exception as error:
            self._problem = error

    def expect(self, call: int) -> None:
        """A question is on its way. Called by the thread that reads, so that an abort finds it."""
        self._calls[call] = RunningCall()

    def abort(self, call: int) -> None:
        """Nobody waits for the answer any more."""
        running = self._calls.get(call)
        if running is not None:
            running.abort()

    def tell(self, message: pb.Tell) -> None:
        """Takes an event, and answers the question about it."""
        try:
            if message.HasField("event"):
                self._take(message)
        except Exception as error:
            self._failed(message.call, error)
            return
        if message.call == 0:
            return
        if message.is_replay:
            self._answer_again()
        else:
            self._answer(message.call)

    def close(self) -> None:
        """Disposes of the plugin's own session."""
        for running in self._calls.values():
            running.abort()
        dispose = getattr(self._session, "dispose", None)
        if dispose is None:
            return
        try:
            dispose()
        except Exception as error:
            self._failed(0, error)

    def _take(self, message: pb.Tell) -> None:
        if message.event.HasField("volume"):
            volume = message.event.volume
            self._view.volumes[volume.kind] = decode_volume(volume)
            return
        event = decode_event(message.event)
        if not isinstance(event, Receipt):
            self._last = event
        add_event(self._view, event, self._history_iterations)
        observe = getattr(self._session, "observe", None)
        if observe is None or message.is_silent:
            return
        try:
            observe(event)
        except Exception as error:
            # What is replayed was told when it happened first.
            if not message.is_replay:
                self._failed(0, error)

    def _ask(self, call: RunningCall) -> object:
        if self._session is None:
            raise self._problem or RuntimeError("no session")
        question = question_of(self._loaded.role, self._last, self._loaded.asks_every_n)
        return None if question is None else self._session.advise(question, call)

    def _answer(self, call: int) -> None:
        running = self._calls.setdefault(call, RunningCall())
        try:
            value = self._ask(running)
            advice = None if value is None else encode_advice(self._loaded.role, value)
        except Exception as error:
            self._failed(call, error)
        else:
            self._pipe.send(answer=pb.Answer(call=call, advice=advice))
        finally:
            self._calls.pop(call, None)

    def _answer_again(self) -> None:
        try:
            self._ask(RunningCall())
        except Exception:
            # Was told when it happened first.
            return

    def _failed(self, call: int, error: Exception) -> None:
        policy = error.policy if isinstance(error, PluginError) else ""
        message = str(error) if policy else describe(error)
        trace = "" if policy else "".join(traceback.format_exception(error))
        self._pipe.send(failed=pb.Failed(session=self._id, call=call, policy=policy, message=message, trace=trace))
