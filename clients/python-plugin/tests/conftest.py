from __future__ import annotations

import json
import os
import socket
import struct
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from dh_advisor_plugin.wire import plugin_pb2 as pb


class HostSide:
    """Speaks to a process as a host does."""

    def __init__(self, folder: Path, code: str, settings: dict[str, Any], role: str) -> None:
        self._ours, theirs = socket.socketpair()
        self._ours.settimeout(20)
        (folder / "plugin.py").write_text(code)
        self.process = subprocess.Popen(
            [sys.executable, "-c", f"import os; os.dup2({theirs.fileno()}, 3); {_RUN}"],
            pass_fds=[theirs.fileno()],
            cwd=folder,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env={**os.environ, "PYTHONSAFEPATH": "1"},
        )
        theirs.close()
        manifest = {"id": "test", "role": role, "entry": "plugin.py"}
        load = pb.Load(
            folder=str(folder),
            manifest_json=json.dumps(manifest),
            settings_json=json.dumps(settings),
            role=role,
        )
        self.send(load=load)

    def send(self, **body: Any) -> None:
        message = pb.HostMessage(**body).SerializeToString()
        self._ours.sendall(struct.pack("<4sI", b"DHP1", len(message)) + message)

    def send_raw(self, data: bytes) -> None:
        self._ours.sendall(data)

    def hang_up(self) -> None:
        self._ours.close()

    def receive(self) -> pb.PluginMessage:
        magic, length = struct.unpack("<4sI", self._exactly(8))
        assert magic == b"DHP1"
        return pb.PluginMessage.FromString(self._exactly(length))

    def open(self, session: int = 1) -> None:
        level = pb.Level(level=0, beamlet_count=3)
        plan = pb.Plan(solver="lbfgs", levels=[level], weight_ceiling=0.2)
        message = pb.OpenSession(session=session, session_id="s", seed=7, plan=plan, history_iterations=4)
        self.send(open_session=message)

    def ask(self, call: int, iteration: int = 0, session: int = 1, **tell: Any) -> None:
        gradient = pb.Tensor(shape=[3], data=np.array([1.0, -2.0, 3.0]).tobytes())
        event = pb.Iteration(iteration=iteration, objective=5.0, tensors={"gradient": gradient})
        self.send(tell=pb.Tell(session=session, event=pb.Event(iteration=event), call=call, **tell))

    def stop(self) -> None:
        self.process.kill()
        self.process.communicate()
        self._ours.close()

    def _exactly(self, count: int) -> bytes:
        data = b""
        while len(data) < count:
            got = self._ours.recv(count - len(data))
            assert got, "the process hung up"
            data += got
        return data


_RUN = "from dh_advisor_plugin.process.run import main; main()"

Start = Callable[..., HostSide]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    hosts: list[HostSide] = []

    def begin(code: str, role: str = "step-direction", **settings: Any) -> HostSide:
        hosts.append(HostSide(tmp_path, code, settings, role))
        return hosts[-1]

    yield begin
    for host in hosts:
        host.stop()
