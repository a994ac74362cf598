"""What the documents tell readers to type and to write works."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from box_plan import box_plan
from host import REPOSITORY, Host

README = Path(__file__).parents[1] / "README.md"
PAGE = REPOSITORY / "docs" / "join-from-any-language.md"
DEFAULT = "127.0.0.1:50151"
# A call that is under way at the end of the interpreter has threads in gRPC: the process then hangs, now and then.
ENDS_ITS_CALL = "assert not call.is_active()"


def blocks(document: Path, language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", document.read_text(), re.DOTALL)


def test_the_readmes_code_is_advised(host: Host) -> None:
    plan = box_plan()
    start = plan.case.flat_start()

    def descend(weights: Any) -> Any:
        _, gradient = plan.objective(weights)
        step = 1e-4 * start[0] / max(float(np.abs(gradient).max()), 1e-12)
        moved = np.maximum(weights - step * gradient, 0.0)
        return (moved, *plan.objective(moved))

    masks = {contour.name: contour.mask for contour in plan.contours}
    names: dict[str, Any] = {
        "grid": plan.case.grid,
        "influence": plan.influence,
        "beams": plan.case.beams,
        "ptv": masks["PTV"],
        "cord": masks["Cord"],
        "body": masks["Body"],
        "objective": plan.objective,
        "start": start,
        "bounds": [(0.0, None)] * start.size,
        "descend": descend,
    }
    code = blocks(README, "python")
    assert len(code) == 2
    for block in code:
        exec(block.replace(DEFAULT, host.address), names)
        if "result" in names:
            assert names["result"].advice.status.ok
    assert names["run"].status.ok
    assert names["run"].iterations > 0


def test_the_readmes_commands_are_those_that_tests_run() -> None:
    commands = [line for block in blocks(README, "sh") for line in block.splitlines()]
    examples = sorted(path.name for path in (README.parent / "examples").glob("*.py") if path.name != "box_plan.py")
    assert sorted(line for line in commands if DEFAULT in line) == [f"python {name} {DEFAULT}" for name in examples]
    version = re.search(r'^version = "(.*)"', (README.parent / "pyproject.toml").read_text(), re.MULTILINE)
    assert version
    assert f"dh_advisor_client-{version[1]}-py3-none-any.whl" in commands[1]


def test_the_least_client_of_the_page_gets_answers(tmp_path: Path) -> None:
    (command,) = blocks(PAGE, "sh")
    shell = command.replace("python ", f"{sys.executable} ", 1).replace("OUT", str(tmp_path))
    subprocess.run(shell, shell=True, check=True, cwd=REPOSITORY)
    (code,) = blocks(PAGE, "python")
    client = tmp_path / "client.py"
    # A host of its own: on a busy machine other plans may have opened a breaker of the shared one.
    with Host("\n  early-stopping: { plugin: plateau, deadline_ms: 10000 }\n") as host:
        shown = "\nprint(len(accepted.bindings), stop.decision, summary)\n" + ENDS_ITS_CALL
        client.write_text(code.replace(DEFAULT, host.address) + shown)
        done = subprocess.run([sys.executable, client], capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout.startswith("6 ")
    assert "OUTCOME_APPLIED" in done.stdout


@pytest.mark.parametrize("name", ["features.json", "gates.json", "gradient-checks.json"])
def test_the_pages_vectors_are_there(name: str) -> None:
    assert f"test/fixtures/conformance/{name}" in PAGE.read_text()
    assert (REPOSITORY / "test" / "fixtures" / "conformance" / name).exists()
