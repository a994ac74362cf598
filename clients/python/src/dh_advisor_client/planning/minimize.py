"""Advice for whatever is called as `scipy.optimize.minimize` is."""

from __future__ import annotations

import contextlib
import inspect
import math
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.optimize import OptimizeResult, minimize

from dh_advisor_client.advice import Provenance
from dh_advisor_client.enums import Solver, StopReason
from dh_advisor_client.plan import FloatArray
from dh_advisor_client.planning.advised_run import AdvisedRun
from dh_advisor_client.planning.case import Case
from dh_advisor_client.planning.run_options import RunOptions
from dh_advisor_client.session.options import SessionCounters, SessionOptions
from dh_advisor_client.status import InvalidInput, Status

# Points of a line search whose gradient an iteration may turn out to be at.
_REMEMBERED = 8


@dataclass(frozen=True)
class AdviceReport:
    """What advice did to a plan."""

    is_start_advised: bool
    """The run began at the advised weights, which were better than `x0`."""
    explanation: str
    """Why it was stopped, in the plugin's words; empty when it stopped on its own."""
    iterations: int
    calls: int
    """Of the objective with its gradient, and of the objective alone."""
    start_objective: float
    status: Status
    """Ok, or why there was no more advice."""
    finding: str
    """What the check of the case found; empty when it passed."""
    details: dict[str, str]
    """By role, what plugins said when they gave no value."""
    counters: SessionCounters
    provenance: Provenance | None
    """Where the advice came from, to be kept beside the plan; None where the host did not say."""


class _StopAdvised(Exception):  # noqa: N818 - it ends a minimizer; nothing is wrong
    """Leaves the minimizer from its callback: the one way out that all of them have."""


class _Objective:
    """Counts, and remembers the last points, so that an iteration's value and gradient cost no further call."""

    def __init__(self, fun: Callable[..., Any], jac: Any, args: tuple[Any, ...]) -> None:
        if not (jac is True or callable(jac)):
            raise InvalidInput(
                "jac must be a function or True: advice needs the gradient, and differences cost n calls"
            )
        self._fun, self._jac, self._args = fun, jac, args
        self._known: OrderedDict[bytes, tuple[float, FloatArray | None]] = OrderedDict()
        self.value_calls = 0
        self.gradient_calls = 0

    def value(self, x: FloatArray) -> float:
        return self._at(x, needs_gradient=False)[0]

    def value_and_gradient(self, x: FloatArray) -> tuple[float, FloatArray]:
        value, gradient = self._at(x, needs_gradient=True)
        assert gradient is not None
        return value, gradient

    def gradient(self, x: FloatArray) -> FloatArray:
        return self.value_and_gradient(x)[1]

    def _at(self, x: FloatArray, *, needs_gradient: bool) -> tuple[float, FloatArray | None]:
        key = np.asarray(x, dtype=np.float64).tobytes()
        value, gradient = self._known.get(key, (math.nan, None))
        if key not in self._known:
            self.value_calls += 1
            if self._jac is True:
                value, gradient = self._fun(x, *self._args)
                self.gradient_calls += 1
            else:
                value = self._fun(x, *self._args)
        if needs_gradient and gradient is None:
            gradient = self._jac(x, *self._args)
            self.gradient_calls += 1
        value = float(value)
        # Copies: minimizers reuse their arrays.
        gradient = None if gradient is None else np.array(gradient, dtype=np.float64)
        self._known[key] = value, gradient
        self._known.move_to_end(key)
        while len(self._known) > _REMEMBERED:
            self._known.popitem(last=False)
        return value, gradient


def _caller_of(callback: Callable[..., Any] | None) -> Callable[[FloatArray, float], Any]:
    """The user's own callback, in whichever of SciPy's forms it is written."""
    if callback is None:
        return lambda x, value: None
    with contextlib.suppress(TypeError, ValueError):
        if list(inspect.signature(callback).parameters) == ["intermediate_result"]:
            return lambda x, value: callback(intermediate_result=_result(x=x, fun=value))
    return lambda x, value: callback(np.array(x))


def _with_solver(options: RunOptions, minimizer: Callable[..., Any], method: Any) -> RunOptions:
    """The options with the solver's name, where they have none."""
    if options.solver_name:
        return options
    word = method if isinstance(method, str) else getattr(method, "__name__", "")
    if getattr(minimizer, "__module__", "").startswith("scipy.optimize"):
        # SciPy's own choice with bounds is L-BFGS-B.
        name = word or "L-BFGS-B"
        is_lbfgs = name.upper() == "L-BFGS-B"
        return replace(options, solver=Solver.LBFGS if is_lbfgs else Solver.OTHER, solver_name=f"scipy {name}")
    return replace(options, solver_name=word or getattr(minimizer, "__name__", ""))


