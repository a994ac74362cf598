"""Runs of the optimizer from Python; made by `RtModelWrapper.create_optimizer`. Research software."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from ctypes import byref, c_char_p, c_void_p
from typing import TYPE_CHECKING, Any

import numpy as np

from dh_training.rtmodel_types import Progress, RunOptions, StageStruct, progress_callback
from dh_training.rtmodel_values import FloatArray, Iteration, Stage, choice, pointer

if TYPE_CHECKING:
    from dh_training.rtmodel import Prescription, RtModelWrapper


class Optimizer:
    """One run's settings and its result. One thread at a time; `cancel` from any."""

    def __init__(self, wrapper: RtModelWrapper, prescription: Prescription, solver: int, covariance: int) -> None:
        """Use `RtModelWrapper.create_optimizer`."""
        self._wrapper = wrapper
        self._prescription = prescription  # must live as long as the optimizer
        self.handle = c_void_p()
        wrapper.check(
            wrapper.library.rtmodel_CreateOptimizer(prescription.handle, solver, covariance, byref(self.handle))
        )

    def __del__(self) -> None:
        """Frees the optimizer."""
        if getattr(self, "handle", None):
            self._wrapper.library.rtmodel_FreeOptimizer(self.handle)

    def set_stages(self, stages: Sequence[Stage]) -> None:
        """Replaces the solver's schedule; the last stage must be level 0. An empty one restores the solver's own."""
        array = (StageStruct * len(stages))(
            *(StageStruct(s.level, s.histogram_sigma_gy, s.iteration_limit, s.tolerance) for s in stages)
        )
        self._wrapper.check(self._wrapper.library.rtmodel_SetStages(self.handle, array, len(stages)))

    def set_run_options(
        self,
        *,
        max_iterations: int = 0,
        polish: bool = True,
        trace_reference: bool = False,
        threads: int = 1,
        safeguard: bool = True,
        preparation_iterations: int | None = None,
        safeguard_iterations: int = 0,
    ) -> None:
        """Iterations a stage (0 = 500), the classical end at level 0, F_ref traced without charge, threads.

        `safeguard`: lbfgs, beside a descent from an advised learned start, also makes the one without it.
        `preparation_iterations`: that prepare the start; None = the solver's own number.
        `safeguard_iterations`: after which a learned start's descent is given up unless it leads; 0 = the solver's own
        number, `max_iterations` or more = never.
        """
        options = RunOptions(
            max_iterations,
            int(not polish),
            int(trace_reference),
            threads,
            int(not safeguard),
            -1 if preparation_iterations == 0 else preparation_iterations or 0,
            safeguard_iterations,
        )
        self._wrapper.check(self._wrapper.library.rtmodel_SetRunOptions(self.handle, byref(options)))

    def set_advisor(self, address: str, mode: str = "advise") -> None:
        """Asks the advisor at host:port. `mode`: off, shadow, advise."""
        chosen = choice(mode, {"off": 0, "shadow": 1, "advise": 2})
        self._wrapper.check(self._wrapper.library.rtmodel_SetAdvisor(self.handle, address.encode(), chosen, 0, 0))

    def run(self, callback: Callable[[Iteration], bool | None] | None = None) -> dict[str, Any]:
        """Use `RtModelWrapper.optimize`."""
        failure: list[BaseException] = []

        def on_progress(progress: Any, _user: Any) -> int:  # noqa: ANN401 - a ctypes pointer
            try:
                return 0 if callback is not None and callback(_iteration(progress.contents)) is False else 1
            except BaseException as thrown:
                failure.append(thrown)
                return 0

        hook = progress_callback(on_progress) if callback is not None else progress_callback()
        status = self._wrapper.library.rtmodel_Optimize(self.handle, hook, None)
        if failure:
            raise failure[0]
        self._wrapper.check(status)
        text = c_char_p()
        self._wrapper.check(self._wrapper.library.rtmodel_GetResult(self.handle, byref(text)))
        return json.loads(text.value or b"{}")

    def weights(self) -> FloatArray:
        """The n weights that the last `run` reached."""
        array = np.empty(self._prescription.beamlets)
        self._wrapper.check(self._wrapper.library.rtmodel_GetWeights(self.handle, pointer(array), array.size))
        return array

    def cancel(self) -> None:
        """Ends a running `run` at its next iteration."""
        self._wrapper.library.rtmodel_Cancel(self.handle)


def _iteration(told: Progress) -> Iteration:
    def copied(pointer: Any) -> FloatArray:  # noqa: ANN401 - a ctypes pointer
        if not pointer:
            return np.empty(0)
        return np.ctypeslib.as_array(pointer, (told.beamlet_count,)).copy()

    return Iteration(
        level=told.level,
        stage=told.stage,
        iteration=told.iteration,
        histogram_sigma_gy=told.histogram_sigma_gy,
        objective=told.objective,
        gradient_norm=told.gradient_norm,
        call_equivalents=told.call_equivalents,
        weights=copied(told.weights),
        gradient=copied(told.gradient),
        search_direction=copied(told.direction),
        adaptive_variance=copied(told.variance_gy2),
    )
