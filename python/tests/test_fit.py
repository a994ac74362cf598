"""Training resumes to the bit, keeps its best state, and says when it cannot go on."""

import csv
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import nn

from dh_training.training.fit import BEST, CHECKPOINT, LOG, FitOptions, TrainingError, fit

OPTIONS = FitOptions(steps=12, accumulate=2, check_every=4, warm_up_steps=3, learning_rate=0.05)
ITEMS = [np.random.default_rng(seed).normal(size=3).astype(np.float32) for seed in range(5)]


class Line:
    """Fits a line with noise drawn from the step's generator. `interrupt_after` losses it is stopped."""

    def __init__(self, interrupt_after: int | None = None, figures: list[float] | None = None) -> None:
        torch.manual_seed(11)
        self.network = nn.Sequential(nn.Linear(3, 4), nn.Tanh(), nn.Linear(4, 1))
        self.left = interrupt_after
        self.figures = figures

    def loss(self, item: np.ndarray, rng: np.random.Generator) -> torch.Tensor:
        if self.left is not None:
            self.left -= 1
            if self.left < 0:
                raise KeyboardInterrupt
        noisy = item + rng.normal(size=3).astype(np.float32) * 0.1
        return (self.network(torch.from_numpy(noisy)) - float(item.sum())).square().sum()

    def figure(self, item: np.ndarray) -> float:
        if self.figures is not None:
            return self.figures.pop(0)
        return float((self.network(torch.from_numpy(item)) - float(item.sum())).square().sum())


def state_of(folder: Path) -> dict[str, torch.Tensor]:
    return torch.load(folder / CHECKPOINT)["network"]


# After the first check and before the second, in the middle of a step, and so that rounds of the items are cut.
@pytest.mark.parametrize("losses", [9, 16, 23])
def test_resumed_run_equals_an_uninterrupted_one_to_the_bit(tmp_path: Path, losses: int) -> None:
    best = fit(Line(), ITEMS, ITEMS[:2], tmp_path / "whole", OPTIONS)
    with pytest.raises(KeyboardInterrupt):
        fit(Line(losses), ITEMS, ITEMS[:2], tmp_path / "cut", OPTIONS)
    assert fit(Line(), ITEMS, ITEMS[:2], tmp_path / "cut", OPTIONS) == best
    whole, cut = state_of(tmp_path / "whole"), state_of(tmp_path / "cut")
    assert whole.keys() == cut.keys()
    for name in whole:
        assert torch.equal(whole[name], cut[name]), name
    logs = [list(csv.DictReader((tmp_path / run / LOG).open())) for run in ("whole", "cut")]
    keys = ("step", "train", "dev", "best")
    assert [[row[key] for key in keys] for row in logs[0]] == [[row[key] for key in keys] for row in logs[1]]


def test_finished_run_is_not_trained_again(tmp_path: Path) -> None:
    best = fit(Line(), ITEMS, ITEMS[:1], tmp_path, OPTIONS)
    assert fit(Line(interrupt_after=0), ITEMS, ITEMS[:1], tmp_path, OPTIONS) == best


def test_best_state_is_kept_not_the_last(tmp_path: Path) -> None:
    assert fit(Line(figures=[3.0, 1.0, 2.0]), ITEMS, ITEMS[:1], tmp_path, OPTIONS) == 1.0
    stored = torch.load(tmp_path / BEST)
    assert (stored["step"], stored["dev"]) == (8, 1.0)
    last = state_of(tmp_path)
    assert any(not torch.equal(stored["network"][name], last[name]) for name in last)


def test_learns(tmp_path: Path) -> None:
    task = Line()
    before = np.mean([task.figure(item) for item in ITEMS])
    options = FitOptions(steps=200, accumulate=2, check_every=100, warm_up_steps=3, learning_rate=0.02)
    assert fit(task, ITEMS, ITEMS, tmp_path, options) < 0.1 * before


def test_other_seeds_give_other_weights(tmp_path: Path) -> None:
    for seed in (1, 2):
        fit(Line(), ITEMS, ITEMS[:1], tmp_path / str(seed), FitOptions(**{**vars(OPTIONS), "seed": seed}))
    one, other = state_of(tmp_path / "1"), state_of(tmp_path / "2")
    assert any(not torch.equal(one[name], other[name]) for name in one)


def test_last_mean_of_the_log_counts_its_own_steps_only(tmp_path: Path) -> None:
    class Constant(Line):
        def loss(self, item: np.ndarray, rng: np.random.Generator) -> torch.Tensor:
            return 0.0 * super().loss(item, rng) + 5.0

    fit(Constant(), ITEMS, ITEMS[:1], tmp_path, FitOptions(steps=5, accumulate=1, check_every=3))
    rows = list(csv.DictReader((tmp_path / LOG).open()))
    assert [(row["step"], float(row["train"])) for row in rows] == [("3", 5.0), ("5", 5.0)]


def test_lost_loss_ends_the_run_and_leaves_the_last_good_checkpoint(tmp_path: Path) -> None:
    class Diverging(Line):
        steps = 0

        def loss(self, item: np.ndarray, rng: np.random.Generator) -> torch.Tensor:
            self.steps += 1
            return super().loss(item, rng) * (float("nan") if self.steps > 13 else 1.0)

    with pytest.raises(TrainingError, match=r"not finite at step 6; lower fit\.learning_rate"):
        fit(Diverging(), ITEMS, ITEMS[:1], tmp_path, OPTIONS)
    assert torch.load(tmp_path / CHECKPOINT)["step"] == 4


@pytest.mark.parametrize(("train", "dev"), [([], ITEMS), (ITEMS, [])])
def test_nothing_to_train_on_is_said(tmp_path: Path, train: list[np.ndarray], dev: list[np.ndarray]) -> None:
    with pytest.raises(TrainingError, match="both need some"):
        fit(Line(), train, dev, tmp_path, OPTIONS)
