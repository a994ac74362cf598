"""Trains `convergence` causally: at every iteration of recorded runs, from what was known then, where it ended."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import numpy.typing as npt
import torch

from dh_training.golden import GOLDEN_PLANS, make_phantom
from dh_training.networks.convergence import HISTORY, ConvergenceNetwork, laplace_loss
from dh_training.networks.convergence_graph import ConvergenceGraph
from dh_training.packages import Arrays, Port
from dh_training.rtmodel import Iteration, Prescription, RtModelWrapper
from dh_training.training.calibration import Coverage, calibrate, cross_fitted_coverage, share_within
from dh_training.training.fit import FitOptions, TrainingError
from dh_training.training.role import CardFacts, Contents, Sources, Split
from dh_training.training.stage_histories import (
    LOOK_BACK,
    StageHistory,
    pack_history,
    patient_position,
    patients_in,
    read_stages,
)

CALIBRATION_SHARE = 0.2
"""Of the patients: kept from weights and checkpoints, to calibrate the intervals and to judge them."""


@dataclass(frozen=True)
class PatientMoments:
    """All stages of a patient, one after the other."""

    history: torch.Tensor
    """(moments, 10, 4)."""
    state: torch.Tensor
    """(moments, 6)."""
    wanted: torch.Tensor
    """(moments,): final_log10_ratio."""
    lengths: npt.NDArray[np.int64]
    """(stages,): moments of each."""

    @staticmethod
    def of(stages: Sequence[StageHistory]) -> PatientMoments:
        """At least one stage."""
        return PatientMoments(
            torch.from_numpy(np.concatenate([stage.history for stage in stages])),
            torch.from_numpy(np.concatenate([stage.state for stage in stages])),
            torch.from_numpy(np.concatenate([stage.final_log10_ratio for stage in stages])),
            np.array([len(stage.final_log10_ratio) for stage in stages]),
        )


@dataclass
class ConvergenceTask:
    """Likelihood of the end, at moments drawn from a patient's stages. Every stage counts alike, however long."""

    network: ConvergenceNetwork = field(default_factory=ConvergenceNetwork)
    moments: int = 12

    def loss(self, item: PatientMoments, rng: np.random.Generator) -> torch.Tensor:
        """Of moments drawn without regard to what comes after them."""
        drawn = rng.integers(item.lengths, size=(self.moments, len(item.lengths)))
        starts = np.cumsum(item.lengths) - item.lengths
        at = torch.from_numpy((starts + drawn).reshape(-1))
        mean, deviation = self.network.predict(item.history[at], item.state[at])
        return laplace_loss(mean, deviation, item.wanted[at])

    def figure(self, item: PatientMoments) -> float:
        """The same over all moments: the mean of the stages' means."""
        mean, deviation = self.network.predict(item.history, item.state)
        stages = zip(*(values.split(item.lengths.tolist()) for values in (mean, deviation, item.wanted)), strict=True)
        return float(np.mean([float(laplace_loss(*stage)) for stage in stages]))


def fit_distribution(network: ConvergenceNetwork, stages: Sequence[StageHistory]) -> None:
    """Teaches the network what it was trained on."""
    network.distribution.fit(np.concatenate([stage.questions for stage in stages]))


@dataclass(frozen=True)
class ConvergenceConfig:
    """The section `convergence` of a configuration."""

    version: str = "1"
    width: int = 64
    moments: int = 12
    """Iterations drawn from a stage at a time."""
    fit: FitOptions = field(
        default_factory=lambda: FitOptions(
            steps=8000, accumulate=4, learning_rate=3e-3, weight_decay=1e-3, check_every=500
        )
    )


