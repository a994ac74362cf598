"""A plan goes on at the real host: after its connection was cut, after a restart, and at another host."""

from __future__ import annotations

import json
import socket
import sqlite3
import subprocess
import threading
import time
from pathlib import Path
from typing import Any

import pytest
from host import REPOSITORY, Host
from sessions import finish, iteration, level_start, open_session

from dh_advisor_client import StatusCode
from dh_advisor_client.enums import StopReason
from dh_advisor_client.plan import LevelEnd
from dh_advisor_client.session.session import Session

ROLES = """
  early-stopping: { plugin: plateau, deadline_ms: 5000 }
"""
EXPERIMENT = """
experiments:
  - id: patience
    unit: plan
    arms:
      - { id: shipped, weight: 1 }
      - { id: patient, weight: 1, roles: { early-stopping: { plugin: plateau, settings: { window: 9 } } } }
    control: shipped
    primary: { metric: iterations, direction: lower }
    planned_plans: 100
"""


class Relay:
    """Carries bytes to a host until its connections are cut."""

    def __init__(self, target: str) -> None:
        name, port = target.rsplit(":", 1)
        self._target = (name, int(port))
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._open: list[socket.socket] = []
        self.address = f"127.0.0.1:{self._listener.getsockname()[1]}"
        threading.Thread(target=self._accept, daemon=True).start()

    def cut(self) -> None:
        for each in self._open:
            with_linger = b"\x01\x00\x00\x00\x00\x00\x00\x00"
            each.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, with_linger)
            each.shutdown(socket.SHUT_RDWR)
        self._open.clear()

    def close(self) -> None:
        self._listener.close()
        self.cut()

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            host = socket.create_connection(self._target)
            self._open += [client, host]
            for source, sink in ((client, host), (host, client)):
                threading.Thread(target=self._carry, args=(source, sink), daemon=True).start()

    @staticmethod
    def _carry(source: socket.socket, sink: socket.socket) -> None:
        try:
            while data := source.recv(65536):
                sink.sendall(data)
        except OSError:
            return


def shared(folder: Path) -> str:
    """What hosts share that may take over each other's plans."""
    storage = f"storage: {{ url: 'file:{folder}/experiments.db', deadline_ms: 5000 }}"
    return f"journals: {{ directory: {folder}/journals }}\n{storage}\n{EXPERIMENT}"


def begin(session: Session) -> None:
    assert session.is_live, session.status.message
    session.ask_level(level_start())
    session.ask_iteration(iteration(0))


def wait_for(is_there: Any) -> None:
    until = time.monotonic() + 60.0
    while not is_there():
        assert time.monotonic() < until
        time.sleep(0.02)


def lose(session: Session) -> None:
    """Has the session see that its host is gone; an optimizer sees it with the next question."""
    k = 1
    until = time.monotonic() + 60.0
    while session.is_live and time.monotonic() < until:
        session.ask_iteration(iteration(k))
        k += 1
    assert session.status.code is StatusCode.UNREACHABLE


def come_back(session: Session) -> None:
    """The next stages of a plan, until one is advised; each asks as often as it may."""
    until = time.monotonic() + 60.0
    stage = 1
    while not session.is_live and session.may_resume and time.monotonic() < until:
        session.ask_level(level_start(stage=stage))
        stage += 1
    assert session.is_live, session.status.message
    session.tell_level_end(LevelEnd(0, stage - 1, StopReason.TOLERANCE, 1, 5.0))


def journal_of(folder: Path, session: Session, part: str = "") -> Path:
    return folder / "journals" / f"{session.session_id}{part}.journal"


def verified(path: Path, head: str) -> dict[str, Any]:
    command = ["node", str(REPOSITORY / "dist/src/main.js"), "verify", str(path), "--head", head, "--json"]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    return dict(json.loads(run.stdout))


def check_whole(folder: Path, session: Session, part: str, before: Any) -> None:
    """The same arm and versions to the end, and a journal that proves it."""
    assert session.finish(finish()).ok, session.status.message
    after = session.provenance
    assert after is not None
    assert (after.session_id, after.bindings) == before
    assert after.resumptions == 1
    path = journal_of(folder, session, part)
    wait_for(lambda: path.exists() and '"kind":"close"' in path.read_text())
    assert verified(path, after.journal_sha256)["is_proven"]


def test_after_a_cut_connection(tmp_path: Path) -> None:
    with Host(ROLES, shared(tmp_path)) as host:
        relay = Relay(host.address)
        with open_session(relay.address) as session:
            begin(session)
            before = (session.session_id, session.bindings)
            relay.cut()
            lose(session)
            come_back(session)
            check_whole(tmp_path, session, "", before)
        relay.close()


@pytest.mark.parametrize("is_elsewhere", [False, True], ids=["restarted", "another"])
def test_after_the_host_was_killed(tmp_path: Path, is_elsewhere: bool) -> None:
    first = Host(ROLES, shared(tmp_path))
    with socket.create_server(("127.0.0.1", 0)) as free:
        other = f"127.0.0.1:{free.getsockname()[1]}"
    with first, open_session(f"ipv4:{first.address},{other}") as session:
        begin(session)
        before = (session.session_id, session.bindings)
        assert any(binding.arm.startswith("patience/") for binding in session.bindings)
        wait_for(lambda: journal_of(tmp_path, session).exists())
        first.kill()
        lose(session)
        # Without advice in between, and it says so.
        assert session.ask_level(level_start(stage=1)).initial_weights is None
        assert not session.is_live
        with Host(ROLES, shared(tmp_path), address=other if is_elsewhere else first.address):
            come_back(session)
            check_whole(tmp_path, session, ".1", before)
        with sqlite3.connect(tmp_path / "experiments.db") as database:
            assert database.execute("select session, status from outcomes").fetchall() == [(before[0], "finished")]


def test_other_versions_refuse_it(tmp_path: Path) -> None:
    first = Host(ROLES, shared(tmp_path))
    with first, open_session(first.address) as session:
        begin(session)
        wait_for(lambda: journal_of(tmp_path, session).exists())
        first.kill()
        lose(session)
        with Host("\n  initialization: { plugin: uniform }\n", shared(tmp_path), address=first.address):
            wait_for(lambda: session.resume() or not session.may_resume)
            assert session.status.code is StatusCode.REFUSED
            assert not session.is_live
