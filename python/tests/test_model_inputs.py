"""What a model is asked in training is what test/fixtures/model-inputs says; test/e2e holds the host to the same."""

import json
from dataclasses import fields
from pathlib import Path

import numpy as np
import pytest

from dh_training.golden import make_phantom
from dh_training.packages import decode
from dh_training.problems import BEAM_COLUMNS, STRUCTURE_COLUMNS, ModelInputs, ProblemOptions, make_problem
from dh_training.rtmodel import RtModelWrapper

ROOT = Path(__file__).parents[2]
FIXTURES = sorted((ROOT / "test/fixtures/model-inputs").glob("*.json"))


def test_fixtures_are_there() -> None:
    assert len(FIXTURES) == 2


@pytest.mark.parametrize("path", FIXTURES, ids=lambda path: path.stem)
def test_inputs_are_those_of_the_fixture(model: RtModelWrapper, path: Path, tmp_path: Path) -> None:
    told = json.loads(path.read_text())
    make_phantom(told["kind"], told["seed"], tmp_path / "case")
    options = ProblemOptions(**{**told["options"], "shift_mm": tuple(told["options"]["shift_mm"])})
    inputs = make_problem(model, tmp_path / "case", options, tmp_path).inputs
    assert told["inputs"].keys() == {field.name for field in fields(ModelInputs)}
    for name, tensor in told["inputs"].items():
        wanted = decode(tensor)
        np.testing.assert_allclose(getattr(inputs, name), wanted, rtol=1e-4, atol=1e-6 * np.abs(wanted).max())
    assert inputs.structures.shape[1] == len(STRUCTURE_COLUMNS)
    assert inputs.beams.shape[1] == len(BEAM_COLUMNS)


def test_columns_are_the_plugin_sdks() -> None:
    source = (ROOT / "src/plugin-sdk/models/model-inputs.ts").read_text()
    for constant, columns in (("STRUCTURE_FEATURES", STRUCTURE_COLUMNS), ("BEAM_FEATURES", BEAM_COLUMNS)):
        listed = source.split(f"export const {constant} = [", 1)[1].split("]", 1)[0]
        assert tuple(part.strip(" '\n") for part in listed.split(",") if part.strip()) == columns
