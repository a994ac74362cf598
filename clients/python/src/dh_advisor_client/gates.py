"""The gates between advice and optimizer, by the same rules as the C++ client's. Advice is only ever tried.

All are pure or have the state of one level; not thread-safe, and without I/O. None raises for a value that came from
outside: whatever is wrong with it is a verdict.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from dh_advisor_client.advice import DirectionAdvice, Stage, StopAdvice, StructureSigma
from dh_advisor_client.enums import StopDecision, Verdict
from dh_advisor_client.plan import FloatArray

# Sufficient decrease and curvature constants of Nocedal & Wright, Numerical Optimization, 2nd ed., ch. 3.1.
_ARMIJO = 1e-4
_CURVATURE = 0.9

MOST_STAGES = 64
"""Stages that a schedule may have: each costs the plan at least one iteration."""


def check_vector(values: FloatArray, n: int, lower: float, upper: float) -> Verdict:
    """Finite, of length `n`, inside [lower, upper]."""
    if values.shape != (n,):
        return Verdict.WRONG_LENGTH
    if not np.isfinite(values).all():
        return Verdict.NOT_FINITE
    if n > 0 and not (values.min() >= lower and values.max() <= upper):
        return Verdict.OUT_OF_RANGE
    return Verdict.ACCEPTED


def check_stages(
    stages: Sequence[Stage], level_count: int, finest_sigma_gy: float, lower_gy: float, upper_gy: float
) -> Verdict:
    """A schedule ends as the plan would without advice, and never grows coarser or wider.

    1 to `MOST_STAGES` stages, levels and sigmas never rise, sigmas lie in [lower_gy, upper_gy], levels exist, and the
    last stage is level 0 at `finest_sigma_gy` without an iteration limit.
    """
    if not 1 <= len(stages) <= MOST_STAGES:
        return Verdict.BAD_SCHEDULE
    before: Stage | None = None
    for stage in stages:
        if not math.isfinite(stage.histogram_sigma_gy):
            return Verdict.NOT_FINITE
        if not 0 <= stage.level < level_count:
            return Verdict.BAD_SCHEDULE
        if not lower_gy <= stage.histogram_sigma_gy <= upper_gy:
            return Verdict.OUT_OF_RANGE
        if before and (stage.level > before.level or stage.histogram_sigma_gy > before.histogram_sigma_gy):
            return Verdict.BAD_SCHEDULE
        before = stage
    last = stages[-1]
    ends_as_planned = last.level == 0 and last.iteration_limit == 0
    ends_as_planned &= abs(last.histogram_sigma_gy - finest_sigma_gy) <= 1e-9 * finest_sigma_gy
    return Verdict.ACCEPTED if ends_as_planned else Verdict.BAD_SCHEDULE


def check_structure_sigmas(
    sigmas: Sequence[StructureSigma], structure_count: int, lower_gy: float, upper_gy: float
) -> Verdict:
    """Every structure index below `structure_count`, named once, sigma finite and in [lower_gy, upper_gy]."""
    named: set[int] = set()
    for sigma in sigmas:
        if not 0 <= sigma.structure < structure_count or sigma.structure in named:
            return Verdict.WRONG_FRAME
        named.add(sigma.structure)
        if not math.isfinite(sigma.histogram_sigma_gy):
            return Verdict.NOT_FINITE
        if not lower_gy <= sigma.histogram_sigma_gy <= upper_gy:
            return Verdict.OUT_OF_RANGE
    return Verdict.ACCEPTED


def choose_start(default_objective: float, proposed_objective: float) -> Verdict:
    """Both starts evaluated once on the level's objective: the better is taken, a tie goes to the default."""
    if not math.isfinite(proposed_objective):
        return Verdict.NOT_FINITE
    return Verdict.ACCEPTED if proposed_objective < default_objective else Verdict.WORSE_THAN_DEFAULT


@dataclass(frozen=True)
class DirectionLimits:
    """What a direction must satisfy."""

    descent: float = 1e-4
    """g.d <= -descent |g| |d|."""
    norm_limit: float = 20.0
    """Longest direction, alone and times its step length, in the solver's variables; longer ones are scaled down."""
    refusals_to_off: int = 3
    """Refusals after which a level asks no more."""


