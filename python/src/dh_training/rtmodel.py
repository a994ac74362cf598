"""The reference optimizer from Python, through the C interface of `librtmodel.so`. Research software.

Nothing is computed here: features, doses, objectives and runs are the optimizer's own. Names follow the integration
points of dH where it has them (`set_predicted_variance`, `set_structure_sigma`). Vectors over beamlets have the order
beam, row, column (column fastest), excluded beamlets included; doses are in Gy, weights dimensionless in [0, 0.2].
"""

from __future__ import annotations

import ctypes
import json
import os
from collections.abc import Callable, Sequence
from ctypes import POINTER, byref, c_char_p, c_double, c_float, c_int, c_uint8, c_void_p
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from dh_training.rtmodel_types import (
    PlanOptions,
    Progress,
    RunOptions,
    Sizes,
    StageStruct,
    StructureStruct,
    declare_functions,
    progress_callback,
)

FloatArray = npt.NDArray[np.float64]

WEIGHT_CEILING = 0.2
SOLVERS = {"dh": 1, "lbfgs": 2}
COVARIANCES = {"full": 0, "incremental": 1, "predicted": 2, "fixed": 3}
ROLES = {1: "target", 2: "organ-at-risk", 3: "normal-tissue"}


class RtModelError(RuntimeError):
    """What the optimizer refused, in its own words: what is wrong and how to mend it."""


def find_library() -> Path:
    """The built library: `$RTMODEL_LIBRARY`, or that of the checkout this package lies in."""
    given = os.environ.get("RTMODEL_LIBRARY")
    path = Path(given) if given else Path(__file__).parents[3] / "build/cpp/rtmodel/librtmodel.so"
    if not path.is_file():
        raise RtModelError(f"no library at {path}; build it with scripts/setup --tests or set RTMODEL_LIBRARY")
    return path


@dataclass(frozen=True)
class Structure:
    """One structure as planned."""

    name: str
    role: str
    prescribed_dose_gy: float | None
    objective_weight: float
    volume_cc: float
    sphericity: float
    dose_gradient_gy_per_mm: float
    target_distance_mm: float
    planned_rows: npt.NDArray[np.int32]
    """Rows of the influence matrix, overlap with targets left out."""
    prescription: FloatArray
    """Wanted cumulative curve, (points, 2): dose in Gy, volume fraction."""


@dataclass(frozen=True)
class Stage:
    """One run of the solver at a level and a sigma."""

    level: int
    histogram_sigma_gy: float
    iteration_limit: int = 0
    """0 = the solver's own limit."""
    tolerance: float = 0.0
    """Relative change of F that ends the stage; 0 = the solver's own."""


@dataclass(frozen=True)
class Influence:
    """Gy per unit weight in compressed rows: voxels x beamlets. The arrays belong to the problem."""

    starts: npt.NDArray[np.int32]
    columns: npt.NDArray[np.int32]
    values: npt.NDArray[np.float32]


