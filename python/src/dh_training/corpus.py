"""Which problems are trained on: several slices, beam sets and goals of every training patient, split by patient."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from multiprocessing import get_context
from pathlib import Path

import numpy as np
import torch
from tqdm import tqdm

from dh_training.objective import Goals, PlanObjective
from dh_training.problems import ModelInputs, Problem, ProblemOptions, cached_problem
from dh_training.rtmodel import RtModelWrapper

DEV_SHARE = 0.1
"""Of the training patients, by a hash of their names: kept from the weights, used to choose among checkpoints."""


@dataclass(frozen=True)
class CorpusOptions:
    """How many problems of which kind a patient gives."""

    variants: int = 8
    """Problems a patient, the first as its case says."""
    window_mm: float | None = 15.0
    seed: int = 1


@dataclass
class Sample:
    """A problem ready for training: tensors, and the objective on them."""

    problem: Problem
    objective: PlanObjective

    @staticmethod
    def of(problem: Problem) -> Sample:
        """Prepares the objective."""
        return Sample(problem, PlanObjective(problem.goals, problem.highest_dose_gy))

    def dose_gy(self, weights: torch.Tensor) -> torch.Tensor:
        """Dose of every voxel for weights of any shape with n elements."""
        return self.problem.operator.dose_gy(weights.reshape(-1))


def is_dev(patient: str) -> bool:
    """Whether a training patient is kept for choosing checkpoints. Depends on the name only."""
    return int(hashlib.sha256(patient.encode()).hexdigest()[:8], 16) / 2**32 < DEV_SHARE


def variants_of(patient: str, options: CorpusOptions) -> list[ProblemOptions]:
    """The patient's problems: as its case says, then other slices, columns, beam sets."""
    seed = int(hashlib.sha256(f"{patient}/{options.seed}".encode()).hexdigest()[:8], 16)
    rng = np.random.default_rng(seed)
    made = [ProblemOptions(window_mm=options.window_mm)]
    while len(made) < options.variants:
        slices = int(rng.integers(-8, 9))
        shift = (float(rng.normal(0, 5)), float(rng.normal(0, 5)), 5.0 * slices)
        beam_count = 9 if rng.random() < 0.75 else int(rng.choice([5, 7, 11, 13]))
        first = 0.0 if rng.random() < 0.5 else float(rng.uniform(0, 360 / beam_count))
        made.append(
            ProblemOptions(
                window_mm=options.window_mm, beam_count=beam_count, first_gantry_deg=round(first, 1), shift_mm=shift
            )
        )
    return made


def _make(task: tuple[Path, ProblemOptions, Path]) -> str | None:
    case, options, cache = task
    try:
        cached_problem(RtModelWrapper(), case, options, cache)
    except Exception as fault:
        return f"{case.name} {options}: {fault}"
    return None


def make_corpus(cases: list[Path], options: CorpusOptions, cache: Path, jobs: int = 1) -> list[str]:
    """Makes what is missing in the cache, in `jobs` processes. Returns a line for every problem that could not be."""
    cache.mkdir(parents=True, exist_ok=True)
    tasks = [(case, variant, cache) for case in cases for variant in variants_of(case.name, options)]
    with get_context("fork").Pool(jobs) as pool:
        results = tqdm(pool.imap_unordered(_make, tasks), total=len(tasks), desc="problems", mininterval=2.0)
        return [fault for fault in results if fault is not None]


def load_corpus(cases: list[Path], options: CorpusOptions, cache: Path) -> list[Sample]:
    """Every problem of the cases that can be made."""
    model = RtModelWrapper()
    samples = []
    for case in tqdm(cases, desc="loading", mininterval=2.0):
        for variant in variants_of(case.name, options):
            try:
                samples.append(Sample.of(cached_problem(model, case, variant, cache)))
            except Exception:
                continue
    return samples


def mirrored(inputs: ModelInputs) -> ModelInputs:
    """Left and right exchanged: gantry angles negated, columns reversed. Weights for it must be reversed back."""
    beams = inputs.beams.copy()
    beams[:, 0] = -beams[:, 0] % 360.0
    return ModelInputs(
        structures=inputs.structures,
        beams=beams,
        structure_mean_dose=inputs.structure_mean_dose[:, :, ::-1].copy(),
        structure_max_dose=inputs.structure_max_dose[:, :, ::-1].copy(),
        column_norm=inputs.column_norm[:, :, ::-1].copy(),
    )


def with_other_goals(problem: Problem, rng: np.random.Generator, spread: float) -> Problem:
    """The same anatomy with objective weights and organ limits multiplied by log-normal factors."""
    structures = problem.inputs.structures.copy()
    weights = np.exp(rng.normal(0, 2 * spread, len(structures)))
    limits = np.where(structures[:, 0] > 0, 1.0, np.exp(rng.normal(0, spread, len(structures))))
    structures[:, 3] *= weights
    structures[:, 4:6] *= limits[:, None]
    curves = tuple(
        np.column_stack([curve[:, 0] * limit, curve[:, 1]])
        for curve, limit in zip(problem.goals.curves, limits, strict=True)
    )
    goals = Goals(problem.goals.rows, curves, problem.goals.weights * weights)
    return replace(problem, inputs=replace(problem.inputs, structures=structures), goals=goals)
