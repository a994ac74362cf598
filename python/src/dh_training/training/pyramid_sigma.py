"""Trains `pyramid-sigma` on what annealing schedules cost the optimizer, measured, on the training patients."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from hashlib import sha256

import numpy as np
import numpy.typing as npt
import torch
from pydantic import NonNegativeFloat, PositiveFloat, PositiveInt

from dh_training.golden import golden_inputs
from dh_training.measuring import Measured, MeasuringOptions, Run
from dh_training.networks.distribution import plan_features
from dh_training.networks.schedules import COST_UNIT, ScheduleNetwork
from dh_training.packages import Arrays, Port
from dh_training.problems import BEAM_COLUMNS
from dh_training.training.fit import FitOptions
from dh_training.training.measured_role import measure_runs, patients_of, split_measured
from dh_training.training.ranges import table_ranges
from dh_training.training.role import CardFacts, Contents, Sources, Split
from dh_training.training.schedules import FINEST_SIGMA_GY, Candidates, Schedule, ScheduleRuns

FloatArray = npt.NDArray[np.float32]
KINDS = ("flat", "learned")


@dataclass(frozen=True)
class CostOptions:
    """What a run is charged."""

    goal: PositiveFloat = 1.08
    """Of the lowest F_ref of any run of the problem: about 1 % above where dH's own run ends."""
    penalty_calls: NonNegativeFloat = 100.0
    """Added to the calls of a run that never gets there: it sits in a bad valley."""


@dataclass(frozen=True)
class PyramidSigmaConfig:
    """The section `pyramid-sigma` of a configuration."""

    version: str = "1"
    measuring: MeasuringOptions = field(default_factory=lambda: MeasuringOptions(cases=110))
    last_iterations: PositiveInt = 100
    """Of a measured run at the finest sigma: where it settles is known by then."""
    candidates: Candidates = field(default_factory=Candidates)
    cost: CostOptions = field(default_factory=CostOptions)
    width: PositiveInt = 8
    noise: NonNegativeFloat = 1.0
    """Spread of the noise on the standardised features in training: patients are few."""
    fit: FitOptions = field(default_factory=lambda: FitOptions(steps=600, accumulate=16, check_every=20))


@dataclass(frozen=True)
class ScheduleCosts:
    """What every schedule cost a problem."""

    features: torch.Tensor
    """(1, PLAN_FEATURES)."""
    cost: FloatArray
    """(2, N), call-equivalents, penalty included; not a number where there is no schedule."""
    final: FloatArray
    """(2, N), F_ref at the end as a multiple of the lowest of all."""
    is_reached: npt.NDArray[np.bool_]
    """(2, N), whether the goal was."""


@lru_cache(maxsize=4096)
def costs_of(measured: Measured, options: CostOptions) -> ScheduleCosts:
    """Judges the runs of a problem by the best of them."""
    runs = {name: Run.of_array(array) for name, array in measured.arrays.items()}
    lowest = min(float(run.reference_objective.min()) for run in runs.values())
    counts = [sum(name.startswith(kind) for name in runs) for kind in KINDS]
    shape = (len(KINDS), max(counts))
    cost, final = (np.full(shape, np.nan, dtype=np.float32) for _ in range(2))
    is_reached = np.zeros(shape, dtype=np.bool_)
    for row, kind in enumerate(KINDS):
        for k in range(counts[row]):
            run = runs[f"{kind}_{k}"]
            calls = run.calls_to(options.goal * lowest)
            is_reached[row, k] = np.isfinite(calls)
            cost[row, k] = calls if is_reached[row, k] else run.call_equivalents[-1] + options.penalty_calls
            final[row, k] = run.final / lowest
    features = plan_features(torch.from_numpy(measured.inputs.structures), torch.from_numpy(measured.inputs.beams))
    return ScheduleCosts(features, cost, final, is_reached)


