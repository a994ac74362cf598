"""Which problems are trained on: several slices, beam sets and goals of every training patient, split by patient."""

from __future__ import annotations

import hashlib
import json
import sys
from dataclasses import asdict, dataclass, field, replace
from multiprocessing import get_context
from pathlib import Path

import numpy as np
import torch
from pydantic import NonNegativeInt, PositiveFloat, PositiveInt
from tqdm import tqdm

from dh_training.goals import Variety, draw_goals
from dh_training.objective import Goals, PlanObjective
from dh_training.problems import ModelInputs, Problem, ProblemOptions, cache_path, cached_inputs, cached_problem
from dh_training.rtmodel import RtModelWrapper

DEV_SHARE = 0.1
MANIFEST = "corpus.json"


class CorpusError(ValueError):
    """What is wrong with the cases or the folder of problems, and how to fix it."""


@dataclass(frozen=True)
class WholeTargets:
    """Problems in three dimensions beside those of slices: ten to thirty times as large, so only of some patients."""

    train: NonNegativeInt = 0
    """Of the patients to train on."""
    dev: NonNegativeInt = 0
    """Of the patients that choose checkpoints."""
    turns: PositiveInt = 1
    """How often each is taken while every other problem is taken once."""


@dataclass(frozen=True)
class CorpusOptions:
    """How many problems of which kind a patient gives."""

    variants: PositiveInt = 8
    """Problems a patient, the first as its case says."""
    dev_variants: PositiveInt = 1
    """The same of the patients that choose checkpoints."""
    window_mm: PositiveFloat | None = 15.0
    """Half height of the planned slices; None plans the whole target."""
    seed: int = 1
    dev_share: float = DEV_SHARE
    """Of the training patients: kept from the weights, used to choose among checkpoints."""
    whole_targets: WholeTargets = field(default_factory=WholeTargets)
    """Learned from by `warm-start` alone."""
    variety: Variety = field(default_factory=Variety)
    """Other pitches, rows and goals, of the problems after the first."""


@dataclass
class Sample:
    """A problem ready for training: tensors, and the objective on them."""

    problem: Problem
    objective: PlanObjective
    end: torch.Tensor | None = None
    """Weights (B, R, C) of a good plan of the problem, for who learns from one."""

    @staticmethod
    def of(problem: Problem) -> Sample:
        """Prepares the objective."""
        return Sample(problem, PlanObjective(problem.goals, problem.highest_dose_gy))

    def dose_gy(self, weights: torch.Tensor) -> torch.Tensor:
        """Dose of every voxel for weights of any shape with n elements."""
        return self.problem.operator.dose_gy(weights.reshape(-1))


def is_dev(patient: str, share: float = DEV_SHARE) -> bool:
    """Whether a training patient is kept for choosing checkpoints. Depends on the name only."""
    return int(hashlib.sha256(patient.encode()).hexdigest()[:8], 16) / 2**32 < share


def split_patients(cases: list[Path], options: CorpusOptions) -> tuple[list[Path], list[Path]]:
    """Cases to train on, and cases to choose checkpoints by. A patient is wholly in one of them."""
    dev = [case for case in cases if is_dev(case.name, options.dev_share)]
    train = [case for case in cases if not is_dev(case.name, options.dev_share)]
    if not dev or not train:
        raise CorpusError(
            f"of {len(cases)} plannable cases {len(train)} are to train on and {len(dev)} to choose checkpoints by; "
            f"both need some: give more cases or change corpus.dev_share (now {options.dev_share})"
        )
    return train, dev


def variants_of(patient: str, options: CorpusOptions) -> list[ProblemOptions]:
    """The patient's problems: as its case says, then other slices, columns, beam sets, and what `variety` says."""
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
    # Lots of their own, so that the slices and beams of a configuration do not hang on its variety.
    lots = np.random.default_rng([seed, 1])
    return made[:1] + [_varied(problem, options.variety, lots) for problem in made[1:]]


def _varied(problem: ProblemOptions, variety: Variety, rng: np.random.Generator) -> ProblemOptions:
    has_goals = rng.random() < variety.goals_share
    return replace(
        problem,
        beamlet_mm=float(rng.choice(variety.beamlets_mm)),
        window_mm=float(rng.choice(variety.windows_mm)) if variety.windows_mm else problem.window_mm,
        columns=variety.columns if rng.random() < variety.columns_share else 0,
        goals=draw_goals(rng) if has_goals else problem.goals,
    )


