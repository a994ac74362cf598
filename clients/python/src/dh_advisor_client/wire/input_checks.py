"""Why a message can't be sent, as a sentence that names the field; the same rules as the C++ client's."""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from dh_advisor_client.enums import Solver, TensorKind
from dh_advisor_client.plan import (
    Beam,
    DoseMetric,
    DoseSlice,
    DoseVolumeCurve,
    DoseVolumePoint,
    Geometry,
    Iteration,
    LevelEnd,
    LevelPlan,
    LevelStart,
    PlanFinish,
    PlanStart,
    Structure,
    Tensors,
)
from dh_advisor_client.status import InvalidInput

PATH_SAMPLES = 100
_LONGEST_TEXT = 4096
_MASK_BITS = 16
_MOST_UINT32 = 2**32 - 1
_LONGEST_LABEL_BYTES = 64
_MOST_CURVE_POINTS = 201
_LONGEST_SLICE_SIDE = 256


@dataclass(frozen=True)
class PlanCounts:
    """What later messages of a plan are checked against."""

    structures: int
    level_beamlets: tuple[int, ...]


def require(holds: bool, field: str, problem: str) -> None:
    """Raises `InvalidInput` unless it holds."""
    if not holds:
        raise InvalidInput(f"{field} {problem}")


def finite(value: float, field: str) -> None:
    """A finite number."""
    require(math.isfinite(value), field, "is not finite")


def positive(value: float, field: str) -> None:
    """A positive, finite number."""
    require(math.isfinite(value) and value > 0.0, field, "must be positive and finite")


def not_negative(value: float, field: str) -> None:
    """A finite number of at least 0."""
    require(math.isfinite(value) and value >= 0.0, field, "must be finite and not negative")


def counts(value: int, field: str) -> None:
    """A whole number that fits 32 bits."""
    require(int(value) == value and 0 <= value <= _MOST_UINT32, field, "must be a whole number in [0, 4294967295]")


def text(value: str, field: str, *, may_be_empty: bool = True) -> None:
    """Text that can travel: names end up in logs, tables and file names, so control characters are refused."""
    require(may_be_empty or value != "", field, "is empty")
    try:
        length = len(value.encode())
    except UnicodeEncodeError as fault:
        raise InvalidInput(f"{field} can't be written as UTF-8 at character {fault.start}") from None
    require(length <= _LONGEST_TEXT, field, f"has {length} bytes, more than {_LONGEST_TEXT}")
    bad = next((i for i, c in enumerate(value) if unicodedata.category(c) in ("Cc", "Zl", "Zp")), None)
    require(bad is None, field, f"has a control character at character {bad}")


def _different(values: Iterable[Any], field: str) -> None:
    seen: set[Any] = set()
    for value in values:
        require(value not in seen, field, f"has {value!r} twice")
        seen.add(value)


def _check_curve(points: Sequence[DoseVolumePoint], at: str) -> None:
    before_gy = 0.0
    for k, point in enumerate(points):
        not_negative(point.dose_gy, f"{at}[{k}].dose_gy")
        require(point.dose_gy >= before_gy, f"{at}[{k}].dose_gy", "is lower than the one before it")
        require(0.0 <= point.volume_fraction <= 1.0, f"{at}[{k}].volume_fraction", "must lie in [0, 1]")
        before_gy = point.dose_gy


def _check_structure(structure: Structure, at: str) -> None:
    text(structure.name, f"{at}.name", may_be_empty=False)
    text(structure.tg263_name, f"{at}.tg263_name")
    not_negative(structure.volume_cc, f"{at}.volume_cc")
    counts(structure.voxel_count, f"{at}.voxel_count")
    not_negative(structure.objective_weight, f"{at}.objective_weight")
    require(0 <= structure.bit < _MASK_BITS, f"{at}.bit", "is not below 16, the bits of the mask")
    if structure.prescribed_dose_gy is not None:
        positive(structure.prescribed_dose_gy, f"{at}.prescribed_dose_gy")
    _check_curve(structure.prescription, f"{at}.prescription")


def check_beam(beam: Beam, at: str) -> None:
    """One beam, `at` such as `beams[2]`."""
    finite(beam.gantry_deg, f"{at}.gantry_deg")
    finite(beam.couch_deg, f"{at}.couch_deg")
    counts(beam.columns, f"{at}.columns")
    counts(beam.rows, f"{at}.rows")
    require(beam.columns > 0 and beam.rows > 0, at, "has no columns or no rows")
    positive(beam.column_width_mm, f"{at}.column_width_mm")
    positive(beam.row_height_mm, f"{at}.row_height_mm")


