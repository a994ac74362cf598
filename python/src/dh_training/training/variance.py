"""Trains `variance` on recorded covariance runs of dH, and judges it by the plans that it leads to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import numpy.typing as npt
import torch
from pydantic import NonNegativeInt, PositiveInt

from dh_training.golden import golden_inputs
from dh_training.levels import averaging
from dh_training.measuring import Measured, MeasuringOptions, PlanToMeasure
from dh_training.networks.variance import VarianceNetwork
from dh_training.objective import LOWER_VARIANCE_SHARE, UPPER_VARIANCE_SHARE
from dh_training.packages import Arrays, Port
from dh_training.problems import ModelInputs, ProblemOptions, from_prescription, open_plan
from dh_training.rtmodel import Iteration, RtModelWrapper
from dh_training.training.fit import FitOptions
from dh_training.training.measured_role import measure_runs, patients_of, split_measured
from dh_training.training.ranges import table_ranges
from dh_training.training.role import CardFacts, Contents, Sources, Split
from dh_training.training.warm_start import INPUTS as PLAN_INPUTS
from dh_training.training.warm_start import tensors

FloatArray = npt.NDArray[np.float32]
LEVEL_SIGMAS_GY = (2.5, 6.5, 16.0, 40.0)
"""Of the optimizer's levels, finest first."""
PHASES = (1, 2, 4, 8, 15, 30, 60, 100)
"""Iterations of a stage after which its variance is recorded."""
PHASE_ITERATIONS = 100
"""As in the plugin: iterations after which a phase is 1."""


@dataclass(frozen=True)
class VarianceConfig:
    """The section `variance` of a configuration."""

    version: str = "1"
    measuring: MeasuringOptions = field(default_factory=lambda: MeasuringOptions(dev_variants=1, cases=20))
    iterations: PositiveInt = 100
    """Of a recorded run, in each level."""
    judged_cases: NonNegativeInt = 4
    """Of the patients that choose: planned by dH with several variances for the card."""
    judged_iterations: PositiveInt = 500
    """Of those plans, in each level."""
    judged_phases: tuple[tuple[float, float], ...] = ((0.0, 0.0), (0.0, 1.0), (0.3, 0.3))
    """Phases at which the model is asked for them: on coarse levels, and on the finest."""
    width: PositiveInt = 24
    fit: FitOptions = field(default_factory=lambda: FitOptions(steps=900, accumulate=8, check_every=100))


@dataclass(frozen=True)
class CovarianceRuns:
    """dH with incremental covariance, watched."""

    iterations: int

    def __call__(self, told: PlanToMeasure) -> Mapping[str, npt.NDArray[np.float32]]:
        """`share_<level>_<iterations>`: (beamlets of the level,) in [0, 1] between the variance's bounds."""
        optimizer = told.model.create_optimizer(told.plan, "dh", "incremental")
        optimizer.set_run_options(max_iterations=self.iterations)
        shares: dict[str, FloatArray] = {}

        def watch(at: Iteration) -> None:
            done = at.iteration + 1
            if done in PHASES:
                lower, upper = bounds_gy2(at.histogram_sigma_gy)
                shares[f"share_{at.level}_{done}"] = ((at.adaptive_variance - lower) / (upper - lower)).astype("f4")

        told.model.optimize(optimizer, watch)
        return shares


def bounds_gy2(sigma_gy: float) -> tuple[float, float]:
    """The variance's bounds at a histogram sigma."""
    return LOWER_VARIANCE_SHARE * sigma_gy**2, UPPER_VARIANCE_SHARE * sigma_gy**2


@dataclass(frozen=True)
class Moment:
    """Recorded shares of one level at one phase, and the question that they answer."""

    context: torch.Tensor
    """(3,)."""
    average: torch.Tensor
    """(n of the level, B R C), see `averaging`."""
    share: torch.Tensor
    """(n of the level,)."""
    is_active: torch.Tensor
    """(n of the level,), 0 where excluded."""


