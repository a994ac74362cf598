"""Trains `learned-direction` unrolled, through its own steps, on what they do to the objective."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from copy import deepcopy
from dataclasses import dataclass, field, fields
from pathlib import Path

import numpy as np
import torch
from pydantic import PositiveInt
from tqdm import tqdm

from dh_training.corpus import Sample, load_corpus, load_inputs
from dh_training.golden import golden_problems
from dh_training.networks.direction import CONTEXT_COLUMNS, DirectionNetwork
from dh_training.networks.direction_model import DirectionModel
from dh_training.networks.fluence import WEIGHT_CEILING
from dh_training.packages import Arrays, Port, open_session
from dh_training.training.fit import FitOptions
from dh_training.training.role import CardFacts, Contents, Sources, Split
from dh_training.training.unroll import PLACES, DirectionTask, Start, UnrollOptions, Where, evaluate
from dh_training.training.warm_start import INPUTS as PLAN_INPUTS
from dh_training.training.warm_start import flat_weights, input_ranges, tensors


@dataclass(frozen=True)
class NetworkOptions:
    """Size of the network; see `DirectionNetwork`."""

    width: PositiveInt = 20
    image_width: PositiveInt = 12
    memory: PositiveInt = 12
    pairs: PositiveInt = 8
    image_size: PositiveInt = 24


@dataclass(frozen=True)
class DirectionConfig:
    """The section `learned-direction` of a configuration."""

    version: str = "1"
    network: NetworkOptions = field(default_factory=NetworkOptions)
    unroll: UnrollOptions = field(default_factory=UnrollOptions)
    fit: FitOptions = field(default_factory=FitOptions)


_PER_BEAMLET = ("beams", "rows", "columns")


def _ports(network: DirectionNetwork) -> tuple[tuple[Port, ...], tuple[Port, ...]]:
    """Inputs and outputs of the model."""
    memory, pairs = network.memory, network.pairs
    inputs = (
        *PLAN_INPUTS,
        Port("weights", _PER_BEAMLET, f"where the plan stands, in [0, {WEIGHT_CEILING}]"),
        Port("gradient", _PER_BEAMLET, "of the objective, per unit weight"),
        Port("steps", (pairs, *_PER_BEAMLET), "the stage's last changes of the weights, newest first; 0 = unknown"),
        Port("gradient_changes", (pairs, *_PER_BEAMLET), "what each did to the gradient; 0 = unknown"),
        Port("context", (len(CONTEXT_COLUMNS),), f"{', '.join(CONTEXT_COLUMNS)}: the last counts questions from 0"),
        Port("memory", (*_PER_BEAMLET, memory), "next_memory of the last question; 0 at the first of a stage"),
    )
    outputs = (
        Port("step", _PER_BEAMLET, f"change of the weights, which stay in [0, {WEIGHT_CEILING}]"),
        Port("next_memory", (*_PER_BEAMLET, memory), "goes back in with the next question"),
        Port("ood_score", (1,), "0 at the centre of the training questions, 1 at the refusal threshold"),
    )
    return inputs, outputs


class DirectionRole:
    """The first steps after a learned start."""

    name = "learned-direction"
    plugin_role = "step-direction"
    learns_from = "corpus"
    config = DirectionConfig

    def task(self, config: DirectionConfig, device: str) -> DirectionTask:
        """With a fresh network. On the CPU, whatever the device: every step waits for the objective, which is there."""
        del device
        sizes = {one.name: getattr(config.network, one.name) for one in fields(NetworkOptions)}
        return DirectionTask(config.unroll, DirectionNetwork(**sizes))

    def items(self, sources: Sources) -> Split[Start]:
        """All problems of the training patients; of the others the one that their case describes."""
        train, dev = sources.split()
        package = sources.package_of("warm-start")
        return Split(
            train=_starts(load_corpus(train, sources.options, sources.corpus), package),
            dev=_starts(load_corpus(dev, sources.as_described, sources.corpus), package),
        )

    def contents(self, task: DirectionTask, sources: Sources) -> Contents:
        """The model with its score fitted to the questions of the training plans."""
        train, dev = sources.split()
        package = sources.package_of("warm-start")
        plans = load_inputs(train, sources.options, sources.corpus)
        known = _starts(load_corpus(train, sources.as_described, sources.corpus), package)
        chosen = _starts(load_corpus(dev, sources.as_described, sources.corpus), package)
        inputs, outputs = _ports(task.network)
        questions = list(_questions(task, known))
        model = DirectionModel(task.network)
        model.fit([tensors(plan) for plan in plans], questions)
        return Contents(
            model=model,
            inputs=inputs,
            outputs=outputs,
            batch_axis=None,
            weight_ceiling=WEIGHT_CEILING,
            golden=_golden(task, [port.name for port in inputs]),
            ranges=input_ranges(plans) | _ranges(questions, inputs),
            patients=(len(train), len(dev)),
            card=CardFacts(
                data=f"{sources.options.variants} planning problems of each: as the case describes, and other slices, "
                "columns and beam sets. Steps begin where the package "
                f"{package.parent.name}/{package.name} leads, and where the solver's iterations lead from there.",
                purpose="The first few steps of the bounded L-BFGS at a stage of the finest level, from its gradients. "
                "The optimizer tries each step behind its gates, and keeps what it taught about the curvature.",
                network=f"Two-loop L-BFGS over the stage's last {task.network.pairs} pairs, and a correction: per "
                "beamlet from scaled gradient, last step, gradient change, that direction and what the structures' "
                "dose errors say; once to an image of the plane and back along the known rays; a gated memory per "
                "beamlet. The out-of-distribution score is the greater of two Mahalanobis distances, of plan and "
                "beamlets, and of the moment.",
                loss=f"Logarithm of the optimizer's objective after each of {task.options.steps} steps in a row, the "
                "later the more it counts, backwards through the steps, damped; gradients of the gradients are cut. "
                f"Steps at the smooth sigma ({task.options.smooth_sigma_gy} Gy) are judged at that sigma and at the "
                "finest.",
                figures=_figures(task, chosen),
                limits="Trained with one row of beamlets to a beam and at the two sigmas above. Couch angles are seen "
                "only by the score. Elsewhere the plugin is silent or the score is there to refuse.",
            ),
        )


def _starts(samples: Sequence[Sample], package: Path) -> list[Start]:
    """Where the package of `warm-start`, and the solver from there, lead in every problem."""
    session = open_session(package / "model.onnx")
    names = [port.name for port in session.get_inputs()]
    starts = []
    for sample in tqdm(samples, desc="starts", mininterval=2.0):
        inputs = vars(sample.problem.inputs)
        (weights,) = session.run(["weights"], {name: inputs[name] for name in names})
        starts.append(Start(sample, torch.from_numpy(weights)))
    return starts


def _questions(task: DirectionTask, starts: Sequence[Start]) -> Iterator[tuple[torch.Tensor, ...]]:
    """Every question of the steps in training plans, in the order of the model's inputs; the places in turn."""
    for index, start in enumerate(tqdm(starts, desc="score", mininterval=2.0)):
        place = PLACES[index % len(PLACES)]
        with torch.no_grad():
            _, _, moments = task.unrolled(start.sample, task.start_at(start, place), place)
        for moment in moments:
            yield (*tensors(start.sample.problem.inputs), *moment)