class RtModelWrapper:
    """The loaded library. Objects made from it may be used from several threads, each object from one at a time."""

    def __init__(self, library_path: str | os.PathLike[str] | None = None) -> None:
        """Loads the library at the path, or the one that `find_library` finds."""
        self._lib = ctypes.CDLL(str(library_path or find_library()))
        declare_functions(self._lib)

    @property
    def version(self) -> str:
        """Version of the optimizer, such as `0.1.0`."""
        return self._lib.rtmodel_Version().decode()

    def create_prescription(
        self,
        case_folder: str | os.PathLike[str],
        *,
        window_mm: float | None = 15.0,
        beams: str = "9",
        beamlet_mm: float = 5.0,
        prescription_file: str | os.PathLike[str] | None = None,
        threads: int = 1,
    ) -> Prescription:
        """Reads a case and makes the planning problem: structures, wanted curves, beams and influence matrix.

        `window_mm`: half height of the planned slices; None plans the whole target. `beams`: a number, or a file.
        """
        options = PlanOptions(
            beamlet_mm=beamlet_mm,
            window_mm=-1.0 if window_mm is None else window_mm,
            beams=beams.encode(),
            prescription_file=None if prescription_file is None else os.fsencode(prescription_file),
            threads=threads,
        )
        handle = c_void_p()
        self.check(self._lib.rtmodel_OpenProblem(os.fsencode(case_folder), byref(options), byref(handle)))
        return Prescription(self, handle)

    def create_optimizer(
        self, prescription: Prescription, solver: str = "lbfgs", covariance: str = "incremental"
    ) -> Optimizer:
        """Makes an optimizer. `solver`: dh, lbfgs. `covariance`: full, incremental, predicted, fixed."""
        return Optimizer(self, prescription, _choice(solver, SOLVERS), _choice(covariance, COVARIANCES))

    def set_initial_weights(self, optimizer: Optimizer, weights: npt.ArrayLike) -> None:
        """Start of the first stage at level 0: n weights in [0, 0.2]."""
        array = _doubles(weights)
        self.check(self._lib.rtmodel_SetInitialWeights(optimizer.handle, _pointer(array), array.size))

    def set_predicted_variance(self, optimizer: Optimizer, variance_gy2: npt.ArrayLike, level: int = 0) -> None:
        """Adaptive variance of a level in Gy^2; the optimizer must have `covariance="predicted"`."""
        array = _doubles(variance_gy2)
        self.check(self._lib.rtmodel_SetPredictedAdaptiveVariance(optimizer.handle, level, _pointer(array), array.size))

    def set_structure_sigma(self, optimizer: Optimizer, structure: str, sigma_gy: float) -> None:
        """Histogram sigma of a structure at the finest level, in (0, 200] Gy."""
        self.check(self._lib.rtmodel_SetStructureSigma(optimizer.handle, structure.encode(), sigma_gy))

    def optimize(
        self, optimizer: Optimizer, callback: Callable[[Iteration], bool | None] | None = None
    ) -> dict[str, Any]:
        """Runs the plan and returns the result as docs/result-format.md describes it.

        `callback` gets every iteration; returning False ends the run with the weights reached.
        """
        return optimizer.run(callback)

    def check(self, status: int) -> None:
        """Raises what the last call of this thread refused."""
        if status != 0:
            raise RtModelError(self._lib.rtmodel_LastError().decode())

    @property
    def library(self) -> ctypes.CDLL:
        """For the classes of this module."""
        return self._lib


class Prescription:
    """A planning problem. Read only; may serve several optimizers and objectives in several threads."""

    def __init__(self, wrapper: RtModelWrapper, handle: c_void_p) -> None:
        """Use `RtModelWrapper.create_prescription`."""
        self._wrapper = wrapper
        self.handle = handle
        sizes: Sizes = wrapper.library.rtmodel_GetSizes(handle)
        self.beamlets, self.beams = sizes.beamlets, sizes.beams
        self.columns, self.rows = sizes.columns, sizes.rows
        self.voxels, self.non_zeros = sizes.voxels, sizes.non_zeros
        self.structures = [self._structure(index) for index in range(sizes.structures)]

    def __del__(self) -> None:
        """Frees the problem."""
        if getattr(self, "handle", None):
            self._wrapper.library.rtmodel_FreeProblem(self.handle)

    def influence(self) -> Influence:
        """The influence matrix; copy what must outlive this object."""
        starts, columns, values = POINTER(c_int)(), POINTER(c_int)(), POINTER(c_float)()
        self._wrapper.library.rtmodel_GetInfluence(self.handle, byref(starts), byref(columns), byref(values))
        view = np.ctypeslib.as_array
        return Influence(
            view(starts, (self.voxels + 1,)), view(columns, (self.non_zeros,)), view(values, (self.non_zeros,))
        )

    def excluded(self) -> npt.NDArray[np.bool_]:
        """Beamlets that touch no target; their weight is always 0."""
        flags = np.empty(self.beamlets, dtype=np.uint8)
        self._wrapper.library.rtmodel_GetExcluded(self.handle, flags.ctypes.data_as(POINTER(c_uint8)))
        return flags.astype(bool)

    def structure_doses(self) -> tuple[FloatArray, FloatArray]:
        """Mean and maximum dose per unit weight, Gy: two arrays (n, structures)."""
        mean = np.empty((self.beamlets, len(self.structures)))
        maximum = np.empty_like(mean)
        self._wrapper.library.rtmodel_GetStructureDoses(self.handle, _pointer(mean), _pointer(maximum))
        return mean, maximum

    def path_densities(self) -> FloatArray:
        """Relative electron densities from 250 mm before to 250 mm behind the isocentre plane, (n, 100)."""
        densities = np.empty((self.beamlets, 100))
        self._wrapper.library.rtmodel_GetPathDensities(self.handle, _pointer(densities))
        return densities

    def voxel_positions_mm(self) -> FloatArray:
        """Centres of the planned voxels, LPS, (voxels, 3)."""
        positions = np.empty((self.voxels, 3))
        self._wrapper.library.rtmodel_GetVoxelPositions(self.handle, _pointer(positions))
        return positions

    def dose_gy(self, weights: npt.ArrayLike) -> FloatArray:
        """Dose of every voxel for n weights."""
        array = _doubles(weights)
        dose = np.empty(self.voxels)
        self._wrapper.check(
            self._wrapper.library.rtmodel_ComputeDose(self.handle, _pointer(array), array.size, _pointer(dose))
        )
        return dose

    def objective(self, level: int = 0, *, sigma_gy: float | None = None, threads: int = 1) -> Objective:
        """The objective of a level, every variance at its lower bound. Default sigma: the level's."""
        made = Objective(self._wrapper, self, level, threads)
        if sigma_gy is not None:
            made.set_sigma(sigma_gy)
        return made

    def _structure(self, index: int) -> Structure:
        told = StructureStruct()
        self._wrapper.check(self._wrapper.library.rtmodel_GetStructure(self.handle, index, byref(told)))
        rows = np.ctypeslib.as_array(told.planned_rows, (told.planned_row_count,)).copy()
        points = np.ctypeslib.as_array(told.prescription, (told.prescription_point_count, 2)).copy()
        prescribed = told.prescribed_dose_gy
        return Structure(
            name=told.name.decode(),
            role=ROLES[told.role],
            prescribed_dose_gy=prescribed if prescribed >= 0 else None,
            objective_weight=told.objective_weight,
            volume_cc=told.volume_cc,
            sphericity=told.sphericity,
            dose_gradient_gy_per_mm=told.dose_gradient_gy_per_mm,
            target_distance_mm=told.target_distance_mm,
            planned_rows=rows,
            prescription=points,
        )


