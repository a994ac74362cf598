"""The examples as a user runs them: from the wheel, in a folder without the checkout, against the real host."""

from __future__ import annotations

import ast
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from host import REPOSITORY, Host

CLIENT = Path(__file__).parents[1]
EXAMPLES = CLIENT / "examples"
WHEELS = REPOSITORY / "build" / "client-wheels"
NEWEST = REPOSITORY / ".venv-client" / "bin" / "python"
LOOP_ROLES = """
  initialization: { plugin: warm-start, deadline_ms: 10000 }
  pyramid-sigma: { plugin: fixed-schedule, deadline_ms: 2000 }
  early-stopping: { plugin: plateau, deadline_ms: 2000 }
"""


def run(*command: str | Path, cwd: Path, **environment: str) -> str:
    """Its output. The checkout is not on the way of any import."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "VIRTUAL_ENV"))}
    done = subprocess.run(
        [str(word) for word in command], cwd=cwd, env=clean | environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Built as the README says, from a copy, so that nothing of a build before is in it."""
    folder = tmp_path_factory.mktemp("wheel")
    shutil.copytree(CLIENT, folder / "client", ignore=shutil.ignore_patterns("*.egg-info", "build", "__pycache__"))
    run(sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", folder, "client", cwd=folder)
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture
def examples(tmp_path: Path) -> Path:
    """The examples alone."""
    return Path(shutil.copytree(EXAMPLES, tmp_path / "examples", ignore=shutil.ignore_patterns("__pycache__")))


def figures(output: str, name: str) -> tuple[float, int]:
    """Objective and calls of a line."""
    found = re.search(rf"^{name}: +objective ([\d.]+), (\d+) calls", output, re.MULTILINE)
    assert found, output
    return float(found[1]), int(found[2])


def test_the_wheel_in_an_empty_environment_is_advised(wheel: Path, examples: Path, host: Host) -> None:
    empty = examples.parent / "empty"
    run(sys.executable, "-m", "venv", empty, cwd=examples)
    python = empty / "bin" / "python"
    run(python, "-m", "pip", "install", "--no-index", "--find-links", WHEELS, wheel, cwd=examples)
    output = run(python, "advise_scipy.py", host.address, cwd=examples, OPENBLAS_NUM_THREADS="1")
    plain, advised = figures(output, "plain"), figures(output, "advised")
    assert advised[0] < 1.01 * plain[0]
    assert advised[1] < plain[1]
    assert output.rstrip().endswith("; ok")
    where = run(python, "-c", "import dh_advisor_client as c; print(c.__file__)", cwd=examples)
    assert str(empty) in where
    assert (Path(where.strip()).parent / "py.typed").exists()


def test_their_host_has_the_roles_that_are_tested() -> None:
    plugins = re.compile(r"^  ([a-z-]+): \{ plugin: ([a-z-]+)", re.MULTILINE)
    written = plugins.findall((EXAMPLES / "host.yaml").read_text())
    assert len(written) == 3
    assert written == plugins.findall(LOOP_ROLES)


def test_a_loop_as_dhs_is_advised(examples: Path) -> None:
    with Host(LOOP_ROLES) as host:
        output = run(sys.executable, "dh_loop.py", host.address, cwd=examples, OPENBLAS_NUM_THREADS="1")
    assert "start advised: True" in output
    assert output.rstrip().endswith("; ok")


def test_pyradplans_own_phantom_is_advised(wheel: Path, examples: Path, host: Host) -> None:
    site = examples.parent / "site"
    pip = (NEWEST, "-m", "pip", "install", "--no-index", "--no-deps", "--target", site, wheel)
    run(*pip, cwd=examples)
    environment = {"PYTHONPATH": str(site), "OPENBLAS_NUM_THREADS": "1", "TQDM_DISABLE": "1"}
    output = run(NEWEST, "-W", "ignore", "advise_pyradplan.py", host.address, cwd=examples, **environment)
    plain, advised = figures(output, "plain"), figures(output, "advised")
    # What it is worth to this objective is in the README; here, that it was taken, and that it harms little.
    assert advised[0] < 1.1 * plain[0]
    assert advised[1] <= plain[1]
    assert "start advised: True" in output
    assert output.rstrip().endswith("; ok")


def code_lines(path: Path, first: int = 1, last: int | None = None) -> int:
    """Lines with code on them, as they stand: without blank ones, comments and documentation."""
    text = path.read_text()
    documentation: set[int] = set()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str):
            documentation |= set(range(node.lineno, (node.end_lineno or node.lineno) + 1))
    lines = list(enumerate(text.splitlines(), start=1))[first - 1 : last]
    return sum(n not in documentation and line.strip() != "" and not line.strip().startswith("#") for n, line in lines)


@pytest.mark.parametrize("name", ["advise_pyradplan", "advise_scipy"])
def test_what_a_user_writes_is_short(name: str) -> None:
    assert code_lines(EXAMPLES / f"{name}.py") < 40


def test_a_port_of_dhs_loop_is_under_40_lines() -> None:
    tree = ast.parse((EXAMPLES / "dh_loop.py").read_text())
    (loop,) = [node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name == "dh_loop"]
    assert code_lines(EXAMPLES / "dh_loop.py", loop.lineno, loop.end_lineno) < 40
