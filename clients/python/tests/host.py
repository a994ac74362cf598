"""The real host in a process of its own, on free ports."""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Any

REPOSITORY = Path(__file__).parents[3]
SHIPPED_ROLES = """
  initialization: { plugin: warm-start, deadline_ms: 5000 }
  early-stopping: { plugin: plateau, deadline_ms: 1000 }
"""


class Host:
    """Serves until the end of the `with`. `log`: its lines, as far as they have been read."""

    def __init__(
        self,
        roles: str = SHIPPED_ROLES,
        more: str = "",
        server: str = "",
        environment: Mapping[str, str] | None = None,
        address: str = "127.0.0.1:0",
    ) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="dh-advisor-host-")
        config = Path(self._folder.name) / "host.yaml"
        config.write_text(
            f"version: 1\nserver: {{ address: '{address}', drain_ms: 100{server} }}\n"
            "operator: { address: '127.0.0.1:0' }\n"
            f"http: {{ address: '127.0.0.1:0' }}\n{more}\nroles:{roles}"
        )
        self.log: list[dict[str, Any]] = []
        command = ["node", str(REPOSITORY / "dist/src/main.js"), "serve", "--config", str(config)]
        self._process = subprocess.Popen(
            command, stdout=subprocess.PIPE, text=True, env=os.environ | dict(environment or {})
        )
        self.pid = self._process.pid
        serving = self.says("serving")
        self.address = str(serving["address"])
        self.http_address = str(serving["httpAddress"])

    def __enter__(self) -> Host:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.kill()
        self._folder.cleanup()

    def says(self, message: str) -> dict[str, Any]:
        """Reads on until the host logs `message`."""
        assert self._process.stdout is not None
        for line in self._process.stdout:
            entry = json.loads(line)
            self.log.append(entry)
            if entry["msg"] == message:
                return dict(entry)
        raise AssertionError(f"the host has ended without saying {message!r}: {self.log}")

    def kill(self) -> None:
        """At once, as a crash would."""
        self._process.kill()
        self._process.wait()