class Objective:
    """F of one level as a function of the weights. One thread at a time."""

    def __init__(self, wrapper: RtModelWrapper, prescription: Prescription, level: int, threads: int) -> None:
        """Use `Prescription.objective`."""
        self._wrapper = wrapper
        self._prescription = prescription  # must live as long as the objective
        self.handle = c_void_p()
        wrapper.check(wrapper.library.rtmodel_CreateObjective(prescription.handle, level, threads, byref(self.handle)))
        self.size: int = wrapper.library.rtmodel_GetObjectiveSize(self.handle)

    def __del__(self) -> None:
        """Frees the objective."""
        if getattr(self, "handle", None):
            self._wrapper.library.rtmodel_FreeObjective(self.handle)

    def set_sigma(self, sigma_gy: float) -> None:
        """Histogram sigma of all structures; puts every variance at its lower bound, 0.25 sigma^2."""
        self._wrapper.check(self._wrapper.library.rtmodel_SetObjectiveSigma(self.handle, sigma_gy))

    def set_variance(self, variance_gy2: npt.ArrayLike) -> None:
        """Adaptive variance by beamlet in Gy^2, clamped to [0.25, 1.5] sigma^2."""
        array = _doubles(variance_gy2)
        self._wrapper.check(
            self._wrapper.library.rtmodel_SetObjectiveVariance(self.handle, _pointer(array), array.size)
        )

    def value(self, weights: npt.ArrayLike) -> float:
        """F at n weights in [0, 0.2]."""
        return self._evaluate(_doubles(weights), None)

    def value_and_gradient(self, weights: npt.ArrayLike) -> tuple[float, FloatArray]:
        """F and dF/dw; with variances above their lower bound the voxels' shares are held."""
        gradient = np.empty(self.size)
        return self._evaluate(_doubles(weights), gradient), gradient

    def _evaluate(self, weights: FloatArray, gradient: FloatArray | None) -> float:
        value = c_double()
        slope = None if gradient is None else _pointer(gradient)
        self._wrapper.check(
            self._wrapper.library.rtmodel_Evaluate(self.handle, _pointer(weights), weights.size, byref(value), slope)
        )
        return value.value


@dataclass(frozen=True)
class Iteration:
    """What a callback gets after every iteration; field names as in the trajectories. Arrays are copies."""

    level: int
    stage: int
    iteration: int
    histogram_sigma_gy: float
    objective: float
    gradient_norm: float
    call_equivalents: float
    weights: FloatArray
    gradient: FloatArray
    search_direction: FloatArray
    adaptive_variance: FloatArray


