"""The annealing schedules that `pyramid-sigma` chooses among, and runs of the optimizer with each of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
import numpy.typing as npt
from pydantic import PositiveFloat, PositiveInt

from dh_training.measuring import PlanToMeasure, Run, run_of
from dh_training.packages import open_session
from dh_training.rtmodel import Stage

FINEST_SIGMA_GY = 2.5
Schedule = tuple[tuple[PositiveFloat, PositiveInt], ...]
"""Histogram sigma in Gy and iterations of the stages before the last, all at the finest level."""


@dataclass(frozen=True)
class Candidates:
    """Schedules to choose among. The first of each is what the optimizer does unadvised."""

    flat: tuple[Schedule, ...] = (
        ((30, 6), (10, 10), (5, 10)),
        ((30, 6), (10, 10), (5, 20)),
        ((30, 10), (10, 16), (5, 16)),
        ((30, 6), (10, 10)),
        ((15, 8), (5, 10)),
        ((20, 6), (7, 10)),
        ((30, 6), (10, 10), (5, 10), (3.5, 10)),
        ((20, 6), (8, 8), (4, 8)),
    )
    """From a flat start."""
    learned: tuple[Schedule, ...] = (
        ((5, 10),),
        (),
        ((5, 5),),
        ((3.5, 6),),
        ((4, 6),),
        ((8, 6), (4, 6)),
    )
    """From learned weights."""

    def __post_init__(self) -> None:
        """ValueError: there is something to choose, and sigmas only fall, to no less than the finest level's."""
        for name, schedules in (("flat", self.flat), ("learned", self.learned)):
            if len(schedules) < 2:
                raise ValueError(f"{len(schedules)} schedules in {name}: give at least two to choose among")
            for schedule in schedules:
                sigmas = [sigma for sigma, _ in schedule] + [FINEST_SIGMA_GY]
                if any(one < next_one for one, next_one in pairwise(sigmas)):
                    raise ValueError(f"{name}: sigmas of {schedule} must fall, to no less than {FINEST_SIGMA_GY} Gy")

    @property
    def most_stages(self) -> int:
        """Of any schedule; at least one."""
        return max(1, *(len(schedule) for schedule in (*self.flat, *self.learned)))


@dataclass(frozen=True)
class ScheduleRuns:
    """Runs L-BFGS with every schedule: from its own start, and from learned weights."""

    candidates: Candidates
    warm_start: Path
    """`model.onnx` of a warm start."""
    last_iterations: int
    """Of the last stage at most."""

    def __call__(self, told: PlanToMeasure) -> Mapping[str, npt.NDArray[np.float32]]:
        """`flat_<k>`, `learned_<k>`: runs as (2, iterations)."""
        runs = {f"flat_{k}": self._run(told, schedule, None) for k, schedule in enumerate(self.candidates.flat)}
        (weights,) = open_session(self.warm_start).run(["weights"], vars(told.inputs))
        for k, schedule in enumerate(self.candidates.learned):
            runs[f"learned_{k}"] = self._run(told, schedule, weights.ravel())
        return {name: run.as_array() for name, run in runs.items()}

    def _run(self, told: PlanToMeasure, schedule: Schedule, weights: npt.NDArray[np.float32] | None) -> Run:
        optimizer = told.model.create_optimizer(told.plan, "lbfgs")
        if weights is not None:
            told.model.set_initial_weights(optimizer, weights)
        optimizer.set_stages([*(Stage(0, sigma, limit) for sigma, limit in schedule), Stage(0, FINEST_SIGMA_GY)])
        return run_of(told.model, optimizer, self.last_iterations)
