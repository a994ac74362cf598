"""Packages hold what PyTorch answers, at any shape; what is damaged is refused and named."""

import hashlib
import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
import yaml
from conftest import COARSE

from dh_training.corpus import Sample
from dh_training.networks.fluence import FluenceNetwork
from dh_training.networks.warm_start import WarmStartModel
from dh_training.packages import (
    ModelDescription,
    PackageError,
    decode,
    encode,
    open_session,
    verify_package,
    write_package,
)
from dh_training.problems import Problem, make_problem
from dh_training.rtmodel import RtModelWrapper
from dh_training.training import warm_start
from dh_training.training.fit import FitOptions, fit
from dh_training.training.warm_start import WarmStartTask, tensors

CARD = "# A card"


def describe(**changes: object) -> ModelDescription:
    made = ModelDescription(
        id="warm-start",
        version="1",
        role="initialization",
        inputs=warm_start.INPUTS,
        outputs=warm_start.OUTPUTS,
        batch_axis=None,
        training={"data_sha256": "0" * 64, "cases": 3, "seed": 1, "command": "pytest"},
        ranges={"column_norm": (0.0, 1.0)},
    )
    return replace(made, **changes)


@pytest.fixture(scope="module")
def trained(problems: dict[str, Problem], tmp_path_factory: pytest.TempPathFactory) -> WarmStartModel:
    """Five steps, so that no weight is where it was at the start."""
    torch.manual_seed(1)
    task = WarmStartTask(network=FluenceNetwork(width=8, image_width=4, rounds=2, image_size=8))
    items = [Sample.of(problem) for problem in problems.values()]
    options = FitOptions(steps=5, accumulate=2, check_every=5, warm_up_steps=0)
    fit(task, items[:2], items[2:], tmp_path_factory.mktemp("fit"), options)
    model = WarmStartModel(task.network)
    model.fit([tensors(item.problem.inputs) for item in items])
    return model.eval()


@pytest.fixture(scope="module")
def package(trained: WarmStartModel, problems: dict[str, Problem], tmp_path_factory: pytest.TempPathFactory) -> Path:
    golden = {kind: vars(problem.inputs) for kind, problem in problems.items()}
    return write_package(trained, describe(), golden, CARD, tmp_path_factory.mktemp("models"))


@pytest.mark.parametrize(
    ("kind", "options"),
    [
        ("head-neck", replace(COARSE, beam_count=9)),
        ("prostate", replace(COARSE, beam_count=4, beamlet_mm=5.0)),
        ("c-shape", replace(COARSE, beam_count=1)),
        ("c-shape", replace(COARSE, window_mm=None)),
    ],
    ids=["beams-structures", "columns", "one-beam", "rows"],
)
def test_graph_answers_as_pytorch_on_shapes_it_was_not_traced_with(
    kind: str,
    options: object,
    trained: WarmStartModel,
    package: Path,
    model: RtModelWrapper,
    phantoms: Path,
    problems: dict[str, Problem],
    tmp_path: Path,
) -> None:
    inputs = make_problem(model, phantoms / kind, options, tmp_path).inputs
    traced_with = problems["c-shape"].inputs.structure_mean_dose.shape
    assert inputs.structure_mean_dose.shape != traced_with
    with torch.no_grad():
        weights, score = trained(*tensors(inputs))
    answered = open_session(package / "model.onnx").run(["weights", "ood_score"], vars(inputs))
    assert answered[0].shape == inputs.column_norm.shape
    np.testing.assert_allclose(answered[0], weights.numpy(), rtol=1e-4, atol=1e-6)
    np.testing.assert_allclose(answered[1], score.numpy(), rtol=1e-4, atol=1e-5)


def test_package_is_sound_and_whole(package: Path) -> None:
    assert sorted(path.name for path in package.iterdir()) == ["card.md", "golden.json", "model.onnx", "model.yaml"]
    shares = verify_package(package)
    assert shares.keys() == {"c-shape", "prostate", "head-neck"}
    assert max(shares.values()) <= 1


