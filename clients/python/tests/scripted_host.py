"""A host that says what a test wants: for each event of the client, what to send."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent import futures
from types import TracebackType

import grpc

from dh_advisor_client.wire.generated import plan_advisor_pb2 as pb

METHOD = "Advise"
Answer = Callable[[pb.OptimizerEvent], list[pb.AdvisorEvent | bytes]]


def accepted() -> pb.AdvisorEvent:
    """All roles are served by plugins that want nothing."""
    event = pb.AdvisorEvent()
    event.accepted.session_id = "session-1"
    for role in range(1, 7):
        event.accepted.bindings.add(role=role, plugin="scripted")
    return event


def echo(event: pb.OptimizerEvent) -> pb.AdvisorEvent:
    """The right answer, without any advice."""
    answer = pb.AdvisorEvent()
    kind = event.WhichOneof("event")
    if kind == "start":
        return accepted()
    if kind == "geometry":
        answer.geometry.SetInParent()
    elif kind == "level_start":
        answer.level.level, answer.level.stage = event.level_start.level, event.level_start.stage
    elif kind == "iteration":
        of = event.iteration
        answer.iteration.level, answer.iteration.stage, answer.iteration.iteration = of.level, of.stage, of.iteration
    elif kind == "finish":
        answer.summary.SetInParent()
    return answer


class ScriptedHost:
    """`script` gives the answers to one event; what is left out is answered rightly. `heard`: all events."""

    def __init__(self, **script: Answer) -> None:
        self.heard: list[pb.OptimizerEvent] = []
        self.ended = threading.Event()
        self._script = script
        self._server = grpc.server(futures.ThreadPoolExecutor(4))
        handler = grpc.stream_stream_rpc_method_handler(
            self._advise,
            request_deserializer=pb.OptimizerEvent.FromString,
            response_serializer=lambda event: event if isinstance(event, bytes) else event.SerializeToString(),
        )
        service = grpc.method_handlers_generic_handler("dh.advisor.v1.PlanAdvisor", {METHOD: handler})
        self._server.add_generic_rpc_handlers((service,))
        self.address = f"127.0.0.1:{self._server.add_insecure_port('127.0.0.1:0')}"
        self._server.start()

    def __enter__(self) -> ScriptedHost:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def stop(self) -> None:
        """Drops every connection at once."""
        self._server.stop(None).wait()

    def _advise(
        self, events: Iterator[pb.OptimizerEvent], context: grpc.ServicerContext
    ) -> Iterator[pb.AdvisorEvent | bytes]:
        for event in events:
            self.heard.append(event)
            kind = event.WhichOneof("event")
            if kind in self._script:
                yield from self._script[kind](event)
            elif kind not in ("volume_chunk", "level_end"):
                yield echo(event)
        self.ended.set()
