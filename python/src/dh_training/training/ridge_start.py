"""Fits `ridge-start`: a baseline for `warm-start`, of the same inputs, to plans of the training patients."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from tqdm import tqdm

from dh_training.corpus import CorpusOptions, corpus_digest, split_patients
from dh_training.golden import golden_inputs
from dh_training.networks.fluence import WEIGHT_CEILING
from dh_training.networks.ridge_start import Inputs, RidgeStart
from dh_training.networks.warm_start import WarmStartModel
from dh_training.packages import ModelDescription, write_package
from dh_training.problems import ModelInputs, ProblemOptions, from_prescription
from dh_training.rtmodel import RtModelError, RtModelWrapper
from dh_training.training.warm_start import INPUTS, OUTPUTS, input_ranges

NAME = "ridge-start"
STRENGTHS = (1e-5, 1e-4, 1e-3, 1e-2, 1e-1)
Plan = tuple[Inputs, torch.Tensor]


def plan_cases(cases: Sequence[Path], cache: Path) -> list[Plan]:
    """Inputs of each case as it describes itself, and final weights of the optimizer's own L-BFGS.

    Kept in `cache` by contents of the case and optimizer. A case that can't be planned is named on standard error.
    """
    model = RtModelWrapper()
    cache.mkdir(parents=True, exist_ok=True)
    plans = []
    for case in tqdm(cases, desc="plans", mininterval=2.0):
        digest = corpus_digest([case], CorpusOptions(variants=1), model.version)
        path = cache / f"{case.name}-{digest[:20]}.npz"
        try:
            if not path.exists():
                _plan(model, case, path)
        except RtModelError as fault:
            tqdm.write(f"left out: {case.name}: {fault}", file=sys.stderr)
            continue
        with np.load(path) as stored:
            arrays = {name: torch.from_numpy(stored[name]) for name in stored.files}
        weights = arrays.pop("weights")
        plans.append((tuple(arrays.values()), weights))
    return plans


def _plan(model: RtModelWrapper, case: Path, path: Path) -> None:
    options = ProblemOptions()
    plan = model.create_prescription(case, window_mm=options.window_mm, beams=str(options.beam_count))
    inputs = from_prescription(case.name, options, plan).inputs
    optimizer = model.create_optimizer(plan, "lbfgs")
    model.optimize(optimizer)
    weights = optimizer.weights().reshape(inputs.column_norm.shape).astype(np.float32)
    fresh = path.with_suffix(".tmp.npz")
    np.savez(fresh, **vars(inputs), weights=weights)
    fresh.rename(path)


def fit_ridge(train: Sequence[Plan], dev: Sequence[Plan]) -> tuple[RidgeStart, float, float]:
    """The strength that does best on the dev patients. Returns the model, the strength, the error on them."""
    ridge = RidgeStart()
    errors = {}
    for strength in STRENGTHS:
        ridge.fit(train, strength)
        errors[strength] = ridge.error(dev)
    best = min(errors, key=errors.__getitem__)
    ridge.fit(train, best)
    return ridge, best, errors[best]


def export_ridge(cases: Sequence[Path], cache: Path, models: Path, command: str) -> tuple[Path, float]:
    """Plans, fits and writes `models/ridge-start/1/`. Returns the folder and the error on the dev patients."""
    options = CorpusOptions(variants=1)
    train_cases, dev_cases = split_patients(list(cases), options)
    train, dev = plan_cases(train_cases, cache), plan_cases(dev_cases, cache)
    ridge, strength, error = fit_ridge(train, dev)
    model = WarmStartModel(ridge)  # type: ignore[arg-type]
    model.fit([inputs for inputs, _ in train])
    described = ModelDescription(
        id=NAME,
        version="1",
        role="initialization",
        inputs=INPUTS,
        outputs=OUTPUTS,
        batch_axis=None,
        training={
            "data_sha256": corpus_digest(list(cases), options, RtModelWrapper().version),
            "cases": len(train) + len(dev),
            "seed": options.seed,
            "command": command,
        },
        ranges=input_ranges([ModelInputs(*(one.numpy() for one in inputs)) for inputs, _ in train]),
        weight_ceiling=WEIGHT_CEILING,
    )
    card = _CARD.format(train=len(train), dev=len(dev), strength=strength, error=error, command=command)
    golden = {name: vars(inputs) for name, inputs in golden_inputs().items()}
    return write_package(model, described, golden, card, models), error


_CARD = """# Model card: ridge-start 1

Research software: not for treating people. A baseline for evaluations, not for use: start weights by ridge regression
on products of two of a beamlet's features, from the same inputs as `warm-start`.

Fitted to final weights of the optimizer's own L-BFGS on {train} training patients. Penalty {strength:g}, chosen among
five by {dev} more patients: mean squared error {error:.3f} of the variance of their weights. Final weights are far from
unique, so what is predicted is a blur of them.

Command: `{command}`
"""
