"""Phantoms: synthetic cases for trials, and the questions of golden cases, which must hold nobody's anatomy."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from dh_training.problems import ModelInputs, Problem, ProblemOptions, make_problem
from dh_training.rtmodel import RtModelError, RtModelWrapper, find_library

KINDS = ("c-shape", "prostate", "head-neck")


@dataclass(frozen=True)
class GoldenPlan:
    """A phantom and how it is planned. They differ in beams, rows, columns and structures."""

    name: str
    kind: str
    options: ProblemOptions


GOLDEN_PLANS: Sequence[GoldenPlan] = (
    GoldenPlan("c-shape-9-beams", "c-shape", ProblemOptions(beam_count=9)),
    GoldenPlan("prostate-7-beams", "prostate", ProblemOptions(beam_count=7)),
    GoldenPlan("head-neck-5-beams-whole-target", "head-neck", ProblemOptions(None, 5, beamlet_mm=10.0)),
)


def find_program() -> Path:
    """The built `rtmodel`: `$RTMODEL_PROGRAM`, or the one beside the library."""
    given = os.environ.get("RTMODEL_PROGRAM")
    path = Path(given) if given else find_library().with_name("rtmodel")
    if not path.is_file():
        raise RtModelError(f"no program at {path}; build it with scripts/setup --tests or set RTMODEL_PROGRAM")
    return path


def make_phantom(kind: str, seed: int, folder: Path) -> None:
    """Writes a synthetic case. Equal kinds and seeds give equal cases."""
    command = [str(find_program()), "phantom", f"--kind={kind}", f"--seed={seed}", str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise RtModelError(f"{folder}: no phantom made: {done.stderr.strip()}")


def make_phantoms(count: int, seed: int, folder: Path) -> None:
    """`count` cases, the kinds in turn, in folders `<kind>-<seed>`. Those that are there stay as they are."""
    folder.mkdir(parents=True, exist_ok=True)
    for index in range(count):
        kind = KINDS[index % len(KINDS)]
        case = folder / f"{kind}-{seed + index}"
        if not (case / "case.json").exists():
            make_phantom(kind, seed + index, case)


def golden_problems() -> dict[str, Problem]:
    """The problems of the golden plans by name."""
    model = RtModelWrapper()
    problems = {}
    with TemporaryDirectory() as scratch:
        for plan in GOLDEN_PLANS:
            case = Path(scratch) / plan.name
            make_phantom(plan.kind, 1, case)
            problems[plan.name] = make_problem(model, case, plan.options, Path(scratch))
    return problems


def golden_inputs() -> dict[str, ModelInputs]:
    """What a model is asked in the golden plans, by name."""
    return {name: problem.inputs for name, problem in golden_problems().items()}
