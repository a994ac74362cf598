"""Planning problems as the networks and the training loss see them, cached on disk by what they were made from."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import numpy.typing as npt
import scipy.sparse as sp

from dh_training.goals import GoalOptions, prescription_file, with_prescribed_dose
from dh_training.objective import DoseOperator, Goals
from dh_training.rtmodel import Prescription, RtModelWrapper, Structure

CACHE_FORMAT = 2
STRUCTURE_COLUMNS = (
    "is_target",
    "is_organ",
    "is_normal",
    "objective_weight",
    "goal_low_gy",
    "goal_high_gy",
    "prescribed_dose_gy",
    "volume_cc",
    "sphericity",
    "dose_gradient_gy_per_mm",
    "target_distance_mm",
)
BEAM_COLUMNS = ("gantry_deg", "couch_deg", "column_width_mm", "row_height_mm")
_VOLUME_EPSILON = 1e-9


@dataclass(frozen=True)
class ProblemOptions:
    """How a problem is made from a case. Equal options give equal problems."""

    window_mm: float | None = 15.0
    """Half height of the planned slices; None plans the whole target."""
    beam_count: int = 9
    first_gantry_deg: float = 0.0
    shift_mm: tuple[float, float, float] = (0.0, 0.0, 0.0)
    """Moves the isocentre, LPS: another slice, other columns."""
    beamlet_mm: float = 5.0
    columns: int = 0
    """Of every beam, whether they cover the targets or not, and none of its beamlets is excluded; 0 = as many as cover
    the targets, without the beamlets that touch none."""
    goals: GoalOptions = field(default_factory=GoalOptions)


@dataclass(frozen=True)
class ModelInputs:
    """Raw inputs of the learned models in physical units, float32; `packModelInputs` of the SDK makes the same."""

    structures: npt.NDArray[np.float32]
    """(S, 11), columns as STRUCTURE_COLUMNS."""
    beams: npt.NDArray[np.float32]
    """(B, 4), columns as BEAM_COLUMNS."""
    structure_mean_dose: npt.NDArray[np.float32]
    """(B, R, C, S), Gy per unit weight."""
    structure_max_dose: npt.NDArray[np.float32]
    """(B, R, C, S), Gy per unit weight."""
    column_norm: npt.NDArray[np.float32]
    """(B, R, C), Gy per unit weight; 0 for excluded beamlets."""


@dataclass(frozen=True)
class Problem:
    """One planning problem."""

    patient: str
    options: ProblemOptions
    inputs: ModelInputs
    operator: DoseOperator
    goals: Goals
    highest_dose_gy: float


def structure_table(structures: list[Structure]) -> npt.NDArray[np.float32]:
    """(S, 11), columns as STRUCTURE_COLUMNS."""
    return np.array([_structure_row(structure) for structure in structures], dtype=np.float32)


def _structure_row(structure: Structure) -> list[float]:
    doses, volumes = structure.prescription[:, 0], structure.prescription[:, 1]
    whole = np.flatnonzero(volumes >= 1 - _VOLUME_EPSILON)
    nothing = np.flatnonzero(volumes <= _VOLUME_EPSILON)
    return [
        float(structure.role == "target"),
        float(structure.role == "organ-at-risk"),
        float(structure.role == "normal-tissue"),
        structure.objective_weight,
        float(doses[whole[-1]]) if len(whole) else 0.0,
        float(doses[nothing[0]]) if len(nothing) else float(doses[-1]),
        structure.prescribed_dose_gy or 0.0,
        structure.volume_cc,
        structure.sphericity,
        structure.dose_gradient_gy_per_mm,
        structure.target_distance_mm,
    ]


def gantry_angles(options: ProblemOptions) -> npt.NDArray[np.float64]:
    """Equispaced, degrees in [0, 360)."""
    return (options.first_gantry_deg + 360.0 * np.arange(options.beam_count) / options.beam_count) % 360.0


def open_plan(model: RtModelWrapper, case: Path, options: ProblemOptions, scratch: Path) -> Prescription:
    """Plans nothing: reads the case, moves the isocentre, writes the goals and lets the optimizer make its problem."""
    folder = _changed_case(case, options, scratch)
    beams = scratch / "beams.json"
    angles = [{"gantry_deg": float(g), "couch_deg": 0.0} for g in gantry_angles(options)]
    beams.write_text(json.dumps({"beams": angles}))
    goals = None
    if options.goals != GoalOptions():
        goals = scratch / "goals.yaml"
        goals.write_text(prescription_file(model.default_goals, options.goals))
    return model.create_prescription(
        folder,
        window_mm=options.window_mm,
        beams=str(beams),
        beamlet_mm=options.beamlet_mm,
        prescription_file=goals,
        columns=options.columns,
        keeps_all_beamlets=options.columns > 0,
    )


def make_problem(model: RtModelWrapper, case: Path, options: ProblemOptions, scratch: Path) -> Problem:
    """The optimizer's problem as networks and loss see it."""
    return from_prescription(case.name, options, open_plan(model, case, options, scratch))