def test_writing_again_replaces_and_leaves_nothing_else(
    trained: WarmStartModel, problems: dict[str, Problem], tmp_path: Path
) -> None:
    golden = {"one": vars(problems["prostate"].inputs)}
    for _ in range(2):
        folder = write_package(trained, describe(version="2"), golden, CARD, tmp_path)
    assert [path.name for path in folder.parent.iterdir()] == ["2"]
    assert verify_package(folder).keys() == {"one"}


def test_package_that_does_not_verify_leaves_the_old_one(
    trained: WarmStartModel, problems: dict[str, Problem], tmp_path: Path
) -> None:
    golden = {"one": vars(problems["prostate"].inputs)}
    folder = write_package(trained, describe(), golden, CARD, tmp_path)
    before = (folder / "model.onnx").read_bytes()
    broken = WarmStartModel(FluenceNetwork(width=8, image_width=4, rounds=2, image_size=8))
    torch.nn.init.constant_(broken.fluence.enter.bias, float("nan"))
    with pytest.raises(PackageError, match="not finite"):
        write_package(broken, describe(), golden, CARD, tmp_path)
    assert (folder / "model.onnx").read_bytes() == before


def flip_a_byte(package: Path) -> None:
    data = bytearray((package / "model.onnx").read_bytes())
    data[len(data) // 2] ^= 1
    (package / "model.onnx").write_bytes(data)


def change_golden(change: Callable[[list[dict]], object]) -> Callable[[Path], None]:
    """Changes the golden cases, hash and all."""

    def changed(package: Path) -> None:
        told = json.loads((package / "golden.json").read_text())
        change(told["cases"])
        (package / "golden.json").write_text(json.dumps(told))
        claim(package, "golden")

    return changed


def claim(package: Path, part: str) -> None:
    described = yaml.safe_load((package / "model.yaml").read_text())
    file = package / described[part]["file"]
    described[part]["sha256"] = hashlib.sha256(file.read_bytes()).hexdigest()
    (package / "model.yaml").write_text(yaml.safe_dump(described))


def other_answer(cases: list[dict]) -> None:
    cases[1]["outputs"]["weights"] = encode(decode(cases[1]["outputs"]["weights"]) * np.float32(1.01))


def no_model(package: Path) -> None:
    (package / "model.onnx").write_bytes(b"no graph")
    claim(package, "model")


def other_port(package: Path) -> None:
    text = (package / "model.yaml").read_text()
    (package / "model.yaml").write_text(text.replace("column_norm", "column_norms"))


@pytest.mark.parametrize(
    ("damage", "words"),
    [
        (flip_a_byte, r"model\.onnx: SHA-256 is not the one in model\.yaml"),
        (change_golden(other_answer), r"golden case prostate: weights is off by"),
        (change_golden(lambda cases: cases.clear()), r"golden\.json has no cases"),
        (change_golden(lambda cases: cases[0].pop("inputs")), r"KeyError: 'inputs'"),
        (lambda package: (package / "card.md").unlink(), r"card\.md: missing"),
        (lambda package: (package / "card.md").write_text("another"), r"card\.md: SHA-256"),
        (lambda package: (package / "model.yaml").unlink(), r"model\.yaml"),
        (lambda package: (package / "model.yaml").write_text("- 1"), r"TypeError"),
        (no_model, r"model\.onnx"),
        (other_port, r"the graph's inputs are"),
        (lambda package: package.rename(package.with_name("7")), r"model\.yaml is of warm-start/1"),
    ],
)
def test_damage_is_refused(damage: Callable[[Path], None], words: str, package: Path, tmp_path: Path) -> None:
    copy = tmp_path / "warm-start" / "1"
    shutil.copytree(package, copy)
    damage(copy)
    (found,) = copy.parent.iterdir()
    with pytest.raises(PackageError, match=words):
        verify_package(found)
