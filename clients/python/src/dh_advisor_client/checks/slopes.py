"""Directional derivatives of an objective along its gradient."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from dh_advisor_client.enums import DirectionSpace
from dh_advisor_client.plan import FloatArray
from dh_advisor_client.wire.input_checks import positive, require

Objective: TypeAlias = Callable[[FloatArray], float]

WIDE_STEP = 0.02
NARROW_STEP = 0.0025
"""Steps of the parameters, in units of 1 / s; the narrow one tells a rough objective from a wrong gradient."""

# Fractions of the ceiling are kept this far from 0 and 1 before the sigmoid is inverted, as optimizers do.
_FRACTION_MARGIN = 1e-4
# A difference of values below this share of them is rounding; a predicted one above the second is no rounding.
_ROUNDING = 1e-11
_CERTAIN = 1e-6


@dataclass(frozen=True)
class Slopes:
    """Along the gradient's own direction."""

    step: float
    predicted: float
    """If what is sent is dF/dw; positive."""
    predicted_if_parameters: float
    """If it is dF/dx; positive."""
    measured: float
    """By central differences."""
    is_measurable: bool
    """The difference is above rounding, or should have been."""

    @property
    def ratio(self) -> float:
        """Measured over predicted."""
        return self.measured / self.predicted

    @property
    def agree(self) -> bool:
        """An objective may hold parts fixed that its gradient leaves out, so that a factor of two is no fault."""
        return factor_between(self.measured, self.predicted) <= AGREEMENT


AGREEMENT = 2.0


def factor_between(a: float, b: float) -> float:
    """The larger over the smaller; huge when they are not of one sign."""
    return max(a / b, b / a) if a * b > 0.0 else 1e300


class SlopeTest:
    """Moves the weights along the gradient, as far as the sigmoid lets each move, and measures."""

    def __init__(
        self,
        objective: Objective,
        weights: FloatArray,
        gradient: FloatArray,
        weight_ceiling: float,
        weight_steepness: float,
        space: DirectionSpace,
    ) -> None:
        """Raises `InvalidInput` for what can't be checked."""
        positive(weight_ceiling, "weight_ceiling")
        positive(weight_steepness, "weight_steepness")
        require(weights.ndim == 1 and weights.size > 0, "weights", "must be a vector of at least one weight")
        require(gradient.shape == weights.shape, "gradient", f"has shape {gradient.shape}, not that of the weights")
        outside = np.flatnonzero(~((weights >= 0.0) & (weights <= weight_ceiling)))
        where = f"is not in [0, weight_ceiling]: {weights[outside[:1]]}; are these parameters?"
        require(outside.size == 0, f"weights[{outside[:1]}]", where)
        require(bool(np.isfinite(gradient).all()), "gradient", "is not finite everywhere")
        self._objective = objective
        self._weights = weights
        self._gradient = gradient
        self._ceiling = weight_ceiling
        self._steepness = weight_steepness
        self._space = space
        self._slope = weight_steepness * weights * (1.0 - weights / weight_ceiling)  # dw/dx.
        direction = self._slope * gradient
        longest = float(np.abs(direction).max())
        self.has_direction = longest > 0.0 and math.isfinite(longest)
        # Of the parameters; the longest component is 1 / s.
        self._direction = direction / (longest * weight_steepness) if self.has_direction else direction
        self.value_calls = 0

    def measure(self, step: float) -> Slopes:
        """Two values of the objective."""
        return self._measure(step, self._direction)

    def measure_part(self, step: float) -> Slopes:
        """Along the half of the beamlets whose weights move least easily, by which dF/dx and a factor differ most."""
        movable = np.flatnonzero(self._direction)
        order = np.lexsort((movable % 2, self._slope[movable]))
        kept = movable[order[: (movable.size + 1) // 2]]
        part = np.zeros_like(self._direction)
        part[kept] = self._direction[kept]
        return self._measure(step, part)

    def _measure(self, step: float, direction: FloatArray) -> Slopes:
        predicted = float((self._gradient * self._slope) @ direction)
        ahead, behind = self._value_at(step, direction), self._value_at(-step, direction)
        size = abs(ahead) + abs(behind)
        is_measurable = abs(ahead - behind) > _ROUNDING * size or abs(2.0 * step * predicted) > _CERTAIN * size
        measured = (ahead - behind) / (2.0 * step)
        return Slopes(step, predicted, float(self._gradient @ direction), measured, is_measurable)

    def _value_at(self, step: float, direction: FloatArray) -> float:
        self.value_calls += 1
        if self._space is DirectionSpace.WEIGHTS:
            moved = self._weights + step * self._slope * direction
            return float(self._objective(np.clip(moved, 0.0, self._ceiling)))
        fraction = np.clip(self._weights / self._ceiling, _FRACTION_MARGIN, 1.0 - _FRACTION_MARGIN)
        parameters = np.log(fraction / (1.0 - fraction)) / self._steepness
        return float(self._objective(parameters + step * direction))