def from_prescription(patient: str, options: ProblemOptions, plan: Prescription) -> Problem:
    """Takes everything the networks and the loss need out of the optimizer's problem."""
    influence = plan.influence()
    shape = (plan.voxels, plan.beamlets)
    matrix = sp.csr_matrix((influence.values, influence.columns, influence.starts), shape=shape, copy=True)
    mean, maximum = plan.structure_doses()
    grid = (plan.beams, plan.rows, plan.columns)
    norms = np.sqrt(np.asarray(matrix.multiply(matrix).sum(axis=0))).reshape(grid)
    row_height_mm = 2 * (options.window_mm + 10.0) if options.window_mm is not None else options.beamlet_mm
    beams = np.array([[g, 0.0, options.beamlet_mm, row_height_mm] for g in gantry_angles(options)])
    return Problem(
        patient=patient,
        options=options,
        inputs=ModelInputs(
            structures=structure_table(plan.structures),
            beams=beams.astype(np.float32),
            structure_mean_dose=mean.reshape(*grid, -1).astype(np.float32),
            structure_max_dose=maximum.reshape(*grid, -1).astype(np.float32),
            column_norm=norms.astype(np.float32),
        ),
        operator=DoseOperator(matrix),
        goals=Goals(
            rows=tuple(s.planned_rows.astype(np.int64) for s in plan.structures),
            curves=tuple(s.prescription for s in plan.structures),
            weights=np.array([s.objective_weight for s in plan.structures]),
        ),
        highest_dose_gy=float(0.2 * matrix.sum(axis=1).max()),
    )


def cache_path(case: Path, options: ProblemOptions, cache: Path) -> Path:
    """Where the problem lies in the cache."""
    made_from = json.dumps([CACHE_FORMAT, case.name, asdict(options)], sort_keys=True)
    return cache / f"{case.name}-{hashlib.sha256(made_from.encode()).hexdigest()[:20]}.npz"


def cached_inputs(case: Path, options: ProblemOptions, cache: Path) -> ModelInputs:
    """Only what a model is asked, of a problem that is in the cache. OSError when it is not."""
    with np.load(cache_path(case, options, cache)) as stored:
        return ModelInputs(**{field.name: stored[f"input_{field.name}"] for field in fields(ModelInputs)})


def cached_problem(model: RtModelWrapper, case: Path, options: ProblemOptions, cache: Path) -> Problem:
    """The problem from the cache, or made and cached."""
    path = cache_path(case, options, cache)
    if path.exists():
        return _load(path, case.name, options)
    # Beside its place, so that the rename is one step; another process may make the same problem meanwhile.
    with TemporaryDirectory(dir=cache, prefix=path.stem) as scratch:
        problem = make_problem(model, case, options, Path(scratch))
        _save(Path(scratch) / "problem.npz", problem)
        (Path(scratch) / "problem.npz").rename(path)
    return problem


def plannable_cases(folder: Path) -> Iterator[Path]:
    """Case folders whose own `quality.plannable` is not false, in order of their names."""
    for description in sorted(folder.glob("*/case.json")):
        if json.loads(description.read_text()).get("quality", {}).get("plannable", True):
            yield description.parent


def _changed_case(case: Path, options: ProblemOptions, scratch: Path) -> Path:
    prescribed_gy = options.goals.prescribed_gy
    if not any(options.shift_mm) and prescribed_gy is None:
        return case
    folder = scratch / case.name
    folder.mkdir(exist_ok=True)
    for file in case.iterdir():
        copy = folder / file.name
        # The optimizer reads no links out of a case's folder, since a case may come from anybody.
        if file.is_file() and file.name != "case.json" and not copy.exists():
            shutil.copyfile(file, copy)
    description = json.loads((case / "case.json").read_text())
    description["isocenter_mm"] = [
        at + by for at, by in zip(description["isocenter_mm"], options.shift_mm, strict=True)
    ]
    if prescribed_gy is not None:
        description = with_prescribed_dose(description, prescribed_gy)
    (folder / "case.json").write_text(json.dumps(description))
    return folder


def _save(path: Path, problem: Problem) -> None:
    matrix = problem.operator.matrix
    goals = problem.goals
    arrays = {
        "data": matrix.data,
        "indices": matrix.indices.astype(np.uint16 if matrix.shape[1] < 65536 else np.int32),
        "indptr": matrix.indptr,
        "shape": np.array(matrix.shape),
        "highest_dose_gy": np.array(problem.highest_dose_gy),
        "goal_weights": goals.weights,
        "goal_rows": np.concatenate(goals.rows).astype(np.int32),
        "goal_counts": np.array([len(rows) for rows in goals.rows]),
        "curves": np.concatenate(goals.curves),
        "curve_counts": np.array([len(curve) for curve in goals.curves]),
    }
    arrays |= {f"input_{name}": value for name, value in vars(problem.inputs).items()}
    with path.open("wb") as file:
        np.savez(file, **arrays)


def _load(path: Path, patient: str, options: ProblemOptions) -> Problem:
    with np.load(path) as stored:
        arrays = dict(stored)
    matrix = sp.csr_matrix(
        (arrays["data"], arrays["indices"].astype(np.int32), arrays["indptr"]), shape=tuple(arrays["shape"])
    )
    rows = np.split(arrays["goal_rows"].astype(np.int64), np.cumsum(arrays["goal_counts"])[:-1])
    curves = np.split(arrays["curves"], np.cumsum(arrays["curve_counts"])[:-1])
    inputs = {name.removeprefix("input_"): value for name, value in arrays.items() if name.startswith("input_")}
    return Problem(
        patient=patient,
        options=options,
        inputs=ModelInputs(**inputs),
        operator=DoseOperator(matrix),
        goals=Goals(tuple(rows), tuple(curves), arrays["goal_weights"]),
        highest_dose_gy=float(arrays["highest_dose_gy"]),
    )
