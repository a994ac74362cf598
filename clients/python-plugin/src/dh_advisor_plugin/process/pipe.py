"""Messages on the pipe that the host holds the other end of."""

from __future__ import annotations

import socket
import struct
import threading
from typing import Any

from dh_advisor_plugin.wire import plugin_pb2 as pb

#: File descriptor of the pipe; nothing that a plugin prints goes there.
PIPE = 3
_MAGIC = b"DHP1"
_HEADER = struct.Struct("<4sI")


class Pipe:
    """Reads from one thread, writes from any."""

    def __init__(self, descriptor: int = PIPE) -> None:
        """The descriptor is a connected stream."""
        self._socket = socket.socket(fileno=descriptor)
        self._socket.set_inheritable(False)
        self._lock = threading.Lock()

    def read(self) -> pb.HostMessage | None:
        """The next message; None when the host is gone."""
        header = self._exactly(_HEADER.size)
        if header is None:
            return None
        magic, length = _HEADER.unpack(header)
        if magic != _MAGIC:
            raise ValueError("what came is no message")
        body = self._exactly(length)
        return None if body is None else pb.HostMessage.FromString(body)

    def send(self, **body: Any) -> None:
        """Sends a message with one of its kinds set."""
        message = pb.PluginMessage(**body).SerializeToString()
        with self._lock:
            self._socket.sendall(_HEADER.pack(_MAGIC, len(message)) + message)

    def _exactly(self, count: int) -> bytes | None:
        parts = bytearray(count)
        view = memoryview(parts)
        done = 0
        while done < count:
            got = self._socket.recv_into(view[done:])
            if got == 0:
                return None
            done += got
        return bytes(parts)
