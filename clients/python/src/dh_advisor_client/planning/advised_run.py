"""An optimization that asks, for loops of any kind."""

from __future__ import annotations

import logging
import time
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from types import TracebackType

import numpy as np

from dh_advisor_client.advice import DirectionAdvice, IterationAdvice, Stage
from dh_advisor_client.enums import (
    AdviceMode,
    DirectionSpace,
    Role,
    Solver,
    StopDecision,
    StopReason,
    TensorKind,
    Verdict,
)
from dh_advisor_client.gates import DirectionGate, StopGate, StopJudgement, check_stages, choose_start
from dh_advisor_client.plan import (
    FloatArray,
    Iteration,
    LevelEnd,
    LevelPlan,
    LevelStart,
    PlanFinish,
    PlanStart,
    SelfCheck,
)
from dh_advisor_client.planning.case import WEIGHT_CEILING, WEIGHT_STEEPNESS, Case
from dh_advisor_client.planning.run_options import RunOptions
from dh_advisor_client.session.options import SessionOptions
from dh_advisor_client.session.session import Session
from dh_advisor_client.status import Status

_LOG = logging.getLogger("dh_advisor_client")


@dataclass
class _Stage:
    index: int
    level: int
    iteration: int
    objective: float
    weights: FloatArray
    stop_gate: StopGate
    direction_gate: DirectionGate


