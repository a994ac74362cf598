"""Reads the trajectories that the host records; `docs/trajectories.md` explains them."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

#: Key of the Parquet metadata that holds what is true of the whole session.
FACTS_KEY = b"dh_trajectory"
FORMAT = "dh-trajectory"
VERSION = 1

ITERATIONS_FILE = "iterations.parquet"
STAGES_FILE = "stages.parquet"
BEAMLETS_FILE = "beamlets.parquet"

Scalars = NDArray[np.float64]
Counts = NDArray[np.int64]
#: One entry a row: a vector of length n of its level, or None where none was recorded.
Vectors = tuple[NDArray[np.float32] | None, ...]


class TrajectoryError(ValueError):
    """A path that is no trajectory, or not a whole one; says which and why."""


@dataclass(frozen=True, slots=True)
class Iterations:
    """One entry an iteration, in order. `table` has the advice columns, too."""

    stage: Counts
    level: Counts
    iteration: Counts
    histogram_sigma_gy: Scalars
    objective: Scalars
    gradient_norm: Scalars
    step_size: Scalars
    value_calls: Counts
    gradient_calls: Counts
    elapsed_ms: Scalars
    weights: Vectors
    search_direction: Vectors
    adaptive_variance: Vectors
    gradient: Vectors
    table: pa.Table

    def __len__(self) -> int:
        """Return the number of iterations."""
        return len(self.objective)


@dataclass(frozen=True, slots=True)
class Stages:
    """One entry a stage, in order. NaN and empty strings where a stage did not end."""

    stage: Counts
    level: Counts
    histogram_sigma_gy: Scalars
    start_objective: Scalars
    objective: Scalars
    weights: Vectors
    adaptive_variance: Vectors
    column_norm: Vectors
    stop_reason: tuple[str, ...]
    table: pa.Table


@dataclass(frozen=True, slots=True)
class Beamlets:
    """One entry a beamlet of level 0, in the order of its vectors; None where nothing was recorded."""

    beam: Counts | None
    row: Counts | None
    column: Counts | None
    #: (n,) Gy per unit weight; 0 for an excluded beamlet.
    column_norm: NDArray[np.float32] | None
    #: (n, structures) Gy per unit weight.
    structure_mean_dose: NDArray[np.float32] | None
    #: (n, structures) Gy per unit weight.
    structure_max_dose: NDArray[np.float32] | None
    #: (n, 100) relative electron density.
    path_density: NDArray[np.float32] | None


@dataclass(frozen=True, slots=True)
class Trajectory:
    """One recorded session. Arrays may share memory with the file's buffers and are read-only."""

    path: Path
    session_id: str
    #: Pseudonym; empty when the client gave no key. Split data sets by it, never by session.
    patient_id: str
    #: Why the session ended, such as `finished` or `lost`.
    outcome: str
    is_complete: bool
    #: Structures with prescription and geometry, beams, levels, weight ceiling.
    anatomy: Mapping[str, Any]
    #: Everything known of the session as a whole.
    facts: Mapping[str, Any]
    iterations: Iterations
    stages: Stages
    beamlets: Beamlets
    #: (n,) weights of the finished plan, exact; None when it did not finish.
    final_weights: NDArray[np.float64] | None
    #: The run's own objective at its end; None when nothing was recorded.
    final_objective: float | None


def find_trajectories(directory: Path | str) -> list[Path]:
    """Return the folders of all trajectories in a recording directory, sorted.

    Raises:
        TrajectoryError: there is no such directory.

    """
    root = Path(directory)
    if not root.is_dir():
        raise TrajectoryError(f"{root}: is no directory")
    return sorted(file.parent for file in root.glob(f"*/{ITERATIONS_FILE}"))


def read_facts(path: Path | str) -> Mapping[str, Any]:
    """Return what is known of a session as a whole, without reading its tables.

    Raises:
        TrajectoryError: the path is no trajectory, or of a version this program does not know.

    """
    file = _folder(path) / ITERATIONS_FILE
    try:
        metadata = pq.read_schema(file).metadata or {}
    except (OSError, pa.ArrowInvalid) as fault:
        raise TrajectoryError(f"{file}: can't be read: {fault}") from fault
    if FACTS_KEY not in metadata:
        raise TrajectoryError(f"{file}: is Parquet, but no trajectory")
    facts = json.loads(metadata[FACTS_KEY])
    if (facts["format"], facts["version"]) != (FORMAT, VERSION):
        raise TrajectoryError(f"{file}: is {facts['format']} {facts['version']}; known is {FORMAT} {VERSION}")
    return facts


