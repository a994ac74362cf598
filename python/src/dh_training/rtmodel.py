"""The reference optimizer from Python, through the C interface of `librtmodel.so`. Research software.

Nothing is computed here: features, doses, objectives and runs are the optimizer's own. Names follow the integration
points of dH where it has them (`set_predicted_variance`, `set_structure_sigma`). Vectors over beamlets have the order
beam, row, column (column fastest), excluded beamlets included; doses are in Gy, weights dimensionless in [0, 0.2].
"""

from __future__ import annotations

import ctypes
import os
from collections.abc import Callable
from ctypes import POINTER, byref, c_float, c_int, c_uint8, c_void_p
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from dh_training.rtmodel_objective import Objective
from dh_training.rtmodel_optimizer import Optimizer
from dh_training.rtmodel_types import PlanOptions, Sizes, StructureStruct, declare_functions
from dh_training.rtmodel_values import (
    FloatArray,
    Influence,
    Iteration,
    RtModelError,
    Stage,
    Structure,
    choice,
    doubles,
    pointer,
)

SOLVERS = {"dh": 1, "lbfgs": 2}
COVARIANCES = {"full": 0, "incremental": 1, "predicted": 2, "fixed": 3}
ROLES = {1: "target", 2: "organ-at-risk", 3: "normal-tissue"}


def find_library() -> Path:
    """The built library: `$RTMODEL_LIBRARY`, or that of the checkout this package lies in."""
    given = os.environ.get("RTMODEL_LIBRARY")
    path = Path(given) if given else Path(__file__).parents[3] / "build/cpp/rtmodel/librtmodel.so"
    if not path.is_file():
        raise RtModelError(f"no library at {path}; build it with scripts/setup --tests or set RTMODEL_LIBRARY")
    return path


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

    @property
    def default_goals(self) -> str:
        """The built-in goals as the YAML of a prescription file."""
        return self._lib.rtmodel_DefaultPrescription().decode()

    def create_prescription(
        self,
        case_folder: str | os.PathLike[str],
        *,
        window_mm: float | None = 15.0,
        beams: str = "9",
        beamlet_mm: float = 5.0,
        prescription_file: str | os.PathLike[str] | None = None,
        threads: int = 1,
        columns: int = 0,
        keeps_all_beamlets: bool = False,
    ) -> Prescription:
        """Reads a case and makes the planning problem: structures, wanted curves, beams and influence matrix.

        `window_mm`: half height of the planned slices; None plans the whole target. `beams`: a number, or a file.
        `columns`: of every beam, odd; 0 = as many as cover the targets. `keeps_all_beamlets`: those that touch no
        target are not excluded.
        """
        options = PlanOptions(
            beamlet_mm=beamlet_mm,
            window_mm=-1.0 if window_mm is None else window_mm,
            beams=beams.encode(),
            prescription_file=None if prescription_file is None else os.fsencode(prescription_file),
            threads=threads,
            columns=columns,
            keeps_all_beamlets=int(keeps_all_beamlets),
        )
        handle = c_void_p()
        self.check(self._lib.rtmodel_OpenProblem(os.fsencode(case_folder), byref(options), byref(handle)))
        return Prescription(self, handle)

    def create_optimizer(
        self, prescription: Prescription, solver: str = "lbfgs", covariance: str = "incremental"
    ) -> Optimizer:
        """Makes an optimizer. `solver`: dh, lbfgs. `covariance`: full, incremental, predicted, fixed."""
        return Optimizer(self, prescription, choice(solver, SOLVERS), choice(covariance, COVARIANCES))

    def set_initial_weights(self, optimizer: Optimizer, weights: npt.ArrayLike) -> None:
        """Start of the first stage at level 0: n weights in [0, 0.2]."""
        array = doubles(weights)
        self.check(self._lib.rtmodel_SetInitialWeights(optimizer.handle, pointer(array), array.size))

    def set_predicted_variance(self, optimizer: Optimizer, variance_gy2: npt.ArrayLike, level: int = 0) -> None:
        """Adaptive variance of a level in Gy^2; the optimizer must have `covariance="predicted"`."""
        array = doubles(variance_gy2)
        self.check(self._lib.rtmodel_SetPredictedAdaptiveVariance(optimizer.handle, level, pointer(array), array.size))

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
        self._wrapper.library.rtmodel_GetStructureDoses(self.handle, pointer(mean), pointer(maximum))
        return mean, maximum

    def path_densities(self) -> FloatArray:
        """Relative electron densities from 250 mm before to 250 mm behind the isocentre plane, (n, 100)."""
        densities = np.empty((self.beamlets, 100))
        self._wrapper.library.rtmodel_GetPathDensities(self.handle, pointer(densities))
        return densities

    def voxel_positions_mm(self) -> FloatArray:
        """Centres of the planned voxels, LPS, (voxels, 3)."""
        positions = np.empty((self.voxels, 3))
        self._wrapper.library.rtmodel_GetVoxelPositions(self.handle, pointer(positions))
        return positions

    def dose_gy(self, weights: npt.ArrayLike) -> FloatArray:
        """Dose of every voxel for n weights."""
        array = doubles(weights)
        dose = np.empty(self.voxels)
        self._wrapper.check(
            self._wrapper.library.rtmodel_ComputeDose(self.handle, pointer(array), array.size, pointer(dose))
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
