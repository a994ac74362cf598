"""Trains `warm-start` on what its weights do to the objective, not on anyone's weights."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, fields

import numpy as np
import numpy.typing as npt
import torch
from pydantic import PositiveInt

from dh_training.corpus import Sample, load_corpus, load_inputs, load_whole_targets, mirrored, with_other_goals
from dh_training.goals import Variety
from dh_training.golden import golden_inputs
from dh_training.networks.fluence import WEIGHT_CEILING, FluenceNetwork
from dh_training.networks.warm_start import WarmStartModel
from dh_training.packages import Port
from dh_training.problems import BEAM_COLUMNS, ModelInputs
from dh_training.training.descents import DescentOptions, distance, measure_descents, with_ends
from dh_training.training.fit import FitOptions
from dh_training.training.ranges import table_ranges
from dh_training.training.role import CardFacts, Contents, Sources, Split


@dataclass(frozen=True)
class WarmStartOptions:
    """Loss and augmentation."""

    sigmas_gy: tuple[float, ...] = (2.5, 5.0, 12.0)
    sigma_weights: tuple[float, ...] = (1.0, 1.0, 0.5)
    early_round_weight: float = 0.3
    other_goals_share: float = 0.25
    other_goals_spread: float = 0.15

    def __post_init__(self) -> None:
        """ValueError: every sigma has its weight."""
        if len(self.sigmas_gy) != len(self.sigma_weights):
            raise ValueError(f"{len(self.sigmas_gy)} sigmas_gy and {len(self.sigma_weights)} sigma_weights")


@dataclass(frozen=True)
class FluenceOptions:
    """Size of the network; see `FluenceNetwork`."""

    width: PositiveInt = 48
    image_width: PositiveInt = 32
    rounds: int = 4
    image_size: PositiveInt = 32

    def __post_init__(self) -> None:
        """ValueError: the loss looks at the last round and at one before it."""
        if self.rounds < 2:
            raise ValueError(f"rounds is {self.rounds}, must be at least 2")


@dataclass(frozen=True)
class WarmStartConfig:
    """The section `warm-start` of a configuration."""

    version: str = "1"
    model: str = "warm-start"
    """Id of the package. A model beside the one that plugins take unless told has another, and versions of its own."""
    network: FluenceOptions = field(default_factory=FluenceOptions)
    loss: WarmStartOptions = field(default_factory=WarmStartOptions)
    descents: DescentOptions = field(default_factory=DescentOptions)
    fit: FitOptions = field(default_factory=FitOptions)


@dataclass
class WarmStartTask:
    """Mean logarithm of F at several sigmas. The network may be on a GPU; dose and objective stay on the CPU."""

    options: WarmStartOptions = field(default_factory=WarmStartOptions)
    network: FluenceNetwork = field(default_factory=FluenceNetwork)
    device: str = "cpu"
    distance_weight: float = 0.0
    """Of the distance to the end of a sample's descent, where it has one."""

    def __post_init__(self) -> None:
        """Moves the network."""
        self.network.to(self.device)

    def loss(self, item: Sample, rng: np.random.Generator) -> torch.Tensor:
        """Of the last round and, with less weight, of an earlier one."""
        sample = item
        if rng.random() < self.options.other_goals_share:
            sample = Sample.of(with_other_goals(item.problem, rng, self.options.other_goals_spread))
        is_mirrored = rng.random() < 0.5
        inputs = sample.problem.inputs
        asked = tensors(mirrored(inputs) if is_mirrored else inputs, self.device)
        rounds = [weights.cpu() for weights in self.network.trace(*asked)]
        if is_mirrored:
            rounds = [weights.flip(2) for weights in rounds]
        early = rounds[int(rng.integers(len(rounds) - 1))]
        return self._judge(sample, rounds[-1]) + self.options.early_round_weight * self._judge(sample, early)

    def figure(self, item: Sample) -> float:
        """The loss of the last round."""
        return float(self._judge(item, self.network(*tensors(item.problem.inputs, self.device)).cpu()))

    def _judge(self, sample: Sample, weights: torch.Tensor) -> torch.Tensor:
        judged = self.divergence(sample, weights)
        # With other goals the descent would have ended elsewhere; such samples have no end.
        if sample.end is None or self.distance_weight == 0:
            return judged
        return judged + self.distance_weight * distance(sample.problem.inputs, weights, sample.end)

    def divergence(self, sample: Sample, weights: torch.Tensor) -> torch.Tensor:
        """What is trained on: scalar, lower is better."""
        values = sample.objective.total(sample.dose_gy(weights), self.options.sigmas_gy)
        factors = torch.tensor(self.options.sigma_weights)
        return (values.clamp(min=1e-3).log() * factors).sum() / factors.sum()


