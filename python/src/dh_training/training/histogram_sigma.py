"""Trains `histogram-sigma` on what wider and sharper histograms of single structures do to the optimizer's runs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import numpy.typing as npt
import torch
from pydantic import NonNegativeFloat, NonNegativeInt, PositiveInt

from dh_training.golden import golden_inputs
from dh_training.measuring import Measured, MeasuringOptions, PlanToMeasure, Run, run_of
from dh_training.networks.distribution import plan_features
from dh_training.networks.structure_sigmas import StructureSigmaNetwork
from dh_training.packages import Port, open_session
from dh_training.problems import BEAM_COLUMNS, ProblemOptions, from_prescription, open_plan
from dh_training.rtmodel import RtModelWrapper, Stage
from dh_training.training.fit import FitOptions
from dh_training.training.measured_role import measure_runs, patients_of, split_measured
from dh_training.training.pyramid_sigma import CostOptions
from dh_training.training.ranges import table_ranges
from dh_training.training.role import CardFacts, Contents, Sources, Split
from dh_training.training.schedules import FINEST_SIGMA_GY

FloatArray = npt.NDArray[np.float32]
STARTS = ("flat", "learned")


@dataclass(frozen=True)
class HistogramSigmaConfig:
    """The section `histogram-sigma` of a configuration."""

    version: str = "1"
    measuring: MeasuringOptions = field(default_factory=lambda: MeasuringOptions(dev_variants=1, cases=48))
    draws: PositiveInt = 4
    """Runs with random factors, from each start, beside one with the factor 1."""
    largest_factor: float = 1.5
    """Of a random or an advised factor, either way."""
    last_iterations: PositiveInt = 100
    """Of a measured run at the finest sigma."""
    cost: CostOptions = field(default_factory=CostOptions)
    quality: NonNegativeFloat = 1.0
    """Weight of the logarithm of the final F_ref beside that of the cost."""
    judged_cases: NonNegativeInt = 12
    """Of the patients that choose: planned with and without advice for the card."""
    width: PositiveInt = 8
    fit: FitOptions = field(
        default_factory=lambda: FitOptions(steps=1500, accumulate=8, learning_rate=3e-3, check_every=50)
    )

    def __post_init__(self) -> None:
        """ValueError: a factor reaches both ways from 1."""
        if not 1.0 < self.largest_factor <= 4.0:
            raise ValueError(f"largest_factor is {self.largest_factor}, must be above 1 and at most 4")


@dataclass(frozen=True)
class SigmaRuns:
    """L-BFGS with its own schedule from a flat start, and straight at the finest sigma from learned weights."""

    warm_start: Path
    """`model.onnx` of a warm start."""
    draws: int
    largest_factor: float
    last_iterations: int

    def __call__(self, told: PlanToMeasure) -> Mapping[str, npt.NDArray[np.float32]]:
        """`<start>_<k>`: runs as (2, iterations); k = 0 without factors. `<start>_factors`: (draws + 1, S)."""
        digest = sha256(told.inputs.structures.tobytes() + told.inputs.beams.tobytes()).digest()
        rng = np.random.default_rng(list(digest))
        reach = np.log(self.largest_factor)
        arrays = {}
        for start in STARTS:
            drawn = np.exp(rng.uniform(-reach, reach, (self.draws + 1, len(told.plan.structures))))
            drawn[0] = 1.0
            arrays[f"{start}_factors"] = drawn.astype(np.float32)
            for k, factors in enumerate(drawn):
                arrays[f"{start}_{k}"] = self.run(told, start, factors).as_array()
        return arrays

    def run(self, told: PlanToMeasure, start: str, factors: npt.NDArray[np.floating]) -> Run:
        """One run."""
        optimizer = told.model.create_optimizer(told.plan, "lbfgs")
        if start == "learned":
            (weights,) = open_session(self.warm_start).run(["weights"], vars(told.inputs))
            told.model.set_initial_weights(optimizer, weights.ravel())
            optimizer.set_stages([Stage(0, FINEST_SIGMA_GY)])
        for structure, factor in zip(told.plan.structures, factors, strict=True):
            if factor != 1.0:
                told.model.set_structure_sigma(optimizer, structure.name, float(factor) * FINEST_SIGMA_GY)
        return run_of(told.model, optimizer, self.last_iterations)


@dataclass
class HistogramSigmaTask:
    """Absolute error of how factors change the logarithm of cost and final F_ref, from that of a run without."""

    network: StructureSigmaNetwork
    config: HistogramSigmaConfig

    def loss(self, item: Measured, rng: np.random.Generator) -> torch.Tensor:
        """Over the problem's runs from both starts."""
        del rng
        return self._error(item)

    def figure(self, item: Measured) -> float:
        """The same of an unseen problem."""
        return float(self._error(item))

    def _error(self, item: Measured) -> torch.Tensor:
        structures = torch.from_numpy(item.inputs.structures)
        errors = []
        for start in STARTS:
            expected = self.network.change(structures, torch.from_numpy(item.arrays[f"{start}_factors"][1:]))
            errors.append(expected - torch.from_numpy(self.changes(item, start)))
        return torch.cat(errors).abs().mean()

    def changes(self, item: Measured, start: str) -> FloatArray:
        """(draws,): what factors did to the run from this start."""
        lowest = self._lowest(item)
        worth = np.array([self.worth(run, lowest) for run in self._runs(item, start)], dtype=np.float32)
        return worth[1:] - worth[0]

    def reaches(self, item: Measured, start: str) -> npt.NDArray[np.bool_]:
        """(draws + 1,): whether the runs from this start get to the goal; the first has no factors."""
        goal = self.config.cost.goal * self._lowest(item)
        return np.array([np.isfinite(run.calls_to(goal)) for run in self._runs(item, start)])

    def _runs(self, item: Measured, start: str) -> list[Run]:
        return [Run.of_array(item.arrays[f"{start}_{k}"]) for k in range(self.config.draws + 1)]

    def _lowest(self, item: Measured) -> float:
        """Final F_ref without factors, of the better start."""
        return min(Run.of_array(item.arrays[f"{one}_0"]).final for one in STARTS)

    def worth(self, run: Run, lowest: float) -> float:
        """Logarithm of cost and quality, lower is better. `lowest`: F_ref that the goal is a multiple of."""
        cost = self.config.cost
        calls = run.calls_to(cost.goal * lowest)
        if not np.isfinite(calls):
            calls = float(run.call_equivalents[-1]) + cost.penalty_calls
        return float(np.log(calls) + self.config.quality * np.log(run.final / lowest))


