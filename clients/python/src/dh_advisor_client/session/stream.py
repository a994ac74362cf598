"""One bidirectional call to the host. Never blocks longer than it is told to, and never raises."""

from __future__ import annotations

import contextlib
import queue
import threading
import time
from dataclasses import dataclass

import grpc

from dh_advisor_client.session.options import SessionOptions
from dh_advisor_client.session.tls import channel_credentials
from dh_advisor_client.status import Status, StatusCode

_METHOD = "/dh.advisor.v1.PlanAdvisor/Advise"


@dataclass(frozen=True)
class End:
    """The call is over, and why."""

    status: Status


def _same(data: bytes) -> bytes:
    return data


class Stream:
    """Bytes of messages in both directions.

    A thread of its own reads, so that the connection stays alive however long the optimizer computes; another, of
    gRPC, writes. Everything else happens in the thread that uses it.
    """

    def __init__(self, to: SessionOptions) -> None:
        """Starts to connect, and returns at once. The options are in range."""
        options: list[tuple[str, int | str]] = [
            ("grpc.max_receive_message_length", to.message_limit_bytes),
            ("grpc.max_send_message_length", to.message_limit_bytes),
            # A broken plan stream can't be replayed by the transport, and its retry buffer would only grow.
            ("grpc.enable_retries", 0),
            # A connection of its own: streams that share one share its flow-control window, unfairly.
            ("grpc.use_local_subchannel_pool", 1),
            # Plain text to this machine or a private network does not belong in a proxy.
            ("grpc.enable_http_proxy", int(to.uses_http_proxy)),
        ]
        if to.tls is not None and to.tls.server_name:
            options.append(("grpc.ssl_target_name_override", to.tls.server_name))
        self._channel = (
            grpc.insecure_channel(to.address, options)
            if to.tls is None
            else grpc.secure_channel(to.address, channel_credentials(to.tls), options)
        )
        self._outgoing: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()
        self._incoming: queue.SimpleQueue[bytes | End] = queue.SimpleQueue()
        self._end: End | None = None
        method = self._channel.stream_stream(_METHOD, request_serializer=_same, response_deserializer=_same)
        self._call = method(iter(self._outgoing.get, None))
        self._reader = threading.Thread(target=self._read, name="dh-advisor-reader", daemon=True)
        self._reader.start()

    def write(self, message: bytes) -> None:
        """Sends as soon as the connection takes it."""
        self._outgoing.put(message)

    def next(self, until: float) -> bytes | End | None:
        """The next message; None when there is none by `until` (of `time.monotonic`). An end stays the end."""
        if self._end is not None:
            return self._end
        try:
            left_s = until - time.monotonic()
            got = self._incoming.get(timeout=left_s) if left_s > 0.0 else self._incoming.get_nowait()
        except queue.Empty:
            return None
        if isinstance(got, End):
            self._end = got
        return got

    def half_close(self) -> None:
        """Says that nothing more will come. The host then ends the call."""
        self._outgoing.put(None)

    def close(self) -> None:
        """Ends the call, whatever is under way."""
        self._outgoing.put(None)
        with contextlib.suppress(Exception):
            self._call.cancel()  # type: ignore[no-untyped-call]
            self._channel.close()
        self._reader.join(timeout=1.0)

    def _read(self) -> None:
        status = Status(StatusCode.CLOSED, "the advisor closed the stream")
        try:
            for message in self._call:
                self._incoming.put(message)
        except grpc.RpcError as fault:
            status = _status_of(fault)
        except Exception as fault:
            status = Status(StatusCode.FAULT, f"the connection failed: {fault}")
        finally:
            self._incoming.put(End(status))
            # Lets gRPC's writing thread end, too.
            self._outgoing.put(None)


def _status_of(fault: grpc.RpcError) -> Status:
    code, details = fault.code(), fault.details()
    if code is grpc.StatusCode.UNAVAILABLE:
        return Status(StatusCode.UNREACHABLE, f"no advisor reached: {details}")
    return Status(StatusCode.REFUSED, f"the advisor ended the stream: {details} (gRPC status {code.name})")