class Optimizer:
    """One run's settings and its result. One thread at a time; `cancel` from any."""

    def __init__(self, wrapper: RtModelWrapper, prescription: Prescription, solver: int, covariance: int) -> None:
        """Use `RtModelWrapper.create_optimizer`."""
        self._wrapper = wrapper
        self._prescription = prescription  # must live as long as the optimizer
        self.handle = c_void_p()
        wrapper.check(
            wrapper.library.rtmodel_CreateOptimizer(prescription.handle, solver, covariance, byref(self.handle))
        )

    def __del__(self) -> None:
        """Frees the optimizer."""
        if getattr(self, "handle", None):
            self._wrapper.library.rtmodel_FreeOptimizer(self.handle)

    def set_stages(self, stages: Sequence[Stage]) -> None:
        """Replaces the solver's schedule; the last stage must be level 0. An empty one restores the solver's own."""
        array = (StageStruct * len(stages))(
            *(StageStruct(s.level, s.histogram_sigma_gy, s.iteration_limit, s.tolerance) for s in stages)
        )
        self._wrapper.check(self._wrapper.library.rtmodel_SetStages(self.handle, array, len(stages)))

    def set_run_options(
        self,
        *,
        max_iterations: int = 0,
        polish: bool = True,
        trace_reference: bool = False,
        threads: int = 1,
        safeguard: bool = True,
    ) -> None:
        """Iterations a stage (0 = 500), the classical end at level 0, F_ref traced without charge, threads.

        `safeguard`: lbfgs, after a descent from an advised learned start, also tries the one without it.
        """
        options = RunOptions(max_iterations, int(not polish), int(trace_reference), threads, int(not safeguard))
        self._wrapper.check(self._wrapper.library.rtmodel_SetRunOptions(self.handle, byref(options)))

    def set_advisor(self, address: str, mode: str = "advise") -> None:
        """Asks the advisor at host:port. `mode`: off, shadow, advise."""
        chosen = _choice(mode, {"off": 0, "shadow": 1, "advise": 2})
        self._wrapper.check(self._wrapper.library.rtmodel_SetAdvisor(self.handle, address.encode(), chosen, 0, 0))

    def run(self, callback: Callable[[Iteration], bool | None] | None = None) -> dict[str, Any]:
        """Use `RtModelWrapper.optimize`."""
        failure: list[BaseException] = []

        def on_progress(progress: Any, _user: Any) -> int:  # noqa: ANN401 - a ctypes pointer
            try:
                return 0 if callback is not None and callback(_iteration(progress.contents)) is False else 1
            except BaseException as thrown:
                failure.append(thrown)
                return 0

        hook = progress_callback(on_progress) if callback is not None else progress_callback()
        status = self._wrapper.library.rtmodel_Optimize(self.handle, hook, None)
        if failure:
            raise failure[0]
        self._wrapper.check(status)
        text = c_char_p()
        self._wrapper.check(self._wrapper.library.rtmodel_GetResult(self.handle, byref(text)))
        return json.loads(text.value or b"{}")

    def weights(self) -> FloatArray:
        """The n weights that the last `run` reached."""
        array = np.empty(self._prescription.beamlets)
        self._wrapper.check(self._wrapper.library.rtmodel_GetWeights(self.handle, _pointer(array), array.size))
        return array

    def cancel(self) -> None:
        """Ends a running `run` at its next iteration."""
        self._wrapper.library.rtmodel_Cancel(self.handle)


def _iteration(told: Progress) -> Iteration:
    def copied(pointer: Any) -> FloatArray:  # noqa: ANN401 - a ctypes pointer
        if not pointer:
            return np.empty(0)
        return np.ctypeslib.as_array(pointer, (told.beamlet_count,)).copy()

    return Iteration(
        level=told.level,
        stage=told.stage,
        iteration=told.iteration,
        histogram_sigma_gy=told.histogram_sigma_gy,
        objective=told.objective,
        gradient_norm=told.gradient_norm,
        call_equivalents=told.call_equivalents,
        weights=copied(told.weights),
        gradient=copied(told.gradient),
        search_direction=copied(told.direction),
        adaptive_variance=copied(told.variance_gy2),
    )


def _choice(name: str, choices: dict[str, int]) -> int:
    if name not in choices:
        raise RtModelError(f"unknown choice {name!r}; known: {', '.join(choices)}")
    return choices[name]


def _doubles(values: npt.ArrayLike) -> FloatArray:
    return np.ascontiguousarray(values, dtype=np.float64)


def _pointer(array: FloatArray) -> Any:  # noqa: ANN401 - a ctypes pointer
    return array.ctypes.data_as(POINTER(c_double))


__all__ = [
    "Influence",
    "Iteration",
    "Objective",
    "Optimizer",
    "Prescription",
    "RtModelError",
    "RtModelWrapper",
    "Stage",
    "Structure",
    "find_library",
]