INPUTS = (
    Port("structures", ("structures", 11), "one row a structure; columns and units in docs/model-format.md"),
    Port("beams", ("beams", 4), ", ".join(BEAM_COLUMNS)),
)
OUTPUTS = (
    Port("sigma_factor", ("structures",), "of the finest level's default sigma"),
    Port("ood_score", (1,), "0 at the centre of the training plans, 1 at the refusal threshold"),
)


class HistogramSigmaRole:
    """A factor of every structure's histogram sigma."""

    name = "histogram-sigma"
    plugin_role = "histogram-sigma"
    learns_from = "runs"
    config = HistogramSigmaConfig

    def measure(self, config: HistogramSigmaConfig, sources: Sources, jobs: int) -> list[str]:
        """Runs with random factors at every problem."""
        runs = _runs(config, sources)
        settings = {
            "draws": config.draws,
            "largest_factor": config.largest_factor,
            "last_iterations": config.last_iterations,
            "warm_start_sha256": sha256(runs.warm_start.read_bytes()).hexdigest(),
        }
        return measure_runs(self.name, runs, config.measuring, settings, sources, jobs)

    def task(self, config: HistogramSigmaConfig, device: str) -> HistogramSigmaTask:
        """With a fresh network. Small enough for the CPU, whatever the device."""
        del device
        return HistogramSigmaTask(StructureSigmaNetwork(config.width, config.largest_factor), config)

    def items(self, sources: Sources) -> Split[Measured]:
        """Every measured problem."""
        return split_measured(self.name, sources)

    def prepare(self, task: HistogramSigmaTask, train: Sequence[Measured]) -> None:
        """Which plans are usual."""
        tables = [(torch.from_numpy(one.inputs.structures), torch.from_numpy(one.inputs.beams)) for one in train]
        task.network.fit_scales(np.concatenate([plan_features(*one).numpy() for one in tables]))

    def contents(self, task: HistogramSigmaTask, sources: Sources) -> Contents:
        """The network, and what its factors do to plans of patients that it was not fitted to."""
        items = self.items(sources)
        dev = sources.split()[1][: task.config.judged_cases]
        return Contents(
            model=task.network,
            inputs=INPUTS,
            outputs=OUTPUTS,
            batch_axis=None,
            golden={
                name: {"structures": inputs.structures, "beams": inputs.beams}
                for name, inputs in golden_inputs().items()
            },
            ranges=table_ranges((one.inputs.structures, one.inputs.beams) for one in items.train),
            patients=patients_of(items),
            card=CardFacts(
                purpose="A factor of the histogram sigma of each structure, in every stage of a plan. The run then "
                "works on another objective than plans are compared by.",
                data=f"{len(items.train)} planning problems of the former and {len(items.dev)} of the latter, each run "
                f"by the optimizer's L-BFGS from a flat start and from the learned one, {task.config.draws} times with "
                "random factors and once without.",
                network="A small perceptron over a structure's properties gives slope and curvature of a parabola "
                "in the logarithm of its factor, which says how a run's cost would change; the factor at its lowest "
                "point is advised. The out-of-distribution score is a Mahalanobis distance over features of the plan.",
                loss="Absolute error of the expected change of the logarithm of call-equivalents until F_ref is within "
                f"{task.config.cost.goal:.2f} times the final one without factors, and of the final F_ref with weight "
                f"{task.config.quality:g}; a run that never gets there is charged {task.config.cost.penalty_calls:.0f} "
                "more calls than it made.",
                figures=_figures(task, items) | _judge(task, dev, _runs(task.config, sources)),
                limits="A run with other sigmas works on another objective than plans are compared by, and mostly pays "
                "for it: the figures say what share of the runs with random factors ever gets to the goal. Effects "
                "beside that are small against the chance of which valley a run falls into.",
            ),
        )


