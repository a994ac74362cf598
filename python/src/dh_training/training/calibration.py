"""How wide the intervals of `convergence` must be, and how often they cover where they were not calibrated."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import torch

from dh_training.networks.convergence import ConvergenceNetwork
from dh_training.training.fit import TrainingError
from dh_training.training.stage_histories import StageHistory, patients_in

NOMINAL = (0.6827, 0.90, 0.95)
"""Shares of the central intervals. The first defines the standard deviation."""
_RESAMPLES = 2000

Errors = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Coverage:
    """How often a central interval covered the end, over all moments of patients that did not calibrate it."""

    nominal: float
    actual: float
    low: float
    """2.5 and 97.5 percentile of a bootstrap over patients."""
    high: float


def calibrate(network: ConvergenceNetwork, kept: Sequence[StageHistory]) -> tuple[float, ...]:
    """Makes the standard deviation the half width of the interval that covers 68.27 % of the moments of `kept`.

    The quantiles are those of the errors themselves, of no distribution. Returns the half widths of the intervals of
    `NOMINAL` in such standard deviations, the first of which is 1.
    """
    errors = np.concatenate(list(_standardised_errors(network, kept).values()))
    widths = np.quantile(errors, NOMINAL)
    network.deviation_scale.mul_(float(widths[0]))
    return tuple(float(width / widths[0]) for width in widths)


def cross_fitted_coverage(network: ConvergenceNetwork, kept: Sequence[StageHistory]) -> list[Coverage]:
    """Intervals calibrated on either half of the patients, judged on the other. TrainingError with fewer than two."""
    errors = _standardised_errors(network, kept)
    patients = list(errors)
    if len(patients) < 2:
        raise TrainingError(f"{len(patients)} patients to calibrate on; two are needed")
    halves = (patients[::2], patients[1::2])
    covered = {nominal: np.zeros((len(patients), 2)) for nominal in NOMINAL}
    for judged, calibrating in (halves, halves[::-1]):
        widths = np.quantile(np.concatenate([errors[one] for one in calibrating]), NOMINAL)
        for patient in judged:
            for nominal, width in zip(NOMINAL, widths, strict=True):
                inside = (errors[patient] <= width).sum()
                covered[nominal][patients.index(patient)] = (inside, len(errors[patient]))
    return [_with_interval(nominal, counts) for nominal, counts in covered.items()]


def share_within(network: ConvergenceNetwork, stages: Sequence[StageHistory], deviations: float) -> float:
    """Share of the moments whose end lay within so many standard deviations, as calibrated."""
    errors = np.concatenate(list(_standardised_errors(network, stages).values()))
    return float((errors <= deviations).mean())


def _with_interval(nominal: float, counts: npt.NDArray[np.float64]) -> Coverage:
    rng = np.random.default_rng(1)
    drawn = counts[rng.integers(len(counts), size=(_RESAMPLES, len(counts)))].sum(axis=1)
    low, high = np.quantile(drawn[:, 0] / drawn[:, 1], (0.025, 0.975))
    return Coverage(nominal, float(counts[:, 0].sum() / counts[:, 1].sum()), float(low), float(high))


def _standardised_errors(network: ConvergenceNetwork, stages: Sequence[StageHistory]) -> dict[str, Errors]:
    """Patient -> absolute errors of all moments in the network's standard deviations; patients sorted."""
    found: dict[str, list[Errors]] = {patient: [] for patient in patients_in(stages)}
    for stage in stages:
        with torch.no_grad():
            mean, deviation, _ = network(torch.from_numpy(stage.history), torch.from_numpy(stage.state))
        error = np.abs(stage.final_log10_ratio - mean.numpy()) / deviation.numpy()
        found[stage.patient].append(error.astype(np.float64))
    return {patient: np.concatenate(errors) for patient, errors in found.items()}
