"""The life of a process that runs one plugin."""

from __future__ import annotations

import json
import os
import queue
import signal
import sys
import threading
from collections.abc import Callable
from typing import Any

from dh_advisor_plugin.process.load import Loaded, Refused, describe, load_plugin
from dh_advisor_plugin.process.pipe import PIPE, Pipe
from dh_advisor_plugin.process.remote_models import RemoteModels
from dh_advisor_plugin.process.sessions import RunningSession
from dh_advisor_plugin.wire import plugin_pb2 as pb


class _HostLogger:
    def __init__(self, pipe: Pipe) -> None:
        self._pipe = pipe

    def debug(self, message: str, **fields: Any) -> None:
        self._line("debug", message, fields)

    def info(self, message: str, **fields: Any) -> None:
        self._line("info", message, fields)

    def warn(self, message: str, **fields: Any) -> None:
        self._line("warn", message, fields)

    def _line(self, level: str, message: str, fields: dict[str, Any]) -> None:
        line = pb.LogLine(level=level, message=str(message), fields_json=json.dumps(fields, default=str))
        self._pipe.send(log=line)


class PluginProcess:
    """The plugin's code runs on the thread that calls `run`, one thing after another; another one reads the pipe."""

    def __init__(self, pipe: Pipe) -> None:
        """Nothing runs yet."""
        self._pipe = pipe
        self._models = RemoteModels(pipe)
        self._logger = _HostLogger(pipe)
        self._work: queue.SimpleQueue[Callable[[], bool]] = queue.SimpleQueue()
        self._sessions: dict[int, RunningSession] = {}
        self._loaded: Loaded | None = None
        #: Calls that were aborted before the plugin's thread came to them.
        self._aborted: set[int] = set()

    def run(self) -> None:
        """Returns when the host has closed the plugin."""
        threading.Thread(target=self._read, name="dh-advisor pipe", daemon=True).start()
        self._threads = set(threading.enumerate())
        while self._work.get()():
            pass

    def _read(self) -> None:
        try:
            message = self._pipe.read()
            while message is not None:
                self._handle(message)
                message = self._pipe.read()
        finally:
            # The host is gone, or says what cannot be understood; the plugin's thread may never return.
            os._exit(0)

    def _handle(self, message: pb.HostMessage) -> None:
        kind = message.WhichOneof("body")
        if kind == "tell":
            self._later(lambda: self._tell(message.tell))
        elif kind == "model_answer":
            self._models.answer(message.model_answer)
        elif kind == "ping" and not self._models.is_awaited:
            self._later(lambda: self._pong(message.ping.number))
        elif kind == "ping":
            self._pong(message.ping.number)
        elif kind == "abort":
            self._abort(message.abort.call)
        elif kind == "open_session":
            self._later(lambda: self._open(message.open_session))
        elif kind == "close_session":
            self._later(lambda: self._close_session(message.close_session.session))
        elif kind == "load":
            self._later(lambda: self._load(message.load))
        elif kind == "close":
            self._work.put(self._close)

    def _later(self, work: Callable[[], object]) -> None:
        def and_go_on() -> bool:
            work()
            return True

        self._work.put(and_go_on)

    def _load(self, message: pb.Load) -> None:
        try:
            loaded = load_plugin(message, self._logger, self._models)
        except Refused as refused:
            self._pipe.send(refused=pb.Refused(code=refused.code, params=refused.params))
            return
        self._loaded = loaded
        wants = [pb.WantedTensor(kind=wanted.kind, every_n=wanted.every_n) for wanted in loaded.wants]
        self._pipe.send(loaded=pb.Loaded(wants=wants, asks_every_n=loaded.asks_every_n))

    def _open(self, message: pb.OpenSession) -> None:
        if self._loaded is not None:
            self._sessions[message.session] = RunningSession(self._loaded, message, self._pipe)

    def _tell(self, message: pb.Tell) -> None:
        session = self._sessions.get(message.session)
        if session is None:
            return
        if message.call and not message.is_replay:
            session.expect(message.call)
            if message.call in self._aborted:
                self._aborted.discard(message.call)
                session.abort(message.call)
        session.tell(message)
        self._aborted.discard(message.call)

    def _abort(self, call: int) -> None:
        # By the thread that reads: while the plugin's own is busy with the call, or with another.
        self._aborted.add(call)
        for session in list(self._sessions.values()):
            session.abort(call)

    def _close_session(self, number: int) -> None:
        session = self._sessions.pop(number, None)
        if session is not None:
            session.close()

    def _pong(self, number: int) -> None:
        self._pipe.send(pong=pb.Pong(number=number, memory_bytes=_resident_bytes()))

    def _close(self) -> bool:
        for number in list(self._sessions):
            self._close_session(number)
        dispose = getattr(self._loaded.plugin if self._loaded else None, "dispose", None)
        if dispose is not None:
            try:
                dispose()
            except Exception as error:
                self._logger.warn("plugin failed to dispose", problem=describe(error))
        left = [thread.name for thread in threading.enumerate() if thread not in self._threads]
        self._pipe.send(closed=pb.Closed(left_running=left))
        return False


def _resident_bytes() -> float:
    try:
        with open("/proc/self/statm", encoding="ascii") as file:
            return float(int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE"))
    except (OSError, ValueError):
        # Where the host cannot tell either; it then goes without a limit.
        return 0.0


def main() -> None:
    """Runs the plugin that the host names, until the host closes it."""
    # Meant for the host, which says here what it means for plugins.
    for name in ("SIGINT", "SIGTERM", "SIGHUP"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), signal.SIG_IGN)
    try:
        pipe = Pipe()
    except OSError as error:
        sys.exit(f"this is started by a host, with a pipe as file descriptor {PIPE}: {error}")
    PluginProcess(pipe).run()
    # A plugin may have left threads running.
    os._exit(0)
