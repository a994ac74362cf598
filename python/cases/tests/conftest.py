from collections.abc import Callable
from pathlib import Path

import pytest
from anatomy import Anatomy, make_anatomy
from click.testing import CliRunner, Result

from dh_cases.command import main


@pytest.fixture()
def run() -> Callable[..., Result]:
    """Runs the command as a shell would, without a process of its own."""

    def invoke(*arguments: object) -> Result:
        return CliRunner().invoke(main, [str(argument) for argument in arguments])

    return invoke


@pytest.fixture()
def out(tmp_path: Path) -> Path:
    return tmp_path / "case"


@pytest.fixture(scope="session")
def anatomy() -> Anatomy:
    """The small patient. Not to be changed."""
    return make_anatomy()