@dataclass
class PyramidSigmaTask:
    """Squared error of every schedule's cost, whose mean it learns. Judged by what the chosen schedules cost."""

    candidates: Candidates
    network: ScheduleNetwork
    options: CostOptions
    noise: float

    def costs(self, item: Measured) -> ScheduleCosts:
        """What every schedule cost the problem."""
        return costs_of(item, self.options)

    def loss(self, item: Measured, rng: np.random.Generator) -> torch.Tensor:
        """With noise on the features."""
        told = self.costs(item)
        noise = rng.normal(0, self.noise, self.network.feature_scale.shape).astype(np.float32)
        features = told.features + torch.from_numpy(noise) * self.network.feature_scale
        is_there = np.isfinite(told.cost)
        wanted = torch.from_numpy(np.nan_to_num(told.cost / COST_UNIT))
        error = (self.network.costs(features) - wanted) * torch.from_numpy(is_there.astype(np.float32))
        return error.pow(2).sum()

    def figure(self, item: Measured) -> float:
        """Call-equivalents of the chosen schedules, mean of both starts."""
        cost = self.costs(item).cost
        return float(np.mean([cost[row, k] for row, k in enumerate(self.choose(item))]))

    def choose(self, item: Measured) -> list[int]:
        """Index of the advised schedule from flat and from learned weights."""
        with torch.no_grad():
            return (self.network.costs(self.costs(item).features) + self.network.unused).argmin(dim=1).tolist()


def fresh_network(candidates: Candidates, width: int) -> ScheduleNetwork:
    """A network that chooses among these schedules."""
    most = max(len(candidates.flat), len(candidates.learned))
    shape = (len(KINDS), most, candidates.most_stages)
    sigmas, iterations = torch.full(shape, FINEST_SIGMA_GY), torch.zeros(shape)
    for row, kind in enumerate(KINDS):
        schedules: Sequence[Schedule] = getattr(candidates, kind)
        for k, schedule in enumerate(schedules):
            for stage, (sigma_gy, limit) in enumerate(schedule):
                sigmas[row, k, stage], iterations[row, k, stage] = sigma_gy, limit
    return ScheduleNetwork(sigmas, iterations, [len(candidates.flat), len(candidates.learned)], width)


INPUTS = (
    Port("structures", ("structures", 11), "one row a structure; columns and units in docs/model-format.md"),
    Port("beams", ("beams", 4), ", ".join(BEAM_COLUMNS)),
    Port("context", (2,), "1 for solver lbfgs, 1 with a warm start"),
)


def outputs_of(candidates: Candidates) -> tuple[Port, ...]:
    """As many stages as the longest schedule has."""
    stages = candidates.most_stages
    return (
        Port("sigmas_gy", (stages,), "histogram sigmas, falling; the last stage of a plan is not among them"),
        Port("iterations", (stages,), "of each; 0 for a place that a shorter schedule leaves empty"),
        Port("ood_score", (1,), "0 at the centre of the training plans, 1 at the refusal threshold"),
    )