@lru_cache(maxsize=256)
def moments_of(measured: Measured) -> tuple[Moment, ...]:
    """Everything recorded of a problem, and the start of each level, where every variance is at its upper bound."""
    averages = [torch.from_numpy(averaging(measured.inputs.column_norm, level)) for level in range(4)]
    moments = []
    for name, share in measured.arrays.items():
        level, done = map(int, name.removeprefix("share_").split("_"))
        moments.append(_moment(averages[level], level, done, torch.from_numpy(share)))
    for level, average in enumerate(averages):
        moments.append(_moment(average, level, 0, torch.ones(len(average))))
    return tuple(moments)


def _moment(average: torch.Tensor, level: int, done: int, share: torch.Tensor) -> Moment:
    return Moment(torch.from_numpy(context(level, done / PHASE_ITERATIONS)), average, share, average.sum(dim=1) > 0.5)


def context(level: int, phase: float) -> FloatArray:
    """What the plugin packs at a level's own sigma."""
    return np.array([level, min(phase, 1.0), np.log10(LEVEL_SIGMAS_GY[level])], dtype=np.float32)


@dataclass
class VarianceTask:
    """Squared error of the shares, averaged to the level as the host does it."""

    network: VarianceNetwork
    config: VarianceConfig

    def loss(self, item: Measured, rng: np.random.Generator) -> torch.Tensor:
        """At one moment of the problem."""
        moments = moments_of(item)
        return self._error(item, moments[int(rng.integers(len(moments)))])

    def figure(self, item: Measured) -> float:
        """At all of them."""
        return float(np.mean([float(self._error(item, moment)) for moment in moments_of(item)]))

    def _error(self, item: Measured, moment: Moment) -> torch.Tensor:
        structures, _, mean, highest, norm = tensors(item.inputs)
        share = self.network.predict(structures, mean, highest, norm, moment.context)
        error = (moment.average @ share.reshape(-1) - moment.share)[moment.is_active]
        return error.pow(2).mean()

    def shares(self, inputs: ModelInputs, level: int, phase: float) -> FloatArray:
        """(n of the level,): what the host would give the optimizer."""
        structures, _, mean, highest, norm = tensors(inputs)
        with torch.no_grad():
            at = torch.from_numpy(context(level, phase))
            share = self.network.predict(structures, mean, highest, norm, at).numpy()
        return averaging(inputs.column_norm, level) @ share.ravel()


INPUTS = (*PLAN_INPUTS, Port("context", (3,), "level, iterations / 100 up to 1, log10(sigma in Gy)"))
OUTPUTS = (
    Port("share", ("beams", "rows", "columns"), "of the way from the lower to the upper bound, in [0, 1]"),
    Port("ood_score", (1,), "0 at the centre of the training plans, 1 at the refusal threshold"),
)


class VarianceRole:
    """Adaptive variance of every beamlet."""

    name = "variance"
    plugin_role = "adaptive-variance"
    learns_from = "runs"
    config = VarianceConfig

    def measure(self, config: VarianceConfig, sources: Sources, jobs: int) -> list[str]:
        """One watched run at every problem."""
        settings = {"iterations": config.iterations}
        return measure_runs(self.name, CovarianceRuns(config.iterations), config.measuring, settings, sources, jobs)

    def task(self, config: VarianceConfig, device: str) -> VarianceTask:
        """With a fresh network. Small enough for the CPU, whatever the device."""
        del device
        return VarianceTask(VarianceNetwork(config.width), config)

    def items(self, sources: Sources) -> Split[Measured]:
        """Every recorded problem."""
        return split_measured(self.name, sources)

    def prepare(self, task: VarianceTask, train: Sequence[Measured]) -> None:
        """Which plans are usual."""
        task.network.fit([tensors(one.inputs) for one in train])

    def contents(self, task: VarianceTask, sources: Sources) -> Contents:
        """The network, and the plans that its variances lead to."""
        items = self.items(sources)
        config = task.config
        dev = sources.split()[1][: config.judged_cases]
        return Contents(
            model=task.network,
            inputs=INPUTS,
            outputs=OUTPUTS,
            batch_axis=None,
            golden=_golden(),
            ranges=table_ranges((one.inputs.structures, one.inputs.beams) for one in items.train)
            | {"level": (0.0, 3.0), "phase": (0.0, 1.0)},
            patients=patients_of(items),
            card=CardFacts(
                purpose="The adaptive variance of every beamlet, for solver dh, in place of the one that dH computes "
                "from the directions that it has searched.",
                data="Of each the variance of a run of solver dh with incremental covariance, as the case says, "
                f"after {', '.join(map(str, PHASES))} iterations of every level.",
                network="Per beamlet and structure a small perceptron, summed over structures; with level, phase and "
                "sigma into convolutions along the beam's columns and rows. The out-of-distribution score is a "
                "Mahalanobis distance over features of plan and beamlets.",
                loss="Squared error of the share between the variance's bounds, averaged over the beamlets of the "
                "recorded level.",
                figures=_errors(task, items) | dict(_judge(task, dev)),
                limits="It tells the variance that dH's own search would have come to at a phase, not one that was "
                "found to be better. What is held for a whole level follows no search; the phase must be chosen.",
            ),
        )


