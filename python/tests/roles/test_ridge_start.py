"""The baseline start: what is linear is found, penalised or not, and its package answers as it does in PyTorch."""

import shutil
from pathlib import Path

import numpy as np
import pytest
import torch
import yaml
from click.testing import CliRunner

from dh_training.command import main
from dh_training.corpus import is_dev
from dh_training.golden import KINDS
from dh_training.networks.ridge_start import RIDGE_FEATURES, RidgeStart, flat_weight
from dh_training.networks.warm_start import WarmStartModel
from dh_training.packages import ModelDescription, open_session, verify_package, write_package
from dh_training.problems import Problem
from dh_training.training.ridge_start import STRENGTHS, Plan, fit_ridge, plan_cases
from dh_training.training.warm_start import INPUTS, OUTPUTS, flat_weights, tensors


@pytest.fixture(scope="module")
def plans(problems: dict[str, Problem]) -> list[Plan]:
    """Weights that a ridge start could give: none is cut at 0 or the ceiling."""
    truth = RidgeStart()
    generator = torch.Generator().manual_seed(1)
    truth.coefficients.copy_(0.002 * torch.randn(RIDGE_FEATURES, generator=generator))
    truth.constant.fill_(0.8)
    made = []
    for problem in problems.values():
        inputs = tensors(problem.inputs)
        weights = truth(*inputs)
        assert 0 < weights[inputs[4] > 0].min() <= weights.max() < 0.2
        made.append((inputs, weights))
    return made


def test_flat_weight_is_that_of_the_plugin_uniform(problems: dict[str, Problem]) -> None:
    for problem in problems.values():
        told = flat_weights(problem.inputs)
        assert float(flat_weight(*tensors(problem.inputs))) == pytest.approx(float(told.max()), rel=1e-5)


def test_finds_weights_that_are_linear_in_the_features(plans: list[Plan]) -> None:
    ridge = RidgeStart()
    ridge.fit(plans, 1e-9)
    assert ridge.error(plans) < 1e-4


def test_a_strong_penalty_leaves_a_constant(plans: list[Plan]) -> None:
    ridge = RidgeStart()
    ridge.fit(plans, 1e9)
    for inputs, _ in plans:
        weights = ridge(*inputs)[inputs[4] > 0]
        assert float(weights.max() / weights.min()) == pytest.approx(1.0, abs=1e-3)


def test_the_penalty_is_chosen_by_other_patients(plans: list[Plan]) -> None:
    ridge, strength, error = fit_ridge(plans[:2], plans[2:])
    assert strength in STRENGTHS
    assert error == pytest.approx(ridge.error(plans[2:]))
    for other in STRENGTHS:
        ridge.fit(plans[:2], other)
        assert error <= ridge.error(plans[2:]) + 1e-6


def test_excluded_beamlets_get_nothing_and_no_weight_leaves_its_bounds(plans: list[Plan]) -> None:
    ridge = RidgeStart()
    for constant, bound in ((1e9, 0.2), (-1e9, 0.0)):
        ridge.constant.fill_(constant)
        (*inputs, norm), _ = plans[0]
        norm = norm.clone()
        norm[0, 0, 0] = 0.0
        weights = ridge(*inputs, norm)
        assert float(weights[0, 0, 0]) == 0.0
        assert weights[norm > 0].unique().tolist() == pytest.approx([bound])


def test_package_answers_as_pytorch_on_shapes_it_was_not_traced_with(
    plans: list[Plan], problems: dict[str, Problem], tmp_path: Path
) -> None:
    ridge = RidgeStart()
    ridge.fit(plans, 1e-3)
    model = WarmStartModel(ridge)
    model.fit([inputs for inputs, _ in plans])
    described = ModelDescription(
        id="ridge-start",
        version="1",
        role="initialization",
        inputs=INPUTS,
        outputs=OUTPUTS,
        batch_axis=None,
        training={"data_sha256": "0" * 64, "cases": 3, "seed": 1, "command": "pytest"},
        ranges={"column_norm": (0.0, 1.0)},
        weight_ceiling=0.2,
    )
    kinds = list(problems)
    golden = {kinds[0]: vars(problems[kinds[0]].inputs)}
    session = open_session(write_package(model, described, golden, "# A card", tmp_path) / "model.onnx")
    for kind in kinds:
        weights, score = session.run(None, vars(problems[kind].inputs))
        wanted, wanted_score = model(*tensors(problems[kind].inputs))
        np.testing.assert_allclose(weights, wanted.numpy(), rtol=1e-4, atol=1e-6)
        np.testing.assert_allclose(score, wanted_score.numpy(), rtol=1e-4)


def test_command_goes_from_cases_to_a_sound_package(phantoms: Path, tmp_path: Path) -> None:
    names = [f"case-{number}" for number in range(40)]
    dev = next(name for name in names if is_dev(name))
    train = [name for name in names if not is_dev(name)][:2]
    for name, kind in zip([dev, *train], KINDS, strict=True):
        shutil.copytree(phantoms / kind, tmp_path / "cases" / name)
    told = CliRunner().invoke(main, ["ridge-start", str(tmp_path / "cases"), "--out", str(tmp_path / "out")])
    assert told.exit_code == 0, told.output
    package = tmp_path / "out/models/ridge-start/1"
    assert f"wrote {package}" in told.output
    assert max(verify_package(package).values()) <= 1
    assert "2 training patients" in (package / "card.md").read_text()
    described = yaml.safe_load((package / "model.yaml").read_text())
    assert described["role"] == "initialization"
    assert described["weight_ceiling"] == 0.2
    assert described["training"]["cases"] == 3

    shutil.rmtree(tmp_path / "cases" / dev)
    refused = CliRunner().invoke(main, ["ridge-start", str(tmp_path / "cases"), "--out", str(tmp_path / "out")])
    assert refused.exit_code == 1
    assert "both need some" in refused.output


def test_plans_are_kept_and_what_cannot_be_planned_is_named(
    phantoms: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    broken = tmp_path / "broken"
    shutil.copytree(phantoms / "c-shape", broken)
    (broken / "ct.nii.gz").write_bytes(b"torn")
    cases = [phantoms / "c-shape", broken]
    ((inputs, weights),) = plan_cases(cases, tmp_path / "plans")
    assert "left out: broken: " in capsys.readouterr().err
    assert weights.shape == inputs[4].shape
    assert 0 <= float(weights.min()) < float(weights.max()) <= 0.2 + 1e-6
    (kept,) = (tmp_path / "plans").iterdir()
    made_at = kept.stat().st_mtime_ns
    ((again, same),) = plan_cases(cases[:1], tmp_path / "plans")
    assert kept.stat().st_mtime_ns == made_at
    assert torch.equal(weights, same)
    assert all(torch.equal(one, other) for one, other in zip(inputs, again, strict=True))