def _check_bounds(lower: float, upper: float, at: str) -> None:
    not_negative(lower, f"{at}variance_lower_gy2")
    not_negative(upper, f"{at}variance_upper_gy2")
    require(upper >= lower, f"{at}variance_upper_gy2", "is below variance_lower_gy2")


def _check_level(level: LevelPlan, index: int) -> None:
    at = f"levels[{index}]"
    require(level.level == index, f"{at}.level", "is out of order: levels are listed finest first, from 0")
    counts(level.beamlet_count, f"{at}.beamlet_count")
    require(level.beamlet_count > 0, f"{at}.beamlet_count", "is 0")
    positive(level.histogram_sigma_gy, f"{at}.histogram_sigma_gy")
    _check_bounds(level.variance_lower_gy2, level.variance_upper_gy2, f"{at}.")
    counts(level.iteration_limit, f"{at}.iteration_limit")
    not_negative(level.tolerance, f"{at}.tolerance")


def check_plan(plan: PlanStart) -> PlanCounts:
    """Raises `InvalidInput` when the plan can't be introduced."""
    text(plan.client, "client")
    require(plan.plan_key != "", "plan_key", "is empty; give every plan a key of its own")
    text(plan.plan_key, "plan_key")
    text(plan.patient_key, "patient_key")
    text(plan.solver_name, "solver_name")
    is_named = plan.solver is not Solver.OTHER or plan.solver_name != ""
    require(is_named, "solver_name", "is empty; a solver that is neither dH nor L-BFGS has a name")
    text(plan.label, "label")
    require(len(plan.label.encode()) <= _LONGEST_LABEL_BYTES, "label", "has more than 64 bytes")
    for field in ("structures", "beams", "levels"):
        require(len(getattr(plan, field)) > 0, field, "is empty")
    for i, structure in enumerate(plan.structures):
        _check_structure(structure, f"structures[{i}]")
    _different((structure.name for structure in plan.structures), "structures")
    for i, beam in enumerate(plan.beams):
        check_beam(beam, f"beams[{i}]")
    for i, level in enumerate(plan.levels):
        _check_level(level, i)
    beamlets = sum(beam.columns * beam.rows for beam in plan.beams)
    said = plan.levels[0].beamlet_count
    agrees = f"is {said}, but the beams have {beamlets} columns times rows"
    require(said == beamlets, "levels[0].beamlet_count", agrees)
    positive(plan.weight_ceiling, "weight_ceiling")
    positive(plan.weight_steepness, "weight_steepness")
    for i, check in enumerate(plan.self_checks):
        text(check.field, f"self_checks[{i}].field")
        text(check.finding, f"self_checks[{i}].finding")
    return PlanCounts(len(plan.structures), tuple(level.beamlet_count for level in plan.levels))


def _check_tensors(tensors: Tensors, beamlets: int, plan: PlanCounts) -> None:
    columns = {
        TensorKind.STRUCTURE_MEAN_DOSE: plan.structures,
        TensorKind.STRUCTURE_MAX_DOSE: plan.structures,
        TensorKind.PATH_DENSITY: PATH_SAMPLES,
    }
    for kind, values in tensors.items():
        at = f"tensors[{kind.wire_name}]"
        require(kind <= TensorKind.PATH_DENSITY, at, "is a volume; send_volume sends those")
        array = np.asarray(values)
        wanted = (beamlets, columns[kind]) if kind in columns else (beamlets,)
        require(array.shape == wanted, at, f"has shape {array.shape} and must have {wanted}")
        require(array.dtype.kind in "fiu", at, f"has data type {array.dtype}, which is no number")
        require(bool(np.isfinite(array).all()), at, "is not finite everywhere")


def check_geometry(geometry: Geometry, plan: PlanCounts) -> None:
    """Raises `InvalidInput` when it can't be sent."""
    for i, structure in enumerate(geometry.structures):
        at = f"structures[{i}]"
        require(0 <= structure.structure < plan.structures, f"{at}.structure", "is no structure of the plan")
        finite(structure.sphericity, f"{at}.sphericity")
        finite(structure.dose_gradient_gy_per_mm, f"{at}.dose_gradient_gy_per_mm")
        not_negative(structure.target_distance_mm, f"{at}.target_distance_mm")
    _different((structure.structure for structure in geometry.structures), "structures")
    _check_tensors(geometry.tensors, plan.level_beamlets[0], plan)