class AdvisedRun:
    """One plan: `start`, `step` after every iteration, `finish`. Weights are the optimizer's own.

    Nothing of it raises because of a host, and nothing waits longer than the session's deadlines; without advice
    `start` gives back what it got and `step` says go on. One finest level; optimizers with several use `Session`. A
    context manager; not thread-safe.
    """

    def __init__(self, case: Case, session: SessionOptions | None = None, options: RunOptions | None = None) -> None:
        """Checks the case and opens the session."""
        self.case = case
        self._options = options or RunOptions()
        self._begun = time.monotonic()
        self._stages = 0
        self.iterations = 0
        """Of the plan so far."""
        self._stage: _Stage | None = None
        self._last: IterationAdvice = IterationAdvice()
        self.value_calls = 0
        """Of the plan so far; whoever counts sets both."""
        self.gradient_calls = 0
        self.is_start_advised = False
        self._pending_explanation = ""
        self.explanation = ""
        """Why it was stopped, in the plugin's words; empty when it was not."""
        chosen = session or SessionOptions()
        checks = [case.check()] if self._options.checks_geometry and chosen.mode is not AdviceMode.OFF else []
        self.finding = next((check.finding for check in checks if not check.passed), "")
        """What the check of the case found; empty when it passed."""
        if self.finding:
            _LOG.warning("no advice: the check of the case failed at %s: %s", checks[0].field, self.finding)
            chosen = replace(chosen, mode=AdviceMode.OFF)
        self.session = Session(chosen, self._plan_start([check.self_check() for check in checks]))
        wanted = [kind for kind in case.offers() if self.session.wants(kind)]
        geometry = case.geometry(wanted) if self.session.is_live else None
        self._geometry_advice = self.session.ask_geometry(geometry) if geometry is not None else None

    def __enter__(self) -> AdvisedRun:
        """Itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Ends the connection."""
        self.session.close()

    @property
    def status(self) -> Status:
        """Ok, or why there is no more advice."""
        return self.session.status

    def schedule(self, default: Sequence[Stage]) -> list[Stage]:
        """The stages to run: the advised ones when they passed the gate, else `default`."""
        advised = self._geometry_advice.stages if self._geometry_advice else None
        if advised is None:
            return list(default)
        verdict = check_stages(advised, 1, self._options.histogram_sigma_gy, *self._options.sigma_bounds_gy)
        self.session.report(Role.PYRAMID_SIGMA, verdict)
        return list(advised) if verdict is Verdict.ACCEPTED else list(default)

    def structure_sigmas(self) -> dict[str, float]:
        """Advised histogram sigmas in Gy by the structure's name; reported as used."""
        sigmas = self._geometry_advice.structure_sigmas if self._geometry_advice else None
        if not sigmas:
            return {}
        self.session.report(Role.HISTOGRAM_SIGMA, Verdict.ACCEPTED)
        return {self.case.structures[s.structure].name: s.histogram_sigma_gy for s in sigmas}

    def start(
        self,
        weights: FloatArray,
        objective: Callable[[FloatArray], float],
        histogram_sigma_gy: float | None = None,
    ) -> FloatArray:
        """Begins a stage. The advised weights when `objective` is lower there than at `weights`, else `weights`."""
        default = float(objective(weights))
        self.value_calls += 1
        sigma_gy = self._options.histogram_sigma_gy if histogram_sigma_gy is None else histogram_sigma_gy
        wanted = [kind for kind in self.case.offers() if self.session.wants(kind)]
        known = {TensorKind.WEIGHTS: self.case.to_model(weights)}
        start = LevelStart(
            level=0,
            stage=self._stages,
            beamlet_count=self.case.beamlet_count,
            histogram_sigma_gy=sigma_gy,
            objective=default,
            tensors={kind: known[kind] for kind in wanted if kind in known},
        )
        proposed = self.session.ask_level(start).initial_weights
        if proposed is not None:
            own = self.case.from_model(proposed)
            value = float(objective(own))
            self.value_calls += 1
            verdict = choose_start(default, value)
            self.session.report(Role.INITIALIZATION, verdict)
            if verdict is Verdict.ACCEPTED:
                weights, default, self.is_start_advised = own, value, True
        self._stage = _Stage(self._stages, 0, 0, default, np.array(weights), StopGate(), DirectionGate())
        self._stages += 1
        return weights

    def step(self, weights: FloatArray, objective: float, gradient: FloatArray) -> bool:
        """Tells of an iteration that has ended. True: stop here; `explanation` says why.

        `gradient` is dF by the optimizer's weights.
        """
        stage = self._stage
        if stage is None:
            return False
        change = weights - stage.weights
        gain = 2.0 * (stage.objective - objective) / max(abs(stage.objective) + abs(objective), 1e-300)
        model_change = self.case.change_to_model(change)
        model_gradient = self.case.gradient_to_model(gradient)
        known: dict[TensorKind, Callable[[], FloatArray]] = {
            TensorKind.WEIGHTS: lambda: self.case.to_model(weights),
            TensorKind.GRADIENT: lambda: model_gradient,
            TensorKind.DIRECTION: lambda: model_change,
        }
        wants = self.session.wants
        self._last = self.session.ask_iteration(
            Iteration(
                level=0,
                stage=stage.index,
                iteration=stage.iteration,
                objective=float(objective),
                gradient_norm=float(np.linalg.norm(model_gradient)),
                step_length=float(np.linalg.norm(model_change)),
                value_calls=self.value_calls,
                gradient_calls=self.gradient_calls,
                elapsed_ms=self._elapsed_ms(),
                tensors={kind: make() for kind, make in known.items() if wants(kind, stage.iteration)},
            )
        )
        judgement = self._judge(stage, gain)
        stage.iteration += 1
        stage.objective, stage.weights = float(objective), np.array(weights)
        self.iterations += 1
        return judgement.stops

    def direction(self, gradient: FloatArray) -> FloatArray | None:
        """An advised search direction for the next iteration, in the optimizer's weights, or None.

        A direction of sufficient descent, times its step length where it has one.
        """
        stage, advice = self._stage, self._last.direction
        if stage is None or advice is None or advice.space is not DirectionSpace.WEIGHTS:
            return None
        own = DirectionAdvice(advice.space, self.case.from_model(advice.direction), advice.step_length)
        verdict, kept = stage.direction_gate.consider(own, gradient)
        self.session.report(Role.STEP_DIRECTION, verdict, stage.level, max(stage.iteration - 1, 0))
        return None if kept is None else kept.direction * (kept.step_length or 1.0)

    def end_stage(self, reason: StopReason = StopReason.TOLERANCE) -> None:
        """Tells that the stage has ended; `finish` does so for the last."""
        stage, self._stage = self._stage, None
        if stage is not None:
            self.session.tell_level_end(
                LevelEnd(
                    level=stage.level,
                    stage=stage.index,
                    stop_reason=reason,
                    iterations=stage.iteration,
                    objective=stage.objective,
                    value_calls=self.value_calls,
                    gradient_calls=self.gradient_calls,
                    elapsed_ms=self._elapsed_ms(),
                )
            )

    def finish(
        self, weights: FloatArray, reference_objective: float, reason: StopReason = StopReason.TOLERANCE
    ) -> Status:
        """Says good-bye. `reference_objective`: what plans are compared by."""
        reason = StopReason.ADVICE if self.explanation else reason
        self.end_stage(reason)
        if not self.session.resume():
            return self.session.status
        return self.session.finish(
            PlanFinish(
                stop_reason=reason,
                iterations=self.iterations,
                reference_objective=float(reference_objective),
                value_calls=self.value_calls,
                gradient_calls=self.gradient_calls,
                call_equivalents=float(max(self.gradient_calls, self.value_calls)),
                optimization_ms=self._elapsed_ms(),
                metrics=self.case.metrics(weights),
                final_weights=self.case.to_model(weights) if self.session.wants(TensorKind.WEIGHTS) else None,
            )
        )

    def _judge(self, stage: _Stage, gain: float) -> StopJudgement:
        stop = self._last.stop
        tolerance = max(self._options.stop_tolerance, self._options.tolerance)
        if stop is not None and stop.decision is not StopDecision.CONTINUE and not stage.stop_gate.is_checking:
            self._pending_explanation = stop.explanation
        judgement = stage.stop_gate.consider(stop, stage.iteration, gain, tolerance)
        if judgement.verdict is not None:
            self.session.report(Role.EARLY_STOPPING, judgement.verdict, stage.level, stage.iteration)
        if judgement.stops:
            self.explanation = self._pending_explanation
        return judgement

    def _plan_start(self, checks: Sequence[SelfCheck]) -> PlanStart:
        options, case = self._options, self.case
        level = LevelPlan(
            level=0,
            beamlet_count=case.beamlet_count,
            histogram_sigma_gy=options.histogram_sigma_gy,
            iteration_limit=options.iteration_limit,
            tolerance=options.tolerance,
        )
        return PlanStart(
            client=options.client,
            plan_key=options.plan_key or uuid.uuid4().hex,
            patient_key=options.patient_key,
            solver=options.solver,
            solver_name=options.solver_name or ("own loop" if options.solver is Solver.OTHER else ""),
            may_record=options.may_record,
            quality=options.quality,
            label=options.label,
            structures=case.structures,
            beams=case.beams,
            levels=[level],
            weight_ceiling=WEIGHT_CEILING,
            weight_steepness=WEIGHT_STEEPNESS,
            accepts=options.accepts,
            offers=case.offers(),
            self_checks=checks,
        )

    def _elapsed_ms(self) -> float:
        return 1e3 * (time.monotonic() - self._begun)