class DirectionGate:
    """Judges the directions of one level."""

    def __init__(self, limits: DirectionLimits | None = None) -> None:
        """A gate that has refused nothing yet."""
        self._limits = limits or DirectionLimits()
        self._refusals = 0

    @property
    def is_off(self) -> bool:
        """Whether the level has refused too often to ask again."""
        return self._refusals >= self._limits.refusals_to_off

    def note_failure(self) -> None:
        """The optimizer's ordinary line search failed along the advised direction, too: counts as a refusal."""
        self._refusals += 1

    def consider(self, advice: DirectionAdvice, gradient: FloatArray) -> tuple[Verdict, DirectionAdvice | None]:
        """The verdict, and with `ACCEPTED` the direction to try, no longer than the limit.

        `advice.direction` and `gradient` in the same variables. A refused direction counts towards `is_off`.
        """
        if self.is_off:
            return Verdict.SWITCHED_OFF, None
        verdict = self._judge(advice, gradient)
        if verdict is not Verdict.ACCEPTED:
            self._refusals += 1
            return verdict, None
        direction, step = advice.direction, advice.step_length
        length = _norm(direction)
        if length > self._limits.norm_limit:
            direction = direction * (self._limits.norm_limit / length)
        if step is not None:
            step = min(step, self._limits.norm_limit / _norm(direction))
        return verdict, DirectionAdvice(advice.space, direction, step)

    def _judge(self, advice: DirectionAdvice, gradient: FloatArray) -> Verdict:
        step = advice.step_length
        if step is not None and not (step > 0.0 and math.isfinite(step)):
            return Verdict.OUT_OF_RANGE
        direction = advice.direction
        if direction.shape != gradient.shape:
            return Verdict.WRONG_LENGTH
        length = _norm(direction)
        if not math.isfinite(length):
            return Verdict.NOT_FINITE
        # A zero direction fails the descent test as well: 0 <= -0 holds.
        with np.errstate(over="ignore", invalid="ignore"):
            slope = float(direction @ gradient)
        if length == 0.0 or not slope <= -self._limits.descent * _norm(gradient) * length:
            return Verdict.NOT_DESCENT
        return Verdict.ACCEPTED

    @staticmethod
    def judge_trial(f0: float, slope0: float, f: float, slope: float, step: float) -> Verdict:
        """Armijo and (weak) curvature condition for a trial along an accepted direction.

        `slope0` and `slope` are directional derivatives at the start and the trial. A failing trial is not counted as
        a refusal of the direction.
        """
        if not (math.isfinite(f) and math.isfinite(slope)):
            return Verdict.NOT_FINITE
        is_good = f <= f0 + _ARMIJO * step * slope0 and slope >= _CURVATURE * slope0
        return Verdict.ACCEPTED if is_good else Verdict.STEP_NOT_ACCEPTABLE


@dataclass(frozen=True)
class StopLimits:
    """What stop advice must satisfy."""

    iteration_floor: int = 5
    """No stop before so many iterations of the stage."""
    checking_iterations: int = 3
    """Classical iterations that must gain less than the tolerance."""


@dataclass(frozen=True)
class StopJudgement:
    """`granted` is set when the run is to stop; `verdict` when one was reached."""

    granted: StopDecision = StopDecision.CONTINUE
    verdict: Verdict | None = None

    @property
    def stops(self) -> bool:
        """Whether the stage ends now."""
        return self.granted is not StopDecision.CONTINUE


class StopGate:
    """Judges stop advice in one stage.

    After the advice, up to `checking_iterations` classical iterations must each gain less than the tolerance, else the
    advice is refused and the run goes on.
    """

    def __init__(self, limits: StopLimits | None = None) -> None:
        """A gate that checks nothing yet."""
        self._limits = limits or StopLimits()
        self._checks_left = 0
        self._pending = StopDecision.CONTINUE

    @property
    def is_checking(self) -> bool:
        """An earlier advice is being checked, so that the next call's changes nothing."""
        return self._pending is not StopDecision.CONTINUE

    def consider(
        self, advice: StopAdvice | None, iteration: int, relative_gain: float, tolerance: float
    ) -> StopJudgement:
        """Call after every iteration, counted from 0.

        `relative_gain` is that of the iteration just done; `tolerance` the largest gain at which stopping is harmless.
        """
        if self.is_checking:
            # Written so that a NaN gain counts as improvement: doubt keeps the classical run going.
            if not relative_gain < tolerance:
                self._pending = StopDecision.CONTINUE
                return StopJudgement(verdict=Verdict.STILL_IMPROVING)
            self._checks_left -= 1
            return StopJudgement() if self._checks_left > 0 else self._grant(self._pending)
        if advice is None or advice.decision is StopDecision.CONTINUE:
            return StopJudgement()
        if iteration + 1 < self._limits.iteration_floor:
            return StopJudgement(verdict=Verdict.TOO_EARLY)
        if self._limits.checking_iterations <= 0:
            return self._grant(advice.decision)
        self._pending = advice.decision
        self._checks_left = self._limits.checking_iterations
        return StopJudgement()

    def _grant(self, decision: StopDecision) -> StopJudgement:
        self._pending = StopDecision.CONTINUE
        return StopJudgement(granted=decision, verdict=Verdict.ACCEPTED)


def _norm(values: FloatArray) -> float:
    with np.errstate(over="ignore", invalid="ignore"):
        return float(np.sqrt(np.dot(values, values)))
