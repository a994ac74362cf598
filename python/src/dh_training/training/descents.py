"""Where the optimizer's descents from a network's own starts end: the plans that `warm-start` is drawn to.

A plan has many good neighbours, and their mean is none. The end of the descent from the network's own start is the
good plan that it can tell from its start; it differs by what a descent then spends its calls on.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from pydantic import NonNegativeFloat, PositiveInt
from tqdm import tqdm

from dh_training.corpus import Sample, problems_of
from dh_training.measuring import PlanToMeasure, claim_measured, measure
from dh_training.networks.fluence import WEIGHT_CEILING, FluenceNetwork
from dh_training.problems import ModelInputs, cache_path
from dh_training.training.fit import TrainingError, take_weights
from dh_training.training.role import Sources

FOLDER = "descents"


@dataclass(frozen=True)
class DescentOptions:
    """How much the loss draws the weights to the end of the optimizer's descent from them."""

    distance_weight: NonNegativeFloat = 0.0
    """Of the squared relative distance beside the mean logarithm of F; 0 measures no descents."""
    iterations: PositiveInt = 100
    """Of L-BFGS, after the preparation of the start."""
    whole_target_iterations: PositiveInt = 200
    """The same where the whole target is planned."""


@dataclass(frozen=True)
class Descent:
    """A `Measurement`: the optimizer's descent from a network's start, as from any start that is given."""

    network: FluenceNetwork
    options: DescentOptions

    def __call__(self, told: PlanToMeasure) -> Mapping[str, npt.NDArray[Any]]:
        """`end`: (B, R, C) weights, float32."""
        torch.set_num_threads(1)
        with torch.no_grad():
            start = self.network(*(torch.from_numpy(value) for value in vars(told.inputs).values())).numpy()
        optimizer = told.model.create_optimizer(told.plan, "lbfgs", "full")
        is_plane = start.shape[1] == 1
        limit = self.options.iterations if is_plane else self.options.whole_target_iterations
        optimizer.set_run_options(max_iterations=limit)
        told.model.set_initial_weights(optimizer, np.clip(start.astype(np.float64).reshape(-1), 0.0, WEIGHT_CEILING))
        told.model.optimize(optimizer)
        return {"end": optimizer.weights().reshape(start.shape).astype(np.float32)}


def measure_descents(network: FluenceNetwork, options: DescentOptions, sources: Sources, jobs: int) -> list[str]:
    """Makes the descents that are missing. Returns a line for every problem, to train on or choose by, without.

    `network` takes the weights of `sources.begin`. TrainingError without it: descents are of a trained network's
    starts.
    """
    if sources.begin is None:
        raise TrainingError(
            "descents.distance_weight draws to the ends of descents from an earlier network's starts: "
            "give its best.pt with --begin, or set the weight to 0"
        )
    take_weights(network, sources.begin)
    told = {
        "data_sha256": sources.data_sha256,
        "begun_with_sha256": sha256(sources.begin.read_bytes()).hexdigest(),
        "iterations": [options.iterations, options.whole_target_iterations],
    }
    assert sources.measured is not None  # the command's
    folder = sources.measured / FOLDER
    claim_measured(folder, told)
    train, dev = sources.split()
    problems = problems_of(train, sources.options) + problems_of(dev, sources.to_choose_by)
    return measure(problems, Descent(network.cpu().eval(), options), folder, jobs)


def with_ends(samples: Sequence[Sample], sources: Sources) -> list[Sample]:
    """The samples with the ends of their descents; who has none is named. As they are where nothing was measured."""
    folder = sources.measured and sources.measured / FOLDER
    if folder is None or not folder.is_dir():
        return list(samples)
    return [replace(sample, end=_end_of(sample, folder)) for sample in samples]


def distance(inputs: ModelInputs, weights: torch.Tensor, end: torch.Tensor) -> torch.Tensor:
    """Squared distance over the end's squared length; a beamlet counts by the norm of its influence column. Scalar."""
    norm = torch.from_numpy(inputs.column_norm)
    return (norm * (weights - end)).square().sum() / (norm * end).square().sum()


def _end_of(sample: Sample, folder: Path) -> torch.Tensor | None:
    path = cache_path(Path(sample.problem.patient), sample.problem.options, folder)
    try:
        with np.load(path) as stored:
            return torch.from_numpy(stored["end"])
    except OSError as fault:
        tqdm.write(f"no descent: {sample.problem.patient} {sample.problem.options}: {fault}", file=sys.stderr)
        return None
