"""Runs the command in tests."""

from __future__ import annotations

from collections.abc import Callable

from click.testing import Result

Run = Callable[..., Result]
"""The fixture `run`."""


def import_ok(run: Run, *arguments: object) -> str:
    """What an import says that must succeed."""
    done = run("import", *arguments)
    assert done.exit_code == 0, done.output
    return done.output


def refusal(run: Run, *arguments: object, command: str = "import") -> str:
    """What the command says when it must fail: a message for people, and no fault of the program."""
    done = run(command, *arguments)
    assert done.exit_code == 1, done.output
    assert isinstance(done.exception, SystemExit), done.exception
    assert done.output.count("dh-cases: ") == 1, done.output
    return done.output