_BACK = f"{', '.join(map(str, LOOK_BACK[:-1]))} and {LOOK_BACK[-1]}"
_INPUTS = (
    Port("history", ("batch", HISTORY, 4), f"the iterations {_BACK} back, oldest first; see docs/model-format.md"),
    Port("state", ("batch", 6), "level, log10 sigma, iteration / 100, log10 beamlets, stage, 1 for lbfgs"),
)
_OUTPUTS = (
    Port("final_log10_ratio", ("batch",), "log10(objective at the end of the stage / objective now), at most 0"),
    Port("standard_deviation", ("batch",), "half width of the central 68 % interval of final_log10_ratio"),
    Port("ood_score", ("batch",), "0 at the centre of the training runs, 1 at the refusal threshold"),
)


class ConvergenceRole:
    """Where a stage will end."""

    name = "convergence"
    plugin_role = "early-stopping"
    learns_from = "trajectories"
    config = ConvergenceConfig

    def task(self, config: ConvergenceConfig, device: str) -> ConvergenceTask:
        """With a fresh network. Small enough for the CPU, whatever the device."""
        del device
        return ConvergenceTask(ConvergenceNetwork(config.width), config.moments)

    def items(self, sources: Sources) -> Split[PatientMoments]:
        """Patients of recorded runs, split by their pseudonyms; those kept to calibrate are in neither part."""
        parts = _parts(sources)
        return Split(_by_patient(parts.train), _by_patient(parts.dev))

    def contents(self, task: ConvergenceTask, sources: Sources) -> Contents:
        """The network, calibrated on patients that neither fitted nor chose it."""
        parts = _parts(sources)
        network = task.network
        fit_distribution(network, parts.train)
        # Judged before the final calibration, which uses all of the patients kept for it.
        covered = cross_fitted_coverage(network, parts.kept)
        widths = calibrate(network, parts.kept)
        questions = np.concatenate([stage.questions for stage in parts.train])
        return Contents(
            model=ConvergenceGraph(network),
            inputs=_INPUTS,
            outputs=_OUTPUTS,
            batch_axis=0,
            golden=_golden(),
            ranges={
                name: (float(questions[:, at].min()), float(questions[:, at].max()))
                for at, name in enumerate(_QUESTION_COLUMNS)
            },
            patients=(len(patients_in(parts.train)), len(patients_in(parts.dev))),
            kept_patients=len(patients_in(parts.kept)),
            card=CardFacts(
                data=f"Recorded plans of each, {parts.count} stages in all.",
                purpose="The objective at the end of a stage and how sure that is. The plugin advises to stop when the "
                "gain still to come is surely small; the optimizer checks with iterations of its own.",
                network=f"A perceptron of three layers on ten iterations of the stage, those {_BACK} back, taken "
                "relative to the current one, and on the state of the stage. The out-of-distribution score is a "
                "Mahalanobis distance.",
                loss="Likelihood of the end under a Laplace distribution, causally: at moments drawn from recorded "
                "stages, from what was known then. The distribution serves to fit; the intervals come from quantiles "
                "of the absolute errors, in units of its width, on the patients kept for that. `standard_deviation` is "
                "half the central interval that covers 68.27 % of their moments; half the 90 % interval is "
                f"{widths[1]:.2f} times as wide and half the 95 % interval {widths[2]:.2f} times, since the tails are "
                "heavier than a normal distribution's.",
                figures=_figures(covered, network, parts),
                figures_of=f"On the {len(patients_in(parts.kept))} patients that neither fitted nor chose: intervals "
                "calibrated on one half of them and judged on the other, and the other way round; all moments of all "
                "stages count alike; bounds are a 95 % bootstrap over patients. The rest as calibrated on all of them:",
                limits="Learned from stages as the optimizer's own schedules run them. A change of solver, tolerance "
                "or schedule needs new runs. The coverage is that over all moments, not that of every moment.",
            ),
        )


def _by_patient(stages: Sequence[StageHistory]) -> list[PatientMoments]:
    return [
        PatientMoments.of([stage for stage in stages if stage.patient == patient]) for patient in patients_in(stages)
    ]