def advise(
    minimizer: Callable[..., Any],
    fun: Callable[..., Any],
    x0: npt.ArrayLike,
    *,
    case: Case,
    session: SessionOptions | None = None,
    run: RunOptions | None = None,
    jac: Any = True,
    args: tuple[Any, ...] = (),
    callback: Callable[..., Any] | None = None,
    method: Any = None,
    **others: Any,
) -> Any:
    """`minimizer(fun, x0, jac=True, callback=..., **others)` with advice on its start and its end.

    `minimizer` is `scipy.optimize.minimize`, or a loop of your own that takes `fun`, which returns value and gradient,
    `x0` and `callback`, which it calls with x after every iteration and whose exceptions it lets through, and returns
    something with `x`. `x` are the weights of `case`. `jac` is as SciPy has it: a function, or True when `fun` returns
    both.

    The start is the advised one when the objective is lower there than at `x0`; a stop is granted when the objective
    gains little. `session` says where the host is and how long to wait, `run` what the optimizer is. The result has
    `advice`, an `AdviceReport`, in addition.

    Raises `InvalidInput` for a mistake of the call; what `fun` and `callback` raise comes out. A host that is not
    there, hangs or dies costs at most the session's deadlines: the result is then that of `minimizer` alone.
    """
    objective = _Objective(fun, jac, args)
    start = np.array(x0, dtype=np.float64).ravel()
    if start.shape != (case.own_count,):
        raise InvalidInput(f"x0 has {start.size} values, and the case has {case.own_count} beamlets")
    options = _with_solver(run or RunOptions(), minimizer, method)
    tell_user = _caller_of(callback)
    with AdvisedRun(case, session, options) as plan:
        start = plan.start(start, objective.value)
        last = start
        iterations = 0

        def after_iteration(x: npt.ArrayLike, *_: Any) -> None:
            nonlocal last, iterations
            last = np.array(x, dtype=np.float64)
            iterations += 1
            value, gradient = objective.value_and_gradient(last)
            tell_user(last, value)
            plan.value_calls, plan.gradient_calls = objective.value_calls, objective.gradient_calls
            if plan.step(last, value, gradient):
                raise _StopAdvised

        chosen = others if method is None else others | {"method": method}
        start_objective = objective.value(start)
        try:
            result = minimizer(objective.value_and_gradient, start, jac=True, callback=after_iteration, **chosen)
        except _StopAdvised:
            result = _stopped(last, objective, iterations, plan.explanation)
        # Whatever comes back is handed on: a plan that took an hour is not lost because of a name.
        x = np.asarray(getattr(result, "x", last), dtype=np.float64)
        plan.value_calls, plan.gradient_calls = objective.value_calls, objective.gradient_calls
        is_done = bool(getattr(result, "success", True))
        reason = StopReason.TOLERANCE if is_done else StopReason.ITERATION_LIMIT
        status = plan.finish(x, objective.value(x), reason)
        report = AdviceReport(
            is_start_advised=plan.is_start_advised,
            explanation=plan.explanation,
            iterations=iterations,
            calls=max(objective.value_calls, objective.gradient_calls),
            start_objective=start_objective,
            status=status,
            finding=plan.finding,
            details={role.wire_name: said for role, said in plan.session.details.items()},
            counters=plan.session.counters,
            provenance=plan.session.provenance,
        )
    with contextlib.suppress(AttributeError, TypeError):
        result.advice = report
    return result


def scipy_method(
    case: Case,
    session: SessionOptions | None = None,
    run: RunOptions | None = None,
    method: str = "L-BFGS-B",
) -> Callable[..., Any]:
    """A `method` for `scipy.optimize.minimize`, which is SciPy's own `method` with advice.

    For planning systems that call `minimize` themselves, and let their users say with which method.
    """

    def advised(
        fun: Callable[..., Any],
        x0: npt.ArrayLike,
        args: tuple[Any, ...] = (),
        jac: Any = None,
        bounds: Any = None,
        callback: Callable[..., Any] | None = None,
        tol: float | None = None,
        **others: Any,
    ) -> Any:
        # What SciPy gives every method, used or not.
        unused = ("hess", "hessp", "constraints")
        options = {name: value for name, value in others.items() if name not in unused}
        return advise(
            minimize,
            fun,
            x0,
            case=case,
            session=session,
            run=run,
            jac=jac,
            args=args,
            callback=callback,
            method=method,
            bounds=bounds,
            tol=tol,
            options=options,
        )

    return advised


def _stopped(x: FloatArray, objective: _Objective, iterations: int, explanation: str) -> OptimizeResult:
    value, gradient = objective.value_and_gradient(x)
    return _result(
        x=x,
        fun=value,
        jac=gradient,
        nit=iterations,
        nfev=objective.value_calls,
        njev=objective.gradient_calls,
        success=True,
        status=0,
        message=f"Stopped by advice: {explanation}",
    )


def _result(**fields: Any) -> OptimizeResult:
    # A dictionary, which its published types do not say.
    result = OptimizeResult()
    for name, value in fields.items():
        result[name] = value
    return result
