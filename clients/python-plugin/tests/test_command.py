from __future__ import annotations

import subprocess
import sys

import pytest

from dh_advisor_plugin.__main__ import main


def test_check_says_what_is_missing(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "folder", "--dh-advisor", "no-such-command"]) == 2
    assert "install dh-advisor" in capsys.readouterr().err


def test_a_process_without_a_host_says_so() -> None:
    command = [sys.executable, "-m", "dh_advisor_plugin.process"]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=20, check=False)
    assert ended.returncode == 1
    assert "started by a host" in ended.stderr