def check_level_start(start: LevelStart, plan: PlanCounts) -> None:
    """Raises `InvalidInput` when it can't be sent."""
    require(0 <= start.level < len(plan.level_beamlets), "level", "is no level of the plan")
    is_same = start.beamlet_count == plan.level_beamlets[start.level]
    require(is_same, "beamlet_count", "is another than the plan start named for this level")
    counts(start.stage, "stage")
    not_negative(start.histogram_sigma_gy, "histogram_sigma_gy")
    _check_bounds(start.variance_lower_gy2, start.variance_upper_gy2, "")
    finite(start.objective, "objective")
    _check_tensors(start.tensors, start.beamlet_count, plan)


def check_iteration(iteration: Iteration, beamlets: int, plan: PlanCounts) -> None:
    """Raises `InvalidInput` when it can't be sent."""
    for field in ("level", "stage", "iteration", "value_calls", "gradient_calls"):
        counts(getattr(iteration, field), field)
    for field in ("objective", "gradient_norm", "step_length", "elapsed_ms"):
        finite(getattr(iteration, field), field)
    _check_tensors(iteration.tensors, beamlets, plan)


def check_level_end(end: LevelEnd) -> None:
    """Raises `InvalidInput` when it can't be sent."""
    for field in ("level", "stage", "iterations", "value_calls", "gradient_calls"):
        counts(getattr(end, field), field)
    finite(end.objective, "objective")
    finite(end.elapsed_ms, "elapsed_ms")


def _check_figures(metrics: Sequence[DoseMetric], curves: Sequence[DoseVolumeCurve], plan: PlanCounts, at: str) -> None:
    for i, metric in enumerate(metrics):
        require(0 <= metric.structure < plan.structures, f"{at}metrics[{i}].structure", "is no structure of the plan")
        text(metric.name, f"{at}metrics[{i}].name", may_be_empty=False)
        text(metric.unit, f"{at}metrics[{i}].unit")
        finite(metric.value, f"{at}metrics[{i}].value")
    for i, curve in enumerate(curves):
        require(0 <= curve.structure < plan.structures, f"{at}curves[{i}].structure", "is no structure of the plan")
        require(len(curve.points) <= _MOST_CURVE_POINTS, f"{at}curves[{i}].points", "has more than 201 points")
        _check_curve(curve.points, f"{at}curves[{i}].points")


def _check_slice(dose: DoseSlice, at: str) -> None:
    shape = np.shape(dose.dose_gy)
    is_small = len(shape) == 2 and all(0 < extent <= _LONGEST_SLICE_SIDE for extent in shape)
    require(is_small, f"{at}.dose_gy", f"has shape {shape} and must have 1 to 256 rows and columns")
    require(bool(np.isfinite(dose.dose_gy).all()), f"{at}.dose_gy", "is not finite everywhere")
    positive(dose.row_spacing_mm, f"{at}.row_spacing_mm")
    positive(dose.column_spacing_mm, f"{at}.column_spacing_mm")


def check_finish(finish: PlanFinish, plan: PlanCounts) -> None:
    """Raises `InvalidInput` when it can't be sent."""
    for field in ("iterations", "value_calls", "gradient_calls"):
        counts(getattr(finish, field), field)
    not_negative(finish.call_equivalents, "call_equivalents")
    not_negative(finish.optimization_ms, "optimization_ms")
    finite(finish.reference_objective, "reference_objective")
    _check_figures(finish.metrics, finish.curves, plan, "")
    for i, dose in enumerate(finish.slices):
        _check_slice(dose, f"slices[{i}]")
    _different((dose.plane for dose in finish.slices), "slices")
    if finish.unadvised is not None:
        finite(finish.unadvised.reference_objective, "unadvised.reference_objective")
        not_negative(finish.unadvised.call_equivalents, "unadvised.call_equivalents")
        _check_figures(finish.unadvised.metrics, finish.unadvised.curves, plan, "unadvised.")
    if finish.final_weights is not None:
        _check_tensors({TensorKind.WEIGHTS: finish.final_weights}, plan.level_beamlets[0], plan)
