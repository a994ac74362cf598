"""Measured runs: the optimizer's own, of training problems, kept in a folder for the roles that learn from them."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt
import yaml
from pydantic import PositiveInt
from tqdm import tqdm

from dh_training.corpus import CorpusOptions, is_dev, variants_of
from dh_training.problems import ModelInputs, ProblemOptions, cache_path, from_prescription, open_plan
from dh_training.rtmodel import Optimizer, Prescription, RtModelWrapper

MANIFEST = "measured.yaml"
FloatArray = npt.NDArray[np.float32]


class MeasuringError(ValueError):
    """What is wrong with the measured runs, and how to fix it."""


@dataclass(frozen=True)
class MeasuringOptions:
    """Of which problems runs are measured."""

    variants: PositiveInt = 1
    """Problems of a patient to train on."""
    dev_variants: PositiveInt = 2
    """Problems of a patient that chooses: there are few of these patients, and every decision rests on them."""
    cases: PositiveInt | None = None
    """To train on at most, every n-th of them; None: all. Of those to choose by all are taken."""


@dataclass(frozen=True)
class PlanToMeasure:
    """An open problem."""

    model: RtModelWrapper
    plan: Prescription
    inputs: ModelInputs


class Measurement(Protocol):
    """What is measured at a problem. Can be pickled: it goes to other processes."""

    def __call__(self, told: PlanToMeasure) -> Mapping[str, npt.NDArray[Any]]:
        """Arrays by their names."""
        ...


@dataclass(frozen=True, eq=False)
class Measured:
    """A problem's inputs, and what was measured at it. Told apart by identity."""

    patient: str
    inputs: ModelInputs
    arrays: Mapping[str, npt.NDArray[Any]]


@dataclass(frozen=True)
class Run:
    """What one run of the optimizer cost, and what it reached, iteration by iteration."""

    call_equivalents: FloatArray
    """(iterations,), spent so far."""
    reference_objective: FloatArray
    """(iterations,), F_ref of the weights at hand."""

    def as_array(self) -> FloatArray:
        """(2, iterations)."""
        return np.stack([self.call_equivalents, self.reference_objective])

    @staticmethod
    def of_array(array: FloatArray) -> Run:
        """The other way round."""
        return Run(array[0], array[1])

    @property
    def final(self) -> float:
        """F_ref at the end."""
        return float(self.reference_objective[-1])

    def calls_to(self, goal: float) -> float:
        """Call-equivalents until F_ref is at most `goal`; infinite when it never is."""
        hit = np.flatnonzero(self.reference_objective <= goal)
        return float(self.call_equivalents[hit[0]]) if len(hit) else float("inf")


def run_of(model: RtModelWrapper, optimizer: Optimizer, iterations: int) -> Run:
    """Runs an optimizer that has all its settings, at most `iterations` a stage."""
    optimizer.set_run_options(max_iterations=iterations, trace_reference=True)
    trace = model.optimize(optimizer)["trace"]
    return Run(
        np.array(trace["call_equivalents"], dtype=np.float32), np.array(trace["reference_objective"], dtype=np.float32)
    )


def measured_problems(
    cases: Sequence[Path], corpus: CorpusOptions, options: MeasuringOptions
) -> Iterator[tuple[Path, ProblemOptions]]:
    """The first problem of every patient, then the second ones: a part of them is of all patients."""
    wanted = {case: options.dev_variants for case in cases if is_dev(case.name, corpus.dev_share)}
    train = [case for case in cases if case not in wanted]
    step = 1 if options.cases is None else max(1, len(train) // options.cases)
    wanted |= dict.fromkeys(train[::step][: options.cases], options.variants)
    most = max(options.variants, options.dev_variants)
    for number in range(most):
        for case in sorted(wanted):
            if number < wanted[case]:
                yield case, variants_of(case.name, replace(corpus, variants=most))[number]


def claim_measured(folder: Path, told: Mapping[str, Any]) -> None:
    """Notes what the runs in the folder are measured from. MeasuringError when runs of other things lie there."""
    path = folder / MANIFEST
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        path.write_text(yaml.safe_dump(dict(told), sort_keys=False))
        return
    noted = read_manifest(folder)
    different = [key for key, value in told.items() if noted.get(key) != value]
    if different:
        raise MeasuringError(f"{folder}: holds runs measured with another {', '.join(different)}; give another folder")


def read_manifest(folder: Path) -> dict[str, Any]:
    """What the runs in the folder are measured from. MeasuringError when it holds none."""
    path = folder / MANIFEST
    if not path.is_file():
        raise MeasuringError(f"{path}: missing; train the role, which measures its runs first")
    return yaml.safe_load(path.read_text())


def measure(
    problems: Sequence[tuple[Path, ProblemOptions]], measurement: Measurement, folder: Path, jobs: int = 1
) -> list[str]:
    """Measures what is missing, in `jobs` processes. Returns a line for every problem that could not be."""
    tasks = [(case, options, measurement, folder) for case, options in problems]
    with get_context("fork").Pool(jobs) as pool:
        results = tqdm(pool.imap_unordered(_measure, tasks), total=len(tasks), desc="measuring", mininterval=2.0)
        return [fault for fault in results if fault is not None]


def load_measured(problems: Sequence[tuple[Path, ProblemOptions]], folder: Path) -> list[Measured]:
    """What was measured at the problems; those without are named on standard error."""
    found = []
    for case, options in problems:
        path = cache_path(case, options, folder)
        try:
            with np.load(path) as stored:
                arrays = dict(stored)
        except OSError as fault:
            tqdm.write(f"left out: {case.name} {options}: {fault}", file=sys.stderr)
            continue
        inputs = ModelInputs(**{field.name: arrays.pop(f"input_{field.name}") for field in fields(ModelInputs)})
        found.append(Measured(case.name, inputs, arrays))
    if not found:
        raise MeasuringError(f"{folder}: no measured runs of these cases")
    return found


def _measure(task: tuple[Path, ProblemOptions, Measurement, Path]) -> str | None:
    case, options, measurement, folder = task
    path = cache_path(case, options, folder)
    if path.exists():
        return None
    try:
        with TemporaryDirectory(dir=folder, prefix=path.stem) as scratch:
            model = RtModelWrapper()
            plan = open_plan(model, case, options, Path(scratch))
            inputs = from_prescription(case.name, options, plan).inputs
            arrays = measurement(PlanToMeasure(model, plan, inputs))
            named = {f"input_{name}": value for name, value in vars(inputs).items()}
            made = Path(scratch) / "measured.npz"
            np.savez_compressed(made, **named, **arrays)
            made.rename(path)
    except Exception as fault:
        return f"{case.name} {options}: {fault}"
    return None
