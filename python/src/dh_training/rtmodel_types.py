"""The structs and signatures of `rtmodel/rtmodel.h`, field by field. Only `dh_training.rtmodel` uses them."""

from __future__ import annotations

import ctypes
from ctypes import CFUNCTYPE, POINTER, c_char_p, c_double, c_float, c_int, c_size_t, c_uint8, c_uint32, c_void_p


class PlanOptions(ctypes.Structure):
    """`rtmodel_plan_options`."""

    _fields_ = (
        ("beamlet_mm", c_double),
        ("window_mm", c_double),
        ("beams", c_char_p),
        ("prescription_file", c_char_p),
        ("threads", c_int),
        ("columns", c_int),
        ("keeps_all_beamlets", c_int),
    )


class Sizes(ctypes.Structure):
    """`rtmodel_sizes`."""

    _fields_ = tuple(
        (name, c_size_t) for name in ("beamlets", "beams", "columns", "rows", "voxels", "non_zeros", "structures")
    )


class StructureStruct(ctypes.Structure):
    """`rtmodel_structure`."""

    _fields_ = (
        ("name", c_char_p),
        ("role", c_int),
        ("prescribed_dose_gy", c_double),
        ("objective_weight", c_double),
        ("volume_cc", c_double),
        ("sphericity", c_double),
        ("dose_gradient_gy_per_mm", c_double),
        ("target_distance_mm", c_double),
        ("planned_rows", POINTER(c_int)),
        ("planned_row_count", c_size_t),
        ("contour_rows", POINTER(c_int)),
        ("contour_row_count", c_size_t),
        ("prescription", POINTER(c_double)),
        ("prescription_point_count", c_size_t),
    )


class StageStruct(ctypes.Structure):
    """`rtmodel_stage`."""

    _fields_ = (
        ("level", c_uint32),
        ("histogram_sigma_gy", c_double),
        ("iteration_limit", c_uint32),
        ("tolerance", c_double),
    )


class RunOptions(ctypes.Structure):
    """`rtmodel_run_options`."""

    _fields_ = (
        ("max_iterations", c_uint32),
        ("no_polish", c_int),
        ("trace_reference", c_int),
        ("threads", c_int),
        ("no_safeguard", c_int),
        ("preparation_iterations", c_int),
        ("safeguard_iterations", c_uint32),
    )


class Progress(ctypes.Structure):
    """`rtmodel_progress`."""

    _fields_ = (
        ("level", c_uint32),
        ("stage", c_uint32),
        ("iteration", c_uint32),
        ("histogram_sigma_gy", c_double),
        ("objective", c_double),
        ("gradient_norm", c_double),
        ("call_equivalents", c_double),
        ("beamlet_count", c_size_t),
        ("weights", POINTER(c_double)),
        ("gradient", POINTER(c_double)),
        ("direction", POINTER(c_double)),
        ("variance_gy2", POINTER(c_double)),
    )


progress_callback = CFUNCTYPE(c_int, POINTER(Progress), c_void_p)

_DOUBLES = POINTER(c_double)
_SIGNATURES: dict[str, tuple[object, list[object]]] = {
    "LastError": (c_char_p, []),
    "Version": (c_char_p, []),
    "DefaultPrescription": (c_char_p, []),
    "OpenProblem": (c_int, [c_char_p, POINTER(PlanOptions), POINTER(c_void_p)]),
    "FreeProblem": (None, [c_void_p]),
    "GetSizes": (Sizes, [c_void_p]),
    "GetStructure": (c_int, [c_void_p, c_size_t, POINTER(StructureStruct)]),
    "GetInfluence": (
        None,
        [c_void_p, POINTER(POINTER(c_int)), POINTER(POINTER(c_int)), POINTER(POINTER(c_float))],
    ),
    "GetExcluded": (None, [c_void_p, POINTER(c_uint8)]),
    "GetVoxelPositions": (None, [c_void_p, _DOUBLES]),
    "GetStructureDoses": (None, [c_void_p, _DOUBLES, _DOUBLES]),
    "GetPathDensities": (None, [c_void_p, _DOUBLES]),
    "ComputeDose": (c_int, [c_void_p, _DOUBLES, c_size_t, _DOUBLES]),
    "CreateObjective": (c_int, [c_void_p, c_uint32, c_int, POINTER(c_void_p)]),
    "FreeObjective": (None, [c_void_p]),
    "GetObjectiveSize": (c_size_t, [c_void_p]),
    "SetObjectiveSigma": (c_int, [c_void_p, c_double]),
    "SetObjectiveVariance": (c_int, [c_void_p, _DOUBLES, c_size_t]),
    "Evaluate": (c_int, [c_void_p, _DOUBLES, c_size_t, _DOUBLES, _DOUBLES]),
    "CreateOptimizer": (c_int, [c_void_p, c_int, c_int, POINTER(c_void_p)]),
    "FreeOptimizer": (None, [c_void_p]),
    "SetInitialWeights": (c_int, [c_void_p, _DOUBLES, c_size_t]),
    "SetPredictedAdaptiveVariance": (c_int, [c_void_p, c_uint32, _DOUBLES, c_size_t]),
    "SetStructureSigma": (c_int, [c_void_p, c_char_p, c_double]),
    "SetStages": (c_int, [c_void_p, POINTER(StageStruct), c_size_t]),
    "SetRunOptions": (c_int, [c_void_p, POINTER(RunOptions)]),
    "SetAdvisor": (c_int, [c_void_p, c_char_p, c_int, c_uint32, c_uint32]),
    "Optimize": (c_int, [c_void_p, progress_callback, c_void_p]),
    "Cancel": (None, [c_void_p]),
    "GetWeights": (c_int, [c_void_p, _DOUBLES, c_size_t]),
    "GetResult": (c_int, [c_void_p, POINTER(c_char_p)]),
}


def declare_functions(library: ctypes.CDLL) -> None:
    """Gives every function its types. AttributeError when the library is of another version."""
    for name, (result, arguments) in _SIGNATURES.items():
        function = getattr(library, f"rtmodel_{name}")
        function.restype = result
        function.argtypes = arguments
