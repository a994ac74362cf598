"""Triton's own client, unmodified, asks the host's models over HTTP."""

from __future__ import annotations

import base64
import json
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from host import REPOSITORY, Host
from tritonclient.http import InferenceServerClient, InferInput, InferRequestedOutput
from tritonclient.utils import InferenceServerException

MODELS = sorted(path.parent for path in (REPOSITORY / "models").glob("*/*/model.yaml"))
TOKEN = "an-operator-of-a-test"
SHOWN = {"Authorization": f"Bearer {TOKEN}"}


@pytest.fixture(scope="module")
def served() -> Iterator[Host]:
    roles = "\n  early-stopping: { plugin: convergence, deadline_ms: 10000 }\n"
    with Host(
        roles, more="open_inference: { enabled: true }", environment={"DH_ADVISOR_OPERATOR_TOKEN": TOKEN}
    ) as host:
        yield host


@pytest.fixture
def triton(served: Host) -> Iterator[InferenceServerClient]:
    with InferenceServerClient(served.http_address, network_timeout=60.0, connection_timeout=60.0) as client:
        yield client


def tensor_of(golden: dict[str, Any]) -> np.ndarray:
    kind = {"float32": np.float32, "int32": np.int32}[golden["type"]]
    return np.frombuffer(base64.b64decode(golden["data"]), dtype=kind).reshape(golden["shape"])


def inputs_of(golden: dict[str, Any], binary: bool) -> list[InferInput]:
    made = []
    for name, value in golden["inputs"].items():
        data = tensor_of(value)
        tensor = InferInput(name, list(data.shape), "FP32" if data.dtype == np.float32 else "INT32")
        tensor.set_data_from_numpy(data, binary_data=binary)
        made.append(tensor)
    return made


def test_live_ready_and_metadata(triton: InferenceServerClient) -> None:
    assert triton.is_server_live()
    assert triton.is_server_ready()
    assert triton.is_model_ready("convergence")
    assert not triton.is_model_ready("nobody")
    assert triton.get_server_metadata()["extensions"] == ["model_repository", "binary_tensor_data"]
    assert triton.get_model_metadata("convergence")["inputs"][0] == {
        "name": "history",
        "datatype": "FP32",
        "shape": [-1, 10, 4],
    }


def test_the_index_has_every_model(triton: InferenceServerClient) -> None:
    listed = {f"{entry['name']}/{entry['version']}" for entry in triton.get_model_repository_index()}
    assert listed == {f"{folder.parent.name}/{folder.name}" for folder in MODELS}


@pytest.mark.parametrize("folder", MODELS, ids=lambda folder: f"{folder.parent.name}-{folder.name}")
def test_every_model_answers_its_golden_cases(triton: InferenceServerClient, folder: Path) -> None:
    name, version = folder.parent.name, folder.name
    loaded = f"{name}@{version}"
    triton.load_model(loaded, headers=SHOWN)
    golden = json.loads((folder / "golden.json").read_text())["cases"][0]
    size = sum(len(value["data"]) for value in golden["inputs"].values())
    # JSON is for small questions; the host says so to larger ones.
    for binary in (True, False) if size < 100_000 else (True,):
        answer = triton.infer(name, inputs_of(golden, binary), model_version=version)
        for output, expected in golden["outputs"].items():
            np.testing.assert_allclose(answer.as_numpy(output), tensor_of(expected), rtol=1e-3, atol=1e-4)
    if loaded != "convergence@3":
        triton.unload_model(loaded, headers=SHOWN)


def test_what_is_refused_says_why(triton: InferenceServerClient) -> None:
    golden = json.loads((REPOSITORY / "models/convergence/3/golden.json").read_text())["cases"][0]
    inputs = inputs_of(golden, True)

    def refusal(**asked: Any) -> str:
        with pytest.raises(InferenceServerException) as caught:
            triton.infer(**({"model_name": "convergence", "inputs": inputs} | asked))
        return f"{caught.value.status()} {caught.value.message()}"

    assert "404 There is no model `nobody`" in refusal(model_name="nobody")
    assert refusal(inputs=inputs[:1]).startswith("400")
    assert "`nothing` is none of" in refusal(outputs=[InferRequestedOutput("nothing")])
    with pytest.raises(InferenceServerException):
        triton.load_model("variance")


def test_the_pages_commands_work(served: Host) -> None:
    page = (REPOSITORY / "docs" / "open-inference.md").read_text()
    commands = [line for line in page.splitlines() if line.startswith("curl ")]
    assert commands
    for line in commands:
        subprocess.run(re.sub(r"127\.0\.0\.1:9464", served.http_address, line) + " --fail -sS", shell=True, check=True)
