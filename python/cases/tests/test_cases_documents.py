"""What the guide names exists. Its commands are run by test/e2e/cases-from-anywhere.test.ts."""

from __future__ import annotations

import re
from pathlib import Path

from dh_cases.command import main
from dh_cases.readers.choose_reader import READERS

_ROOT = Path(__file__).parents[3]
_GUIDE = (_ROOT / "docs/cases-from-anywhere.md").read_text(encoding="utf-8")


def test_options_that_the_guide_names_exist() -> None:
    known = {
        option
        for command in ("import", "export")
        for parameter in main.commands[command].params
        for option in parameter.opts
    }
    lines = [line for line in _GUIDE.splitlines() if not re.search(r"rtmodel |npm run|scripts/setup", line)]
    named = set(re.findall(r"--[a-z][a-z-]+", "\n".join(lines)))
    assert len(named) > 8
    assert named <= known


def test_the_guide_names_every_option() -> None:
    parameters = [parameter for command in ("import", "export") for parameter in main.commands[command].params]
    options = [option for parameter in parameters for option in parameter.opts if option.startswith("--")]
    assert [option for option in options if option not in _GUIDE] == []


def test_formats_are_those_that_the_command_knows() -> None:
    formats = next(parameter for parameter in main.commands["import"].params if "--from" in parameter.opts)
    assert list(formats.type.choices) == list(READERS)  # type: ignore[attr-defined]
