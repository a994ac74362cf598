"""Models of the host, asked for over the pipe."""

from __future__ import annotations

import threading
from dataclasses import dataclass

from dh_advisor_plugin.errors import error_of
from dh_advisor_plugin.process.from_wire import decode_model_tensors, decode_signature
from dh_advisor_plugin.process.pipe import Pipe
from dh_advisor_plugin.process.to_wire import encode_model_tensors
from dh_advisor_plugin.services import Call, Model, ModelSignature, ModelTensors
from dh_advisor_plugin.wire import plugin_pb2 as pb

#: How often a wait looks whether its call was aborted.
_LOOK_S = 0.005


class _Waiting:
    def __init__(self) -> None:
        self.done = threading.Event()
        self.answer = pb.ModelAnswer()


@dataclass(frozen=True)
class _RemoteModel:
    id: str
    version: str
    sha256: str
    signature: ModelSignature
    models: RemoteModels
    name: str

    def run(self, inputs: ModelTensors, call: Call | None = None) -> ModelTensors:
        run = pb.RunModel(name=self.name, inputs=encode_model_tensors(inputs))
        return decode_model_tensors(self.models.ask(pb.ModelCall(run=run), call).outputs)


class RemoteModels:
    """The host's models. Safe to use from any thread but the one that reads the pipe."""

    def __init__(self, pipe: Pipe) -> None:
        """Nothing is asked yet."""
        self._pipe = pipe
        self._lock = threading.Lock()
        self._waiting: dict[int, _Waiting] = {}
        self._calls = 0

    @property
    def is_awaited(self) -> bool:
        """Whether somebody waits for the host: no sign of life of the plugin's thread can be asked for then."""
        return bool(self._waiting)

    def open(self, name: str) -> Model:
        """See `services.Models`."""
        model = self.ask(pb.ModelCall(open=name), None).model
        return _RemoteModel(model.id, model.version, model.sha256, decode_signature(model), self, name)

    def answer(self, answer: pb.ModelAnswer) -> None:
        """Called by the thread that reads the pipe."""
        waiting = self._waiting.get(answer.call)
        if waiting is not None:
            waiting.answer = answer
            waiting.done.set()

    def ask(self, message: pb.ModelCall, call: Call | None) -> pb.ModelAnswer:
        """Waits for the answer; raises what the host answered in its place."""
        waiting = _Waiting()
        message.call = self._next()
        self._waiting[message.call] = waiting
        try:
            self._pipe.send(model_call=message)
            is_aborted = False
            while not waiting.done.wait(None if call is None or is_aborted else _LOOK_S):
                if call is not None and call.is_aborted:
                    is_aborted = True
                    # The host then answers that it was given up.
                    self._pipe.send(model_call=pb.ModelCall(call=self._next(), abort=message.call))
        finally:
            del self._waiting[message.call]
        if waiting.answer.is_failed:
            raise error_of(waiting.answer.policy, waiting.answer.message)
        return waiting.answer

    def _next(self) -> int:
        with self._lock:
            self._calls += 1
            return self._calls
