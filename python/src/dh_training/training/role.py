"""What a learned role is to the command `dh-train`: where its items come from, what is fitted, what is shipped."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Generic, Literal, Protocol, TypeVar, runtime_checkable

from torch import nn

from dh_training.corpus import CorpusOptions, split_patients
from dh_training.packages import Arrays, PackageError, Port, newest_version
from dh_training.training.fit import FitOptions, Item, Task, TrainingError


@dataclass(frozen=True)
class Sources:
    """What there is to learn from."""

    cases: Sequence[Path]
    """Plannable case folders of the training patients."""
    corpus: Path
    """Folder of the problems made from them."""
    options: CorpusOptions
    data_sha256: str
    """Over everything the problems are made from."""
    trajectories: Path | None = None
    """Folder of recorded runs, for the roles that learn from them."""
    measured: Path | None = None
    """Folder for the runs that roles measure themselves, one below it for each role."""
    models: Path | None = None
    """Folder of model packages, for the roles that build on another's."""
    begin: Path | None = None
    """`best.pt` of an earlier run of the role, or `model.onnx` of its package, whose weights training begins with."""

    @property
    def begun_with(self) -> str:
        """What tells readers of a card where training began, without a path of this machine; empty where it did not."""
        if self.begin is None:
            return ""
        return "/".join(self.begin.resolve().parts[-3:]) if self.begin.suffix == ".onnx" else self.begin.name

    def split(self) -> tuple[list[Path], list[Path]]:
        """Cases to train on, and to choose checkpoints by. CorpusError when either would be empty."""
        return split_patients(list(self.cases), self.options)

    def package_of(self, model: str) -> Path:
        """The newest package of a model that others begin from. TrainingError when it is not there."""
        if self.models is None:
            raise TrainingError(f"this role begins where {model} leads: give the folder of its package with --models")
        try:
            return newest_version(self.models, model)
        except PackageError as fault:
            raise TrainingError(f"{fault}; train {model} first, or put its package there") from fault

    @property
    def as_described(self) -> CorpusOptions:
        """Only the problem that a case itself describes."""
        return replace(self.options, variants=1)

    @property
    def to_choose_by(self) -> CorpusOptions:
        """The problems of the patients that choose checkpoints."""
        return replace(self.options, variants=self.options.dev_variants)


@dataclass(frozen=True)
class Split(Generic[Item]):
    """Items by what they are for; no patient is in both."""

    train: Sequence[Item]
    dev: Sequence[Item]


@dataclass(frozen=True)
class CardFacts:
    """What the model card says of this role alone."""

    purpose: str
    data: str
    """What there is of every patient."""
    network: str
    loss: str
    figures: Mapping[str, float]
    """Measured at export, by what they are."""
    limits: str
    figures_of: str = "On the patients that chose the checkpoint, so that these figures flatter; lower is better:"
    """What the figures are of; a sentence before them."""


@dataclass(frozen=True)
class Contents:
    """What a package is made of; see `dh_training.packages`."""

    model: nn.Module
    """Its outputs in the order of `outputs`, `ood_score` among them."""
    inputs: tuple[Port, ...]
    outputs: tuple[Port, ...]
    batch_axis: int | None
    golden: Mapping[str, Arrays]
    ranges: Mapping[str, tuple[float, float]]
    card: CardFacts
    patients: tuple[int, int]
    """Trained on, and chosen by."""
    weight_ceiling: float | None = None
    kept_patients: int = 0
    """Kept from both, for calibration."""


class RoleConfig(Protocol):
    """A role's section of the configuration: a frozen dataclass with what else the role needs."""

    @property
    def version(self) -> str:
        """Of the package: numbers and dots."""
        ...

    @property
    def fit(self) -> FitOptions:
        """How long and how fast."""
        ...


Config = TypeVar("Config", bound=RoleConfig)


class Role(Protocol, Generic[Config, Item]):
    """One learned role. Stateless."""

    name: str
    """Of the model, its plugin, the section of the configuration and the command."""
    plugin_role: str
    """As in docs/model-format.md, such as `initialization`."""
    learns_from: Literal["corpus", "trajectories", "runs"]
    """Problems in the corpus, recordings of a host, or runs that the role measures itself (`MeasuringRole`)."""
    config: type[Config]

    def task(self, config: Config, device: str) -> Task[Item]:
        """With a fresh network; torch's seed is set."""
        ...

    def items(self, sources: Sources) -> Split[Item]:
        """Loads what is trained on."""
        ...

    def contents(self, task: Task[Item], sources: Sources) -> Contents:
        """What to ship, of a task with its best weights."""
        ...


@runtime_checkable
class Measuring(Protocol):
    """A role that makes runs of the optimizer before it is trained."""

    def measure(self, config: Any, sources: Sources, jobs: int) -> list[str]:  # noqa: ANN401 - the role's own
        """Makes the runs that are missing below `sources.measured`. Returns a line for every problem without."""
        ...


class MeasuringRole(Measuring, Role[Config, Item], Protocol):
    """A role that learns from nothing but such runs."""

    def prepare(self, task: Task[Item], train: Sequence[Item]) -> None:
        """Before the first step: tells a fresh network the scales of what it will see."""
        ...
