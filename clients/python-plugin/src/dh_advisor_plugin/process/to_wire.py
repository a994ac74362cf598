"""Advice as a message. Whatever numbers are in it, the host judges; only what is not even of its form can't go."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

from dh_advisor_plugin import advice as sdk
from dh_advisor_plugin.services import ModelTensors
from dh_advisor_plugin.wire import plugin_pb2 as pb


def encode_advice(role: str, value: object) -> pb.Advice:
    """Raises TypeError when the value is not advice of the role."""
    kind, encode = _ROLES[role]
    if not isinstance(value, kind):
        raise TypeError(f"advice of role {role} must be a {kind.__name__}, not {type(value).__name__}")
    message = pb.Advice(**{role.replace("-", "_"): encode(value)})
    if value.out_of_distribution_score is not None:
        message.out_of_distribution_score = value.out_of_distribution_score
    return message


def encode_model_tensors(tensors: ModelTensors) -> dict[str, pb.ModelTensor]:
    """Raises TypeError for arrays that are neither float32 nor int32."""
    encoded = {}
    for name, array in tensors.items():
        kind = str(array.dtype)
        if kind not in ("float32", "int32"):
            raise TypeError(f"input `{name}` is {kind}; models take float32 and int32")
        data = np.ascontiguousarray(array, array.dtype.newbyteorder("<")).tobytes()
        encoded[name] = pb.ModelTensor(type=kind, shape=array.shape, data=data)
    return encoded


def _vector(value: npt.ArrayLike, name: str) -> bytes:
    array = np.ascontiguousarray(value, "<f8")
    if array.ndim != 1:
        raise TypeError(f"`{name}` must be a vector, not an array of shape {array.shape}")
    return array.tobytes()


def _initialization(value: sdk.InitializationAdvice) -> pb.InitializationAdvice:
    return pb.InitializationAdvice(weights=_vector(value.weights, "weights"))


def _histogram_sigma(value: sdk.HistogramSigmaAdvice) -> pb.HistogramSigmaAdvice:
    structures = [
        pb.StructureSigma(structure=sigma.structure, histogram_sigma_gy=sigma.histogram_sigma_gy)
        for sigma in value.structures
    ]
    return pb.HistogramSigmaAdvice(structures=structures)


def _pyramid_sigma(value: sdk.PyramidSigmaAdvice) -> pb.PyramidSigmaAdvice:
    stages = [
        pb.Stage(level=stage.level, histogram_sigma_gy=stage.histogram_sigma_gy, iteration_limit=stage.iteration_limit)
        for stage in value.stages
    ]
    return pb.PyramidSigmaAdvice(stages=stages)


def _adaptive_variance(value: sdk.AdaptiveVarianceAdvice) -> pb.AdaptiveVarianceAdvice:
    return pb.AdaptiveVarianceAdvice(variance_gy2=_vector(value.variance_gy2, "variance_gy2"))


def _step_direction(value: sdk.StepDirectionAdvice) -> pb.StepDirectionAdvice:
    return pb.StepDirectionAdvice(
        space=value.space, direction=_vector(value.direction, "direction"), step_length=value.step_length
    )


def _early_stopping(value: sdk.EarlyStoppingAdvice) -> pb.EarlyStoppingAdvice:
    return pb.EarlyStoppingAdvice(
        decision=value.decision,
        explanation=value.explanation,
        predicted_final_objective=value.predicted_final_objective,
        predicted_standard_deviation=value.predicted_standard_deviation,
    )


_ROLES: dict[str, tuple[type[Any], Callable[[Any], Any]]] = {
    "initialization": (sdk.InitializationAdvice, _initialization),
    "histogram-sigma": (sdk.HistogramSigmaAdvice, _histogram_sigma),
    "pyramid-sigma": (sdk.PyramidSigmaAdvice, _pyramid_sigma),
    "adaptive-variance": (sdk.AdaptiveVarianceAdvice, _adaptive_variance),
    "step-direction": (sdk.StepDirectionAdvice, _step_direction),
    "early-stopping": (sdk.EarlyStoppingAdvice, _early_stopping),
}