class PyramidSigmaRole:
    """The annealing before the finest sigma."""

    name = "pyramid-sigma"
    plugin_role = "pyramid-sigma"
    learns_from = "runs"
    config = PyramidSigmaConfig

    def measure(self, config: PyramidSigmaConfig, sources: Sources, jobs: int) -> list[str]:
        """Every schedule at every problem."""
        warm_start = sources.package_of("warm-start") / "model.onnx"
        settings = {
            "candidates": {kind: [list(map(list, one)) for one in getattr(config.candidates, kind)] for kind in KINDS},
            "last_iterations": config.last_iterations,
            "warm_start_sha256": sha256(warm_start.read_bytes()).hexdigest(),
        }
        runs = ScheduleRuns(config.candidates, warm_start, config.last_iterations)
        return measure_runs(self.name, runs, config.measuring, settings, sources, jobs)

    def task(self, config: PyramidSigmaConfig, device: str) -> PyramidSigmaTask:
        """With a fresh network. Small enough for the CPU, whatever the device."""
        del device
        network = fresh_network(config.candidates, config.width)
        return PyramidSigmaTask(config.candidates, network, config.cost, config.noise)

    def items(self, sources: Sources) -> Split[Measured]:
        """Every measured problem."""
        return split_measured(self.name, sources)

    def prepare(self, task: PyramidSigmaTask, train: Sequence[Measured]) -> None:
        """Features of the training plans, and what every schedule costs on average."""
        told = [task.costs(one) for one in train]
        features = np.concatenate([one.features.numpy() for one in told])
        task.network.fit_scales(features, np.stack([np.nan_to_num(one.cost / COST_UNIT) for one in told]))

    def contents(self, task: PyramidSigmaTask, sources: Sources) -> Contents:
        """The network, and what its choices cost the patients that chose it."""
        items = self.items(sources)
        return Contents(
            model=task.network,
            inputs=INPUTS,
            outputs=outputs_of(task.candidates),
            batch_axis=None,
            golden=_golden(),
            ranges=table_ranges((one.inputs.structures, one.inputs.beams) for one in items.train)
            | {"context": (0.0, 1.0)},
            patients=patients_of(items),
            card=CardFacts(
                purpose="The annealing of the histogram sigma before the finest one: which stages, with how many "
                "iterations each. For L-BFGS, from a flat start or from learned weights. Of solver dh nothing was "
                "measured, and the score refuses it.",
                data=f"{len(items.train)} planning problems of the former and {len(items.dev)} of the latter, each run "
                f"by the optimizer's L-BFGS from its flat start with {len(task.candidates.flat)} schedules and from "
                f"the weights of the learned start with {len(task.candidates.learned)}.",
                network="A small perceptron over features of structures and beams that do not depend on their order; "
                "it expects what each schedule would cost, and the cheapest is advised. The out-of-distribution "
                "score is a Mahalanobis distance over the same features.",
                loss="Squared error of the measured cost, so that its mean is learned: call-equivalents until F_ref is "
                f"within {task.options.goal:.2f} times the lowest of all runs of the problem; a run that never does "
                f"is charged all its calls and {task.options.penalty_calls:.0f} more.",
                figures=_figures(task, items),
                limits="Learned weights of the training patients are better than those of others, since the start was "
                "trained on them; the figures of the patients that chose are free of that. What a run costs depends on "
                "which valley it falls into, which can hardly be foreseen: where the figures of what is advised are no "
                "better than those of the schedule that is best in training, the model knows no more than that. An "
                "optimizer that has its own stages after a start does not use the answer for learned weights.",
            ),
        )


def _figures(task: PyramidSigmaTask, items: Split[Measured]) -> dict[str, float]:
    """The advised schedules on the dev patients, beside the list's first and the one that is best in training."""
    dev = [task.costs(one) for one in items.dev]
    cost, final, reached = (np.stack([getattr(one, name) for one in dev]) for name in ("cost", "final", "is_reached"))
    mean_in_training = np.stack([task.costs(one).cost for one in items.train]).mean(axis=0)
    chosen = np.array([task.choose(one) for one in items.dev])
    figures = {}
    for row, start in enumerate(KINDS):
        best_fixed = int(np.nanargmin(mean_in_training[row]))
        arms = {
            "advised": chosen[:, row],
            "the first schedule of the list": np.zeros(len(chosen), dtype=int),
            "the schedule that is best in training": np.full(len(chosen), best_fixed),
            "the cheapest of all, known afterwards": np.nanargmin(cost[:, row], axis=1),
        }
        for name, at in arms.items():
            of = np.arange(len(at)), np.full(len(at), row), at
            told = f"{start} start, {name}"
            figures |= {
                f"{told}: mean cost": float(cost[of].mean()),
                f"{told}: median cost": float(np.median(cost[of])),
                f"{told}: share that never gets to the goal": float(1 - reached[of].mean()),
                f"{told}: mean final F_ref, of the lowest": float(final[of].mean()),
            }
    return figures


def _golden() -> Mapping[str, Arrays]:
    """Phantoms, asked for either start and for the solver that is refused."""
    golden: dict[str, Arrays] = {}
    contexts = {"flat": (1, 0), "learned": (1, 1), "dh": (0, 0)}
    for name, inputs in golden_inputs().items():
        for start, context in contexts.items():
            golden[f"{name}-{start}"] = {
                "structures": inputs.structures,
                "beams": inputs.beams,
                "context": np.array(context, dtype=np.float32),
            }
    return golden