def tensors(inputs: ModelInputs, device: str = "cpu") -> tuple[torch.Tensor, ...]:
    """In the order of the network's arguments."""
    return tuple(torch.from_numpy(value).to(device) for value in vars(inputs).values())


def flat_weights(inputs: ModelInputs) -> torch.Tensor:
    """What the plugin `uniform` advises: one weight, at which the most prescribed target gets its dose on average."""
    target = int(np.argmax(inputs.structures[:, 6]))
    mean_dose_gy = float(inputs.structure_mean_dose[..., target].sum())
    weight = min(float(inputs.structures[target, 6]) / mean_dose_gy, WEIGHT_CEILING)
    return torch.from_numpy(np.where(inputs.column_norm > 0, np.float32(weight), np.float32(0)))


_PER_BEAMLET = ("beams", "rows", "columns")
INPUTS = (
    Port("structures", ("structures", 11), "one row a structure; columns and units in docs/model-format.md"),
    Port("beams", ("beams", 4), ", ".join(BEAM_COLUMNS)),
    Port("structure_mean_dose", (*_PER_BEAMLET, "structures"), "Gy per unit weight"),
    Port("structure_max_dose", (*_PER_BEAMLET, "structures"), "Gy per unit weight"),
    Port("column_norm", _PER_BEAMLET, "Gy per unit weight; 0 for an excluded beamlet"),
)
OUTPUTS = (
    Port("weights", _PER_BEAMLET, f"start weights in [0, {WEIGHT_CEILING}]"),
    Port("ood_score", (1,), "0 at the centre of the training plans, 1 at the refusal threshold"),
)