def whole_targets_of(cases: list[Path], options: CorpusOptions) -> list[Path]:
    """Which of the cases are planned as whole targets, too: spread over those to train on, and over the others."""
    train, dev = (
        [case for case in cases if is_dev(case.name, options.dev_share) == is_of_dev] for is_of_dev in (False, True)
    )
    return [*_spread(train, options.whole_targets.train), *_spread(dev, options.whole_targets.dev)]


def _spread(cases: list[Path], count: int) -> list[Path]:
    taken = min(count, len(cases))
    return [cases[index * len(cases) // taken] for index in range(taken)]


def problems_of(cases: list[Path], options: CorpusOptions) -> list[tuple[Path, ProblemOptions]]:
    """Everything that the corpus holds."""
    planes = [(case, variant) for case in cases for variant in variants_of(case.name, options)]
    return planes + [(case, ProblemOptions(window_mm=None)) for case in whole_targets_of(cases, options)]


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
    tasks = [(case, problem, cache) for case, problem in problems_of(cases, options)]
    with get_context("fork").Pool(jobs) as pool:
        results = tqdm(pool.imap_unordered(_make, tasks), total=len(tasks), desc="problems", mininterval=2.0)
        return [fault for fault in results if fault is not None]


def load_corpus(cases: list[Path], options: CorpusOptions, cache: Path) -> list[Sample]:
    """Every problem in slices of the cases that can be made; the others are named on standard error."""
    samples = _load([(case, variant) for case in cases for variant in variants_of(case.name, options)], cache)
    if not samples:
        raise CorpusError(f"{cache}: no problem of {len(cases)} cases could be loaded or made")
    return samples


def load_whole_targets(cases: list[Path], options: CorpusOptions, cache: Path) -> list[Sample]:
    """The whole targets of the cases, each once."""
    return _load([(case, ProblemOptions(window_mm=None)) for case in whole_targets_of(cases, options)], cache)


def _load(problems: list[tuple[Path, ProblemOptions]], cache: Path) -> list[Sample]:
    model = RtModelWrapper()
    samples = []
    for case, problem in tqdm(problems, desc="loading", mininterval=2.0):
        try:
            samples.append(Sample.of(cached_problem(model, case, problem, cache)))
        except Exception as fault:
            tqdm.write(f"left out: {case.name} {problem}: {fault}", file=sys.stderr)
    return samples


def load_inputs(cases: list[Path], options: CorpusOptions, cache: Path) -> list[ModelInputs]:
    """What a model is asked in every problem of the cases, whole targets too, that lies in the cache."""
    found = [
        cached_inputs(case, problem, cache)
        for case, problem in problems_of(cases, options)
        if cache_path(case, problem, cache).exists()
    ]
    if not found:
        raise CorpusError(f"{cache}: no problems of these cases and options; make them with `dh-train corpus`")
    return found


def case_digest(case: Path) -> str:
    """SHA-256 over the names and contents of a case's files, in order of their names."""
    digest = hashlib.sha256()
    for file in sorted(case.iterdir()):
        if file.is_file():
            digest.update(f"{file.name}:{hashlib.sha256(file.read_bytes()).hexdigest()}\n".encode())
    return digest.hexdigest()


def corpus_digest(cases: list[Path], options: CorpusOptions, optimizer_version: str) -> str:
    """SHA-256 over everything that the problems are made from."""
    told = [optimizer_version, asdict(options), [[case.name, case_digest(case)] for case in cases]]
    return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()


def claim_cache(cases: list[Path], cache: Path, optimizer_version: str) -> None:
    """Notes in the cache what its problems are made from. CorpusError when other problems lie there already."""
    path = cache / MANIFEST
    noted = json.loads(path.read_text()) if path.exists() else {"optimizer": optimizer_version, "cases": {}}
    if noted["optimizer"] != optimizer_version:
        raise CorpusError(
            f"{cache}: made by optimizer {noted['optimizer']}, this is {optimizer_version}; give an empty folder"
        )
    for case in cases:
        digest = case_digest(case)
        if noted["cases"].setdefault(case.name, digest) != digest:
            raise CorpusError(f"{cache}: made from another {case.name} than {case}; give an empty folder")
    cache.mkdir(parents=True, exist_ok=True)
    path.with_suffix(".tmp").write_text(json.dumps(noted, indent=1, sort_keys=True) + "\n")
    path.with_suffix(".tmp").rename(path)


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