def _figures(covered: Sequence[Coverage], network: ConvergenceNetwork, parts: _Parts) -> dict[str, float]:
    figures: dict[str, float] = {}
    for one in covered:
        name = f"coverage of the central {100 * one.nominal:.0f} % interval"
        figures |= {name: one.actual, f"{name}, lower bound": one.low, f"{name}, upper bound": one.high}
    figures["share within two standard deviations"] = share_within(network, parts.kept, 2.0)
    for solver, flag in (("lbfgs", 1.0), ("dh", 0.0)):
        stages = [stage for stage in parts.kept if stage.state[0, 5] == flag]
        if stages:
            figures[f"share within one standard deviation, solver {solver}"] = share_within(network, stages, 1.0)
    return figures


@dataclass(frozen=True)
class _Parts:
    """Stages by what they are for; no patient is in two."""

    train: Sequence[StageHistory]
    dev: Sequence[StageHistory]
    kept: Sequence[StageHistory]
    """For calibration."""

    @property
    def count(self) -> int:
        return len(self.train) + len(self.dev) + len(self.kept)


def _parts(sources: Sources) -> _Parts:
    if sources.trajectories is None:
        raise TrainingError("convergence learns from recorded runs: give their folder with --trajectories")
    stages = read_stages(sources.trajectories)
    chosen_below = sources.options.dev_share
    kept_below = chosen_below + CALIBRATION_SHARE
    at = [patient_position(stage.patient) for stage in stages]
    parts = _Parts(
        train=[stage for stage, position in zip(stages, at, strict=True) if position >= kept_below],
        dev=[stage for stage, position in zip(stages, at, strict=True) if position < chosen_below],
        kept=[stage for stage, position in zip(stages, at, strict=True) if chosen_below <= position < kept_below],
    )
    if not parts.dev or not parts.train or len(patients_in(parts.kept)) < 2:
        raise TrainingError(
            f"{sources.trajectories}: {len(parts.train)} stages to train on, {len(parts.dev)} to choose checkpoints by "
            f"and {len(patients_in(parts.kept))} patients to calibrate on; stages of all kinds and two such patients "
            "are needed: record more runs (docs/trajectories.md)"
        )
    return parts


_QUESTION_COLUMNS = (
    *("log10_objective", "log10_gradient_norm", "gain", "mask"),
    *("level", "log10_sigma_gy", "iteration_of_100", "log10_beamlets", "stage", "is_lbfgs"),
)


def _golden() -> dict[str, Arrays]:
    """Moments of runs of phantoms: one question, and several at once."""
    golden: dict[str, Arrays] = {}
    model = RtModelWrapper()
    for name, plan in _golden_prescriptions(model):
        seen = _iterations(model, plan)
        stage = seen[-1].stage
        last = [one for one in seen if one.stage == stage]
        history = pack_history(np.array([one.objective for one in last]), np.array([one.gradient_norm for one in last]))
        state = np.array([[0, np.log10(2.5), i / 100, np.log10(plan.beamlets), stage, 1] for i in range(len(last))])
        at = [0, 3, len(last) // 2, len(last) - 1]
        golden[name] = {"history": history[at], "state": state[at].astype(np.float32)}
        golden[f"{name}-alone"] = {"history": history[at[1:2]], "state": state[at[1:2]].astype(np.float32)}
    return golden


def _golden_prescriptions(model: RtModelWrapper) -> Iterable[tuple[str, Prescription]]:
    for told in GOLDEN_PLANS[:2]:
        with TemporaryDirectory() as scratch:
            case = Path(scratch) / told.name
            make_phantom(told.kind, 1, case)
            yield told.name, model.create_prescription(case, beams=str(told.options.beam_count))


def _iterations(model: RtModelWrapper, plan: Prescription) -> list[Iteration]:
    optimizer = model.create_optimizer(plan, "lbfgs")
    seen: list[Iteration] = []
    model.optimize(optimizer, seen.append)
    return seen