def _errors(task: VarianceTask, items: Split[Measured]) -> dict[str, float]:
    """Of the shares, beside those of the mean share in training at each level and phase."""
    means: dict[tuple[float, ...], list[float]] = {}
    for one in items.train:
        for moment in moments_of(one):
            key = tuple(moment.context.tolist())
            means.setdefault(key, []).append(float(moment.share[moment.is_active].mean()))
    flat = []
    for one in items.dev:
        errors = [
            float((moment.share[moment.is_active] - np.mean(means[tuple(moment.context.tolist())])).pow(2).mean())
            for moment in moments_of(one)
        ]
        flat.append(np.mean(errors))
    return {
        "squared error of the share": float(np.mean([task.figure(one) for one in items.dev])),
        "the same of the mean share at each level and phase": float(np.mean(flat)),
    }


def _judge(task: VarianceTask, cases: Sequence[Path]) -> Iterator[tuple[str, float]]:
    """Plans of patients that chose, by solver dh with this and with other variances."""
    config, model = task.config, RtModelWrapper()
    arms: dict[str, tuple[float, float] | None] = {"incremental covariance": None, "the lower bound": (-1.0, -1.0)}
    for coarse, finest in config.judged_phases:
        arms[f"advised at phase {coarse:g}, on the finest level {finest:g}"] = coarse, finest
    results: dict[str, list[tuple[float, float]]] = {name: [] for name in arms}
    for case in cases:
        with TemporaryDirectory() as scratch:
            plan = open_plan(model, case, ProblemOptions(), Path(scratch))
        inputs = from_prescription(case.name, ProblemOptions(), plan).inputs
        for name, phases in arms.items():
            optimizer = model.create_optimizer(plan, "dh", "incremental" if phases is None else "predicted")
            optimizer.set_run_options(max_iterations=config.judged_iterations)
            for level, sigma_gy in enumerate(LEVEL_SIGMAS_GY if phases is not None else ()):
                phase = phases[0 if level > 0 else 1]
                lower, upper = bounds_gy2(sigma_gy)
                size = len(averaging(inputs.column_norm, level))
                share = np.zeros(size) if phase < 0 else task.shares(inputs, level, phase)
                model.set_predicted_variance(optimizer, lower + share * (upper - lower), level)
            result = model.optimize(optimizer)
            results[name].append((result["reference_objective"], result["total"]["call_equivalents"]))
    for name, reached in results.items():
        if not reached:
            continue
        finals, calls = np.array(reached).T
        usual, _ = np.array(results["incremental covariance"]).T
        yield (
            f"{name}: median final F_ref of {len(cases)} plans, of that with incremental covariance",
            float(np.median(finals / usual)),
        )
        yield f"{name}: worst", float((finals / usual).max())
        yield f"{name}: median call-equivalents", float(np.median(calls))


def _golden() -> dict[str, Arrays]:
    """Phantoms, asked at the start of the coarsest level and late in the finest."""
    golden: dict[str, Arrays] = {}
    for name, inputs in golden_inputs().items():
        for told, level, phase in (("start", 3, 0.0), ("late", 0, 1.0)):
            golden[f"{name}-{told}"] = {**vars(inputs), "context": context(level, phase)}
    return golden
