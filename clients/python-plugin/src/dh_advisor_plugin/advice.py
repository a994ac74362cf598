"""What a plugin may answer, one class a role. The host judges values: finite, of the right length, inside bounds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy.typing as npt


@dataclass(frozen=True, kw_only=True)
class Advice:
    """Base of all advice."""

    #: How far outside the model's training ranges the question lay: 0 inside, 1 at the refusal threshold.
    out_of_distribution_score: float | None = None


@dataclass(frozen=True)
class InitializationAdvice(Advice):
    """Start weights of a level: length n of the level, in [0, weight_ceiling]."""

    weights: npt.ArrayLike


@dataclass(frozen=True)
class StructureSigma:
    """Histogram sigma of one structure, at the finest level."""

    #: Index into `plan.structures`.
    structure: int
    histogram_sigma_gy: float


@dataclass(frozen=True)
class HistogramSigmaAdvice(Advice):
    """Histogram sigmas. Structures left out keep their default."""

    structures: Sequence[StructureSigma]


@dataclass(frozen=True)
class Stage:
    """One stage of a schedule; an iteration limit of 0 is the solver's own."""

    level: int
    histogram_sigma_gy: float
    iteration_limit: int = 0


@dataclass(frozen=True)
class PyramidSigmaAdvice(Advice):
    """A schedule in order of execution. Level and sigma never rise; the last stage is level 0 at its default sigma."""

    stages: Sequence[Stage]


@dataclass(frozen=True)
class AdaptiveVarianceAdvice(Advice):
    """Per-beamlet variance in Gy^2: length n of the level, inside the level's bounds."""

    variance_gy2: npt.ArrayLike


@dataclass(frozen=True)
class StepDirectionAdvice(Advice):
    """A search direction of length n, downhill for the gradient that came with the question."""

    direction: npt.ArrayLike
    space: Literal["weights", "parameters"] = "weights"
    #: Multiplier of `direction` to try first, above 0.
    step_length: float | None = None


@dataclass(frozen=True)
class EarlyStoppingAdvice(Advice):
    """Whether to go on, and where the run is heading."""

    decision: Literal["continue", "stop-level", "stop-all"]
    #: For people. Required, and not empty, with a stop.
    explanation: str | None = None
    #: Predicted objective at the end of the stage.
    predicted_final_objective: float | None = None
    predicted_standard_deviation: float | None = None


Role: TypeAlias = Literal[
    "initialization", "histogram-sigma", "pyramid-sigma", "adaptive-variance", "step-direction", "early-stopping"
]
