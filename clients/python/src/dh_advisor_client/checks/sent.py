"""Whether what is about to be sent is what the doses give."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from dh_advisor_client.checks.result import CheckFault, CheckResult, failed, number, times
from dh_advisor_client.enums import StructureRole, TensorKind
from dh_advisor_client.features import BeamletFeatures, FeatureInput, structure_geometry
from dh_advisor_client.plan import FloatArray, Geometry, Structure
from dh_advisor_client.wire.input_checks import require

# A tensor may differ by this share of its largest value: rounding, and dose grids of another kind.
_TENSOR_TOLERANCE = 0.05
_ROUNDING = 1e-6
# Shapes and gradients have many definitions; within this factor they are one to a model.
_GEOMETRY_TOLERANCE = 1.25


def check_sent(
    sent: Geometry,
    of: FeatureInput,
    structures: Sequence[Structure],
    features: BeamletFeatures,
    uniform_weight: float,
) -> CheckResult | None:
    """What is wrong, if anything."""
    measured = {
        TensorKind.COLUMN_NORM: features.column_norm,
        TensorKind.STRUCTURE_MEAN_DOSE: features.mean_dose,
        TensorKind.STRUCTURE_MAX_DOSE: features.max_dose,
    }
    for kind in measured.keys() & sent.tensors.keys():
        wrong = _check_tensor(np.asarray(sent.tensors[kind]), measured[kind], kind)
        if wrong is not None:
            return wrong
    return _check_structures(sent, of, structures, uniform_weight) if sent.structures else None


def _check_tensor(sent: npt.NDArray[Any], measured: FloatArray, kind: TensorKind) -> CheckResult | None:
    field = f"geometry.tensors[{kind.wire_name}]"
    require(sent.shape == measured.shape, field, f"has shape {sent.shape}, and should have {measured.shape}")
    largest = float(measured.max())
    excluded = np.flatnonzero((measured == 0.0) & (np.abs(sent) > _ROUNDING * largest))
    if kind is TensorKind.COLUMN_NORM and excluded.size:
        said = f"{field} is {number(sent.flat[excluded[0]])} at {excluded[0]}"
        return failed(CheckFault.FEATURE, field, f"{said}, a beamlet without dose: excluded beamlets have norm 0")
    difference = np.abs(sent - measured)
    if largest == 0.0 or difference.max() <= _TENSOR_TOLERANCE * largest:
        return None
    # The constant factor between what is sent and what is measured, by least squares, and what then remains.
    factor = float((sent * measured).sum() / (measured**2).sum())
    remains = float(np.abs(sent - factor * measured).max())
    if factor > 0.0 and remains <= _TENSOR_TOLERANCE * float(np.abs(sent).max()):
        finding = f"the values of {field} are {times(factor)} what the doses give"
        return failed(CheckFault.FEATURE, field, finding, factor)
    at = int(np.argmax(difference))
    said = f"{field} is {number(sent.flat[at])} at {at} and the doses give {number(measured.flat[at])}"
    return failed(CheckFault.FEATURE, field, f"{said}: check the order and the voxels")


def _check_structures(
    sent: Geometry, of: FeatureInput, structures: Sequence[Structure], uniform_weight: float
) -> CheckResult | None:
    targets = [c for c, s in zip(of.contours, structures, strict=True) if s.role is StructureRole.TARGET]
    measured = structure_geometry(of, np.logical_or.reduce(targets), uniform_weight)
    voxel_mm = max(of.grid.spacing_mm)
    tolerances = {"dose_gradient_gy_per_mm": 0.0, "sphericity": 0.0, "target_distance_mm": voxel_mm}
    for i, one in enumerate(sent.structures):
        at = f"geometry.structures[{i}]"
        require(0 <= one.structure < len(measured), f"{at}.structure", "is no structure of the plan")
        for name, tolerance in tolerances.items():
            wrong = _check_number(getattr(one, name), getattr(measured[one.structure], name), tolerance, f"{at}.{name}")
            if wrong is not None:
                return wrong
    return None


def _check_number(sent: float, measured: float, tolerance: float, field: str) -> CheckResult | None:
    difference, most = abs(sent - measured), max(abs(sent), abs(measured))
    if difference <= tolerance or difference <= most * (1.0 - 1.0 / _GEOMETRY_TOLERANCE):
        return None
    words = f"{field} is {number(sent)} and should be {number(measured)}"
    ratio = sent / measured if measured != 0.0 else 0.0
    return failed(CheckFault.FEATURE, field, f"{words}: {times(ratio)}" if ratio > 0.0 else words, ratio)