class WarmStartRole:
    """Start weights for the first stage."""

    name = "warm-start"
    plugin_role = "initialization"
    learns_from = "corpus"
    config = WarmStartConfig

    def task(self, config: WarmStartConfig, device: str) -> WarmStartTask:
        """With a fresh network."""
        sizes = {one.name: getattr(config.network, one.name) for one in fields(FluenceOptions)}
        network = FluenceNetwork(**sizes)
        return WarmStartTask(config.loss, network, device, config.descents.distance_weight)

    def measure(self, config: WarmStartConfig, sources: Sources, jobs: int) -> list[str]:
        """The descents that the loss draws to; none when it draws to none."""
        if config.descents.distance_weight == 0:
            return []
        return measure_descents(self.task(config, "cpu").network, config.descents, sources, jobs)

    def items(self, sources: Sources) -> Split[Sample]:
        """All problems of the training patients; of the others `corpus.dev_variants` each, and their whole targets."""
        train, dev = sources.split()
        of_train, of_dev = (load_whole_targets(cases, sources.options, sources.corpus) for cases in (train, dev))
        planes = with_ends(load_corpus(train, sources.options, sources.corpus), sources)
        return Split(
            train=planes + with_ends(of_train, sources) * sources.options.whole_targets.turns,
            dev=with_ends([*load_corpus(dev, sources.to_choose_by, sources.corpus), *of_dev], sources),
        )

    def contents(self, task: WarmStartTask, sources: Sources) -> Contents:
        """The model with its score fitted to the training plans."""
        train, dev = sources.split()
        plans = load_inputs(train, sources.options, sources.corpus)
        task.network.cpu()
        task.device = "cpu"
        with torch.no_grad():
            figures = _figures(task, load_corpus(dev, sources.to_choose_by, sources.corpus), "the patients that chose")
            whole = load_whole_targets(dev, sources.options, sources.corpus)
            figures |= _figures(task, whole, "whole targets of patients that chose")
        model = WarmStartModel(task.network)
        model.fit([tensors(plan) for plan in plans])
        return Contents(
            model=model,
            inputs=INPUTS,
            outputs=OUTPUTS,
            batch_axis=None,
            weight_ceiling=WEIGHT_CEILING,
            golden={name: vars(inputs) for name, inputs in golden_inputs().items()},
            ranges=input_ranges(plans),
            patients=(len(train), len(dev)),
            card=CardFacts(
                data=f"{sources.options.variants} planning problems of each: as the case describes, and other slices, "
                f"columns and beam sets{_told(sources.options.variety)}. Whole targets of "
                f"{sources.options.whole_targets.train} patients to train on "
                f"and {sources.options.whole_targets.dev} to choose by.",
                purpose="Start weights of the optimizer's first stage, from which its solver goes on. Nothing else: "
                "the solver decides where it ends, and a bad start costs it iterations.",
                network="Per beamlet and structure a small perceptron, summed over structures; then rounds that go to "
                "and fro between the beamlets' sinogram and an image of the plane along the known rays, each fed "
                "with the mean doses that the weights so far would give. The out-of-distribution score is a "
                "Mahalanobis distance over features of plan and beamlets.",
                loss=f"Mean logarithm of the optimizer's objective at histogram sigmas of {task.options.sigmas_gy} Gy, "
                f"weighted {task.options.sigma_weights}, of the dose of the network's own weights. "
                + (
                    f"Beside it, weighted {task.distance_weight}, the squared relative distance to where the "
                    "optimizer's descent from an earlier network's start ended. "
                    if task.distance_weight > 0
                    else "No plan was imitated. "
                )
                + "Augmented by mirroring and by other goals.",
                figures=figures,
                limits="Couch angles are seen only by the score. Beams must have the same grid. Plans of other sites, "
                "beam arrangements or goals than the training patients': the score is there to refuse them.",
            ),
        )


def _told(variety: Variety) -> str:
    """What the card says of it, after the slices and beams."""
    if variety == Variety():
        return ""
    windows = f", slices within {_listed(variety.windows_mm)} mm" if variety.windows_mm else ""
    return (
        f", with beamlets of {_listed(variety.beamlets_mm)} mm{windows}; {variety.columns_share:.0%} of them with "
        f"{variety.columns} columns of which none is excluded, {variety.goals_share:.0%} with prescribed doses, "
        "intervals and weights drawn over what users ask for (dh_training/goals.py)"
    )


def _listed(values: Sequence[float]) -> str:
    return ", ".join(f"{value:g}" for value in sorted(set(values)))


def _figures(task: WarmStartTask, samples: Sequence[Sample], of: str) -> dict[str, float]:
    """The loss, beside that of one weight for all beamlets."""
    if not samples:
        return {}
    flat = [float(task.divergence(sample, flat_weights(sample.problem.inputs))) for sample in samples]
    return {
        f"loss on {of}": float(np.mean([task.figure(sample) for sample in samples])),
        f"loss of a flat start on {of}": float(np.mean(flat)),
    }


def input_ranges(plans: list[ModelInputs]) -> dict[str, tuple[float, float]]:
    """Least and greatest value of every column of the tables and of every per-beamlet input, and the counts."""

    def of(values: Callable[[ModelInputs], npt.NDArray[np.float32] | float]) -> tuple[float, float]:
        return float(min(np.min(values(plan)) for plan in plans)), float(max(np.max(values(plan)) for plan in plans))

    ranges = table_ranges((plan.structures, plan.beams) for plan in plans)
    for name in ("structure_mean_dose", "structure_max_dose", "column_norm"):
        ranges[name] = of(lambda plan, name=name: getattr(plan, name))
    for axis, name in enumerate((*_PER_BEAMLET, "structures")):
        ranges[f"count_of_{name}"] = of(lambda plan, axis=axis: plan.structure_mean_dose.shape[axis])
    return ranges
