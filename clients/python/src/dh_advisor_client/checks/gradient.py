"""Whether a gradient is that of its objective, in the contract's sign, space and unit."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass

from dh_advisor_client.checks.result import CheckFault, CheckResult, failed, number
from dh_advisor_client.checks.slopes import (
    AGREEMENT,
    NARROW_STEP,
    WIDE_STEP,
    Objective,
    Slopes,
    SlopeTest,
    factor_between,
)
from dh_advisor_client.enums import CheckOutcome, DirectionSpace
from dh_advisor_client.plan import FloatArray

# A named fault explains a measurement within this factor; each fault more must explain better by the second.
_EXPLAINS = 1.6
_COST_OF_ANOTHER = 1.2
_UNLIKELY = 5.0

# Measured over sent.
_UNITS = (
    (1.0, ""),
    (100.0, "is 100 times too small (per 100 Gy for per Gy?)"),
    (0.01, "is 100 times too large (Gy/100 for Gy?)"),
    (10.0, "is 10 times too small (per mm for per cm?)"),
    (0.1, "is 10 times too large (per cm for per mm?)"),
    (1e4, "is 10,000 times too small"),
    (1e-4, "is 10,000 times too large"),
)


@dataclass(frozen=True)
class _Explanation:
    fault: CheckFault
    words: str
    error: float
    """Factor between what it predicts and what was measured; at least 1."""


def _explanation(is_turned: bool, is_space: bool, unit: tuple[float, str], slopes: Sequence[Slopes]) -> _Explanation:
    faults = []
    if is_turned:
        faults.append((CheckFault.SIGN, "has the wrong sign: it points downhill"))
    if is_space:
        faults.append((CheckFault.SPACE, "is dF/dx and must be dF/dw: divide it by dw/dx = s w (1 - w/W)"))
    if unit[0] != 1.0:
        faults.append((CheckFault.UNIT, unit[1]))

    def error(of: Slopes) -> float:
        space = of.predicted_if_parameters / of.predicted if is_space else 1.0
        return factor_between(of.ratio, (-1.0 if is_turned else 1.0) * unit[0] * space)

    worst = max(error(of) for of in slopes) * _COST_OF_ANOTHER ** (len(faults) - 1)
    return _Explanation(faults[0][0], ", and ".join(words for _, words in faults), worst)


def _explanations(every: Slopes, part: Slopes) -> list[_Explanation]:
    """All single and combined faults, the best explanation first."""
    found = []
    for is_space, unit, is_turned in itertools.product((False, True), _UNITS, (False, True)):
        space = every.predicted_if_parameters / every.predicted
        # Two faults that nearly undo each other explain a small difference, and are none.
        cancel = is_space and unit[0] != 1.0 and factor_between(unit[0] * space, 1.0) < _UNLIKELY
        if (is_turned or is_space or unit[0] != 1.0) and not cancel:
            found.append(_explanation(is_turned, is_space, unit, (every, part)))
    return sorted(found, key=lambda explanation: explanation.error)


def _diagnose(test: SlopeTest, every: Slopes) -> CheckResult:
    part = test.measure_part(every.step)
    sent_over_measured = 1.0 / every.ratio if every.ratio != 0.0 else 0.0
    measured = f"; along it the objective changes {number(every.ratio)} times as fast as it says"
    found = _explanations(every, part)

    def fail(fault: CheckFault, finding: str) -> CheckResult:
        return failed(fault, "gradient", finding, sent_over_measured, test.value_calls)

    if found[0].error <= _EXPLAINS:
        words = f"the gradient {found[0].words}"
        # Where all weights are alike, dF/dx is a constant factor, too.
        if found[1].error <= min(_EXPLAINS, 1.3 * found[0].error):
            words += f"; or it {found[1].words}"
        return fail(found[0].fault, words + measured)
    if factor_between(every.ratio, part.ratio) <= _EXPLAINS:
        fault = CheckFault.SIGN if every.ratio < 0.0 else CheckFault.UNIT
        return fail(fault, f"the gradient is off by a constant factor{measured}")
    return fail(
        CheckFault.NOT_THE_GRADIENT,
        f"this is not the gradient of this objective{measured}, and {number(part.ratio)} times along a part of it: "
        "check the order of beamlets, and that gradient and weights are of one point",
    )


def _is_parameters(test: SlopeTest, every: Slopes) -> bool:
    """Where s and W make dw/dx about 1, dF/dx passes for dF/dw; then the part must agree, too, and better so."""
    if factor_between(every.predicted_if_parameters, every.predicted) > AGREEMENT**2:
        return False
    part = test.measure_part(every.step)
    as_weights = factor_between(every.measured, every.predicted) * factor_between(part.measured, part.predicted)
    as_parameters = factor_between(every.measured, every.predicted_if_parameters) * factor_between(
        part.measured, part.predicted_if_parameters
    )
    return as_weights > _EXPLAINS * as_parameters


def check_gradient(
    objective: Objective,
    weights: FloatArray,
    gradient: FloatArray,
    *,
    weight_ceiling: float,
    weight_steepness: float = 0.5,
    space: DirectionSpace = DirectionSpace.WEIGHTS,
) -> CheckResult:
    """Compares the gradient with differences of the objective along it.

    `objective` takes weights, or with `PARAMETERS` the x of w = W / (1 + exp(-s x)); `gradient` is dF/dw at `weights`,
    as it would be sent. Passed when they agree within a factor of two. Catches a wrong sign, dF/dx for dF/dw, and
    units. Costs 2 values when all is well, at most 6. Take a point that is no solution yet, best with weights that
    differ. What the objective raises comes out.
    """
    test = SlopeTest(objective, weights, gradient, weight_ceiling, weight_steepness, space)

    def unclear(finding: str) -> CheckResult:
        return CheckResult(CheckOutcome.UNCLEAR, finding=finding, value_calls=test.value_calls)

    if not test.has_direction:
        return unclear("the gradient is zero wherever weights can move: nothing to compare")
    slopes = test.measure(WIDE_STEP)
    if math.isfinite(slopes.measured) and not slopes.agree:
        wide = slopes
        slopes = test.measure(NARROW_STEP)
        is_steady = wide.measured == 0.0 or factor_between(wide.measured, slopes.measured) <= AGREEMENT
        if not slopes.agree and not (slopes.is_measurable and is_steady):
            return unclear(
                f"the objective is too rough or too flat here to measure its slope: {number(wide.measured)} with a "
                f"wide step, {number(slopes.measured)} with a narrow one; take a point that is no solution yet"
            )
    if not math.isfinite(slopes.measured):
        return unclear("the objective is not finite beside the weights")
    if not slopes.agree:
        return _diagnose(test, slopes)
    ratio = slopes.predicted / slopes.measured
    if _is_parameters(test, slopes):
        finding = "the gradient is dF/dx and must be dF/dw: divide it by dw/dx"
        return failed(CheckFault.SPACE, "gradient", finding, ratio, test.value_calls)
    return CheckResult(CheckOutcome.PASSED, ratio=ratio, value_calls=test.value_calls)