def _runs(config: HistogramSigmaConfig, sources: Sources) -> SigmaRuns:
    warm_start = sources.package_of("warm-start") / "model.onnx"
    return SigmaRuns(warm_start, config.draws, config.largest_factor, config.last_iterations)


def _figures(task: HistogramSigmaTask, items: Split[Measured]) -> dict[str, float]:
    """Error of the expectation, beside that of expecting nothing; size of the advice."""
    with torch.no_grad():
        factors = [
            task.network(torch.from_numpy(one.inputs.structures), torch.from_numpy(one.inputs.beams))[0].numpy()
            for one in items.dev
        ]
        error = float(np.mean([task.figure(one) for one in items.dev]))
    measured = np.concatenate([task.changes(one, start) for one in items.dev for start in STARTS])
    reached = [task.reaches(one, start) for one in (*items.train, *items.dev) for start in STARTS]
    return {
        "mean error of the expected change": error,
        "the same when no change is expected": float(np.abs(measured).mean()),
        "share of all measured runs without factors that get to the goal": float(np.mean([one[0] for one in reached])),
        "the same of those with random factors": float(np.mean([one[1:].mean() for one in reached])),
        "least factor advised": float(min(one.min() for one in factors)),
        "greatest factor advised": float(max(one.max() for one in factors)),
    }


def _judge(task: HistogramSigmaTask, cases: Sequence[Path], runs: SigmaRuns) -> dict[str, float]:
    """Runs of patients that chose, as their cases say, with the advised factors and without, on the same goal."""
    model = RtModelWrapper()
    calls: dict[tuple[str, str], list[float]] = {}
    finals: dict[tuple[str, str], list[float]] = {}
    for case in cases:
        with TemporaryDirectory() as scratch:
            plan = open_plan(model, case, ProblemOptions(), Path(scratch))
        told = PlanToMeasure(model, plan, from_prescription(case.name, ProblemOptions(), plan).inputs)
        tables = torch.from_numpy(told.inputs.structures), torch.from_numpy(told.inputs.beams)
        with torch.no_grad():
            factors = {"advised": task.network(*tables)[0].numpy(), "default": np.ones(len(plan.structures))}
        made = {(start, arm): runs.run(told, start, factors[arm]) for start in STARTS for arm in factors}
        lowest = min(made[start, "default"].final for start in STARTS)
        for key, run in made.items():
            reached = run.calls_to(task.config.cost.goal * lowest)
            charged = float(run.call_equivalents[-1]) + task.config.cost.penalty_calls
            calls.setdefault(key, []).append(reached if np.isfinite(reached) else charged)
            finals.setdefault(key, []).append(run.final / lowest)
    figures = {}
    for (start, arm), costs in calls.items():
        figures[f"{start} start, {arm} sigmas: mean cost of {len(costs)} plans"] = float(np.mean(costs))
        figures[f"{start} start, {arm} sigmas: mean final F_ref, of the lowest by default"] = float(
            np.mean(finals[start, arm])
        )
    return figures