def _figures(task: DirectionTask, starts: Sequence[Start]) -> dict[str, float]:
    """Geometric means of F at the finest sigma, before and after the steps, and without the network's correction."""
    plain = DirectionTask(task.options, deepcopy(task.network))
    torch.nn.init.zeros_(plain.network.head.weight)
    torch.nn.init.zeros_(plain.network.head.bias)
    sharp = [task.options.sharp_sigma_gy]
    figures = {}
    for place in PLACES:
        at = [float(evaluate(one.sample, task.start_at(one, place), sharp).values[0].log()) for one in starts]
        named = f"F at the finest sigma on the patients that chose, steps {_PLACE_NAMES[place]}"
        for when, logs in (
            ("before", at),
            ("after", [task.final_log_objective(one, place) for one in starts]),
            ("after as many of L-BFGS", [plain.final_log_objective(one, place) for one in starts]),
        ):
            figures[f"{named}: {when}"] = float(np.exp(np.mean(logs)))
    return figures


_PLACE_NAMES: dict[Where, str] = {
    "sharp": "there from a learned start",
    "smooth": "at the smooth sigma from a learned start",
    "smoothed": "there after the solver's iterations at the smooth sigma",
}


def _golden(task: DirectionTask, names: Sequence[str]) -> dict[str, Arrays]:
    """The first question of steps in phantoms from a flat start, and of one of them a later one."""
    golden: dict[str, Arrays] = {}
    for name, problem in golden_problems().items():
        sample = Sample.of(problem)
        asked = tensors(problem.inputs)
        with torch.no_grad():
            _, _, moments = task.unrolled(sample, flat_weights(problem.inputs), "sharp")
        asked_at = {name: moments[0]} if golden else {name: moments[0], f"{name}-later": moments[-1]}
        for told, moment in asked_at.items():
            golden[told] = {key: value.numpy() for key, value in zip(names, (*asked, *moment), strict=True)}
    return golden


def _ranges(questions: Sequence[tuple[torch.Tensor, ...]], inputs: Sequence[Port]) -> dict[str, tuple[float, float]]:
    """Least and greatest value of what a moment is told by; the context by its columns."""
    ranges = {}
    for at, port in enumerate(inputs[len(PLAN_INPUTS) :], len(PLAN_INPUTS)):
        values = [question[at] for question in questions]
        columns = CONTEXT_COLUMNS if port.name == "context" else ()
        for column, name in enumerate(columns):
            of = [float(value[column]) for value in values]
            ranges[f"{port.name}.{name}"] = (min(of), max(of))
        if not columns:
            ranges[port.name] = (min(float(v.min()) for v in values), max(float(v.max()) for v in values))
    return ranges
