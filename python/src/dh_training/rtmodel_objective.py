"""The optimizer's objective from Python; made by `Prescription.objective`. Research software."""

from __future__ import annotations

from ctypes import byref, c_double, c_void_p
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from dh_training.rtmodel_values import FloatArray, doubles, pointer

if TYPE_CHECKING:
    from dh_training.rtmodel import Prescription, RtModelWrapper


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
        array = doubles(variance_gy2)
        self._wrapper.check(self._wrapper.library.rtmodel_SetObjectiveVariance(self.handle, pointer(array), array.size))

    def value(self, weights: npt.ArrayLike) -> float:
        """F at n weights in [0, 0.2]."""
        return self._evaluate(doubles(weights), None)

    def value_and_gradient(self, weights: npt.ArrayLike) -> tuple[float, FloatArray]:
        """F and dF/dw; with variances above their lower bound the voxels' shares are held."""
        gradient = np.empty(self.size)
        return self._evaluate(doubles(weights), gradient), gradient

    def _evaluate(self, weights: FloatArray, gradient: FloatArray | None) -> float:
        value = c_double()
        slope = None if gradient is None else pointer(gradient)
        self._wrapper.check(
            self._wrapper.library.rtmodel_Evaluate(self.handle, pointer(weights), weights.size, byref(value), slope)
        )
        return value.value
