"""What every training run shares: seeds, checkpoints, resuming, a log, the choice of the best state."""

from __future__ import annotations

import csv
import math
import random
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, Protocol, TypeVar

import numpy as np
import torch
from pydantic import NonNegativeFloat, NonNegativeInt, PositiveFloat, PositiveInt
from torch import nn
from tqdm import tqdm

from dh_training.shipped_weights import shipped_weights

Item = TypeVar("Item")
CHECKPOINT = "checkpoint.pt"
BEST = "best.pt"
LOG = "log.csv"


@dataclass(frozen=True)
class FitOptions:
    """How long and how fast."""

    steps: PositiveInt = 20_000
    """Optimizer steps; each takes `accumulate` samples."""
    accumulate: PositiveInt = 4
    learning_rate: PositiveFloat = 1e-3
    warm_up_steps: NonNegativeInt = 200
    clip_norm: PositiveFloat = 1.0
    weight_decay: NonNegativeFloat = 1e-4
    check_every: PositiveInt = 500
    """Steps between looks at the dev patients."""
    seed: int = 1
    threads: PositiveInt = 1


class TrainingError(RuntimeError):
    """Why a training run cannot start or go on, and what to do."""


class Task(Protocol, Generic[Item]):
    """What is trained: a network, its loss on one sample, its figure on a sample that it has not seen."""

    network: nn.Module

    def loss(self, item: Item, rng: np.random.Generator) -> torch.Tensor:
        """Scalar with a gradient."""
        ...

    def figure(self, item: Item) -> float:
        """Lower is better."""
        ...


def fit(task: Task[Item], train: Sequence[Item], dev: Sequence[Item], folder: Path, options: FitOptions) -> float:
    """Trains until the last step, resuming from `folder` when it holds a checkpoint. Returns the best dev figure.

    Leaves `best.pt` (state of the network), `checkpoint.pt` and `log.csv` in the folder. A resumed run ends with the
    weights of an uninterrupted one, bit for bit. TrainingError without items, and when the loss is no number any more.
    """
    if not train or not dev:
        raise TrainingError(f"{len(train)} items to train on and {len(dev)} to choose checkpoints by; both need some")
    torch.set_num_threads(options.threads)
    torch.manual_seed(options.seed)
    random.seed(options.seed)
    folder.mkdir(parents=True, exist_ok=True)
    optimizer = torch.optim.AdamW(
        task.network.parameters(), lr=options.learning_rate, weight_decay=options.weight_decay
    )
    state = _State.start(folder, task, optimizer)
    schedule = _cosine(options)
    items = _endless(train, options.seed, skip=state.step * options.accumulate)
    progress = tqdm(total=options.steps, initial=state.step, desc=folder.name, mininterval=5.0)
    total, clock = 0.0, time.monotonic()
    while state.step < options.steps:
        for group in optimizer.param_groups:
            group["lr"] = options.learning_rate * schedule(state.step)
        optimizer.zero_grad()
        for index in range(options.accumulate):
            rng = np.random.default_rng([options.seed, state.step, index])
            loss = task.loss(next(items), rng) / options.accumulate
            loss.backward()
            total += loss.item()
            if not math.isfinite(total):
                raise TrainingError(f"the loss is not finite at step {state.step}; lower fit.learning_rate, start anew")
        nn.utils.clip_grad_norm_(task.network.parameters(), options.clip_norm)
        optimizer.step()
        state.step += 1
        progress.update()
        if state.step % options.check_every == 0 or state.step == options.steps:
            figure = _mean_figure(task, dev)
            mean = total / ((state.step - 1) % options.check_every + 1)
            state.note(folder, task, optimizer, mean, figure, time.monotonic() - clock)
            progress.set_postfix(train=f"{mean:.4f}", dev=f"{figure:.4f}", best=f"{state.best:.4f}")
            total, clock = 0.0, time.monotonic()
    progress.close()
    return state.best


def take_weights(network: nn.Module, begin: Path) -> None:
    """Those of an earlier run's `best.pt` or of a package's `model.onnx`. TrainingError: not of this network."""
    try:
        stored = shipped_weights(begin) if begin.suffix == ".onnx" else torch.load(begin, map_location="cpu")["network"]
        network.load_state_dict(stored)
    except Exception as fault:  # a file that is no checkpoint fails in any way
        raise TrainingError(
            f"{begin}: no weights of this network ({fault}); give {BEST} of a run of this role, or model.onnx of its "
            "package, with the same `network`"
        ) from fault


@dataclass
class _State:
    step: int = 0
    best: float = math.inf

    @staticmethod
    def start(folder: Path, task: Task[Any], optimizer: torch.optim.Optimizer) -> _State:
        path = folder / CHECKPOINT
        if not path.exists():
            return _State()
        stored = torch.load(path, map_location="cpu")
        task.network.load_state_dict(stored["network"])
        optimizer.load_state_dict(stored["optimizer"])
        return _State(stored["step"], stored["best"])

    def note(
        self, folder: Path, task: Task[Any], optimizer: torch.optim.Optimizer, train: float, dev: float, seconds: float
    ) -> None:
        if dev < self.best:
            self.best = dev
            _save({"network": task.network.state_dict(), "step": self.step, "dev": dev}, folder / BEST)
        stored = {"network": task.network.state_dict(), "optimizer": optimizer.state_dict(), **vars(self)}
        _save(stored, folder / CHECKPOINT)
        log = folder / LOG
        is_new = not log.exists()
        with log.open("a", newline="") as file:
            writer = csv.writer(file)
            if is_new:
                writer.writerow(["step", "train", "dev", "best", "seconds"])
            writer.writerow([self.step, f"{train:.6f}", f"{dev:.6f}", f"{self.best:.6f}", f"{seconds:.1f}"])


def _save(stored: dict[str, Any], path: Path) -> None:
    torch.save(stored, path.with_suffix(".tmp"))
    path.with_suffix(".tmp").rename(path)


def _mean_figure(task: Task[Item], dev: Sequence[Item]) -> float:
    task.network.eval()
    with torch.no_grad():
        figures = [task.figure(item) for item in dev]
    task.network.train()
    return float(np.mean(figures))


def _endless(items: Sequence[Item], seed: int, skip: int) -> Iterator[Item]:
    """The items in a new order every time round, from where a stopped run left off."""
    epoch, at = divmod(skip, len(items))
    while True:
        order = np.random.default_rng([seed, epoch]).permutation(len(items))
        for index in order[at:]:
            yield items[index]
        epoch, at = epoch + 1, 0


def _cosine(options: FitOptions) -> Callable[[int], float]:
    def factor(step: int) -> float:
        if step < options.warm_up_steps:
            return (step + 1) / options.warm_up_steps
        share = (step - options.warm_up_steps) / max(1, options.steps - options.warm_up_steps)
        return 0.02 + 0.98 * 0.5 * (1 + math.cos(math.pi * share))

    return factor