def read_trajectory(path: Path | str) -> Trajectory:
    """Read a trajectory from its folder, or from a file in it.

    Raises:
        TrajectoryError: the path is no trajectory, not a whole one, or of a version this program does not know.

    """
    folder = _folder(path)
    facts = read_facts(folder)
    beamlets = _read(folder / BEAMLETS_FILE)
    return Trajectory(
        path=folder,
        session_id=facts["session_id"],
        patient_id=facts["patient_id"],
        outcome=facts["outcome"],
        is_complete=facts["is_complete"],
        anatomy=facts["anatomy"],
        facts=facts,
        iterations=_iterations(_read(folder / ITERATIONS_FILE)),
        stages=_stages(_read(folder / STAGES_FILE)),
        beamlets=_beamlets(beamlets),
        final_weights=_whole(beamlets["final_weight"]),
        final_objective=facts["final_objective"],
    )


def _folder(path: Path | str) -> Path:
    given = Path(path)
    if not given.exists():
        raise TrajectoryError(f"{given}: does not exist")
    return given if given.is_dir() else given.parent


def _read(file: Path) -> pa.Table:
    try:
        return pq.read_table(file).combine_chunks()
    except (OSError, pa.ArrowInvalid) as fault:
        raise TrajectoryError(f"{file}: can't be read: {fault}") from fault


def _scalars(column: pa.ChunkedArray) -> Scalars:
    return column.to_numpy().astype(np.float64, copy=False)


def _counts(column: pa.ChunkedArray) -> Counts:
    return column.to_numpy().astype(np.int64, copy=False)


def _vectors(column: pa.ChunkedArray) -> Vectors:
    return tuple(
        entry.values.to_numpy(zero_copy_only=True) if entry.is_valid else None
        for chunk in column.chunks
        for entry in chunk
    )


def _whole(column: pa.ChunkedArray) -> NDArray[Any] | None:
    """Return a column as an array, or None unless every row has a value."""
    return None if column.null_count > 0 else column.to_numpy()


def _matrix(column: pa.ChunkedArray) -> NDArray[np.float32] | None:
    """Return a column of equally long lists as a matrix, or None unless every row has one."""
    if column.null_count > 0 or len(column) == 0:
        return None
    return column.combine_chunks().flatten().to_numpy(zero_copy_only=True).reshape(len(column), -1)


def _iterations(table: pa.Table) -> Iterations:
    return Iterations(
        stage=_counts(table["stage"]),
        level=_counts(table["level"]),
        iteration=_counts(table["iteration"]),
        histogram_sigma_gy=_scalars(table["histogram_sigma_gy"]),
        objective=_scalars(table["objective"]),
        gradient_norm=_scalars(table["gradient_norm"]),
        step_size=_scalars(table["step_size"]),
        value_calls=_counts(table["value_calls"]),
        gradient_calls=_counts(table["gradient_calls"]),
        elapsed_ms=_scalars(table["elapsed_ms"]),
        weights=_vectors(table["weights"]),
        search_direction=_vectors(table["search_direction"]),
        adaptive_variance=_vectors(table["adaptive_variance"]),
        gradient=_vectors(table["gradient"]),
        table=table,
    )


def _stages(table: pa.Table) -> Stages:
    return Stages(
        stage=_counts(table["stage"]),
        level=_counts(table["level"]),
        histogram_sigma_gy=_scalars(table["histogram_sigma_gy"]),
        start_objective=_scalars(table["start_objective"]),
        objective=_scalars(table["objective"]),
        weights=_vectors(table["weights"]),
        adaptive_variance=_vectors(table["adaptive_variance"]),
        column_norm=_vectors(table["column_norm"]),
        stop_reason=tuple(reason or "" for reason in table["stop_reason"].to_pylist()),
        table=table,
    )


def _beamlets(table: pa.Table) -> Beamlets:
    return Beamlets(
        beam=_whole(table["beam"]),
        row=_whole(table["row"]),
        column=_whole(table["column"]),
        column_norm=_whole(table["column_norm"]),
        structure_mean_dose=_matrix(table["structure_mean_dose"]),
        structure_max_dose=_matrix(table["structure_max_dose"]),
        path_density=_matrix(table["path_density"]),
    )
