"""Recorded stages as questions with answers: at every iteration, what was known then and where the stage ended."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import numpy as np
import numpy.typing as npt
from tqdm import tqdm

from dh_training.trajectories import Trajectory, TrajectoryError, find_trajectories, read_trajectory

FloatArray = npt.NDArray[np.float32]
LOOK_BACK = (100, 65, 40, 25, 16, 10, 6, 3, 1, 0)
"""Iterations of the stage that a question looks back on, counted back from the present one, oldest first."""
_BEFORE_OLDEST = 135
_LEAST = 1e-12
_CUT_OFF = ("", "advice", "cancelled", "safeguard")
"""Reasons of stages that others than the solver ended."""


@dataclass(frozen=True)
class StageHistory:
    """Every moment of one stage as a question with its answer."""

    patient: str
    history: FloatArray
    """(iterations, 10, 4), columns as in docs/model-format.md."""
    state: FloatArray
    """(iterations, 6)."""
    final_log10_ratio: FloatArray
    """(iterations,): log10(objective at the end of the stage / objective now), at most 0."""

    @property
    def questions(self) -> FloatArray:
        """(iterations, 10): the present row of the history and the state, what the score is of."""
        return np.concatenate([self.history[:, -1], self.state], axis=1)


def read_stages(folder: Path) -> list[StageHistory]:
    """Every stage of at least two iterations of every whole trajectory in a recording directory.

    A trajectory that can't be read is left out and named on standard error.
    """
    stages: list[StageHistory] = []
    for path in find_trajectories(folder):
        try:
            stages.extend(stages_of(read_trajectory(path)))
        except TrajectoryError as fault:
            tqdm.write(f"left out: {fault}", file=sys.stderr)
    return stages


def stages_of(trajectory: Trajectory) -> Iterable[StageHistory]:
    """The stages that ended as the solver ended them; one that was cut off has no end to predict."""
    iterations, stages = trajectory.iterations, trajectory.stages
    is_lbfgs = float(trajectory.facts["solver"] == "lbfgs")
    for index, stage in enumerate(stages.stage):
        rows = np.flatnonzero(iterations.stage == stage)
        end = float(stages.objective[index])
        if len(rows) < 2 or not np.isfinite(end) or stages.stop_reason[index] in _CUT_OFF:
            continue
        objective = iterations.objective[rows]
        size = trajectory.anatomy["levels"][int(stages.level[index])]["beamlet_count"]
        state = np.zeros((len(rows), 6), dtype=np.float32)
        state[:, 0] = stages.level[index]
        state[:, 1] = np.log10(stages.histogram_sigma_gy[index])
        state[:, 2] = iterations.iteration[rows] / 100.0
        state[:, 3] = np.log10(size)
        state[:, 4] = stage
        state[:, 5] = is_lbfgs
        ratio = np.minimum(_log10(np.full(len(rows), end)) - _log10(objective), 0.0)
        yield StageHistory(
            patient=trajectory.patient_id or trajectory.session_id,
            history=pack_history(objective, iterations.gradient_norm[rows]),
            state=state,
            final_log10_ratio=ratio.astype(np.float32),
        )


def pack_history(objective: npt.NDArray[np.float64], gradient_norm: npt.NDArray[np.float64]) -> FloatArray:
    """(iterations,) twice -> (iterations, 10, 4): what the plugin `convergence` packs at each of them."""
    now = np.arange(len(objective))
    packed = np.zeros((len(objective), len(LOOK_BACK), 4))
    before = np.maximum(now - _BEFORE_OLDEST, 0)
    for row, back in enumerate(LOOK_BACK):
        here = np.maximum(now - back, 0)
        apart = np.maximum(here - before, 1)
        gain = (objective[before] - objective[here]) / np.maximum(np.abs(objective[before]), _LEAST) / apart
        columns = [_log10(objective[here]), _log10(gradient_norm[here]), gain, np.ones(len(now))]
        packed[:, row] = np.where((now >= back)[:, np.newaxis], np.stack(columns, axis=1), 0.0)
        before = here
    return packed.astype(np.float32)


def patient_position(patient: str) -> float:
    """Where a pseudonym lies in [0, 1): shares of patients are ranges of it. As `corpus.is_dev` does with names."""
    return int(sha256(patient.encode()).hexdigest()[:8], 16) / 2**32


def patients_in(stages: Sequence[StageHistory]) -> list[str]:
    """Their pseudonyms, sorted."""
    return sorted({stage.patient for stage in stages})


def _log10(values: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    return np.log10(np.maximum(values, _LEAST))
