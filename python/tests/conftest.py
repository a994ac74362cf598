from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from dh_training.golden import KINDS, make_phantom
from dh_training.problems import Problem, ProblemOptions, make_problem
from dh_training.rtmodel import Prescription, RtModelWrapper

COARSE = ProblemOptions(beam_count=5, beamlet_mm=10.0)
"""Few wide beamlets, so that a test takes a moment."""


@pytest.fixture(scope="session")
def model() -> RtModelWrapper:
    return RtModelWrapper()


@pytest.fixture(scope="session")
def phantoms() -> Iterator[Path]:
    """A folder with one case of every kind, named by it."""
    with TemporaryDirectory() as folder:
        for kind in KINDS:
            make_phantom(kind, 1, Path(folder) / kind)
        yield Path(folder)


@pytest.fixture(scope="session")
def plan(model: RtModelWrapper, phantoms: Path) -> Prescription:
    return model.create_prescription(phantoms / "c-shape", beams="5", beamlet_mm=10.0)


@pytest.fixture(scope="session")
def problems(model: RtModelWrapper, phantoms: Path) -> dict[str, Problem]:
    """A small problem of every phantom, by kind: they differ in columns and structures."""
    with TemporaryDirectory() as scratch:
        return {kind: make_problem(model, phantoms / kind, COARSE, Path(scratch)) for kind in KINDS}
